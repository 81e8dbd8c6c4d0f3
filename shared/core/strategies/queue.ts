import type { MissingStep, ProposalVerdict, QueueProposal } from '../decision.ts';
import type { MetricSpec } from '../metric.ts';
import { ceilOf } from '../rounding.ts';
import type { QueueStrategy } from '../strategy.ts';
import { growthBase, verdictOf } from './change.ts';
import type { Proposal, Sight } from './proposal.ts';
import { blindTo, missingStep, readingOf, type Seen, type Unseen } from './reading.ts';
import { sustained } from './sustained.ts';

/** A metric beside the queue's length that cannot be used. */
interface Lack {
  readonly kind: 'missing';
  readonly metric: MetricSpec;
  readonly reading: Unseen;
}

/** What is known of a queue and its workers. */
interface Known {
  readonly length: Seen;
  /** Messages that one worker may have waiting. */
  readonly perWorker: number | Lack;
  /** Mean memory of a worker; null where it plays no part. */
  readonly memory: number | Lack | null;
}

type Because = QueueProposal['because'];

/**
 * Workers for a queue: its length divided by what one worker may have waiting. Memory pressure asks for one more; a cut
 * waits until the queue has been idle and memory is low. What is missing beside the length stops a cut, not growth.
 */
export function proposeQueue(strategy: QueueStrategy, sight: Sight): Proposal {
  const { metric } = strategy;
  const length = readingOf(metric, 'total', sight);
  if (length.kind === 'missing') return blindTo(metric, length);
  const known = { length, perWorker: perWorkerOf(strategy, sight), memory: memoryOf(strategy, sight) };
  const wanted = wantedFrom(strategy, known, sight);
  if ('kind' in wanted) return blindTo(wanted.metric, wanted.reading, metric.id);
  return answer(strategy, known, wanted, sight);
}

function answer(
  strategy: QueueStrategy,
  { length, perWorker, memory }: Known,
  wanted: Wanted,
  { size }: Sight,
): Proposal {
  const { metric } = strategy;
  const { wish, exact, because } = wanted;
  const each = typeof perWorker === 'number' ? perWorker : null;
  const missing = [perWorker, memory].flatMap(asMissing);
  return {
    kind: 'wish',
    from: metric.id,
    wish,
    ...(missing.length > 0 ? { missing } : {}),
    step: {
      step: 'proposal',
      strategy: 'queue',
      metric: metric.id,
      label: metric.label,
      unit: metric.unit,
      scope: 'total',
      value: length.value,
      size,
      perWorker: each,
      exact,
      wish,
      memory: typeof memory === 'number' ? memory : null,
      because,
      verdict: verdictFor(strategy, length, wanted, size),
      carried: length.value,
      outAbove: each,
    },
  };
}

function verdictFor(
  { in: idle }: QueueStrategy,
  length: Seen,
  { wish, because }: Wanted,
  size: number,
): ProposalVerdict {
  switch (because) {
    case 'not-idle-yet':
    case 'memory-not-low':
      // A cut that waits for time or memory is no rest: the alarm on a short queue may be red already.
      return length.value <= idle.queueLength ? 'below' : 'within-tolerance';
    case 'memory-high':
      return wish === size ? 'covered-by-pending' : 'above';
    case 'backlog':
    case 'memory-shared':
    case 'activation':
      return verdictOf(wish, size);
  }
}

const asMissing = (part: number | Lack | null): readonly MissingStep[] =>
  part === null || typeof part === 'number' ? [] : [missingStep(part.metric, part.reading)];

function perWorkerOf({ backlogPerWorker: backlog }: QueueStrategy, sight: Sight): number | Lack {
  if (backlog.kind === 'fixed') return backlog.messages;
  const { targetLatencySeconds, concurrency, execution } = backlog;
  if (execution.kind === 'fixed') return (targetLatencySeconds / execution.seconds) * concurrency;
  const { metric } = execution;
  const reading = readingOf(metric, 'independent', sight);
  if (reading.kind === 'missing') return { kind: 'missing', metric, reading };
  const each = (targetLatencySeconds / reading.value) * concurrency;
  if (Number.isFinite(each)) return each;
  const detail = `an execution time of ${reading.value} says nothing of what a worker can finish`;
  return { kind: 'missing', metric, reading: { kind: 'missing', reason: 'not-a-number', detail } };
}

function memoryOf({ memory }: QueueStrategy, sight: Sight): number | Lack | null {
  // Without workers there is no memory to look at, and none is missing.
  if (memory === null || sight.size === 0) return null;
  const reading = readingOf(memory.metric, 'average', sight);
  return reading.kind === 'value' ? reading.value : { kind: 'missing', metric: memory.metric, reading };
}

interface Wanted {
  readonly wish: number;
  readonly exact: number | null;
  readonly because: Because;
}

/** The wish, or what is lacking where nothing can be said without it. */
function wantedFrom(strategy: QueueStrategy, known: Known, sight: Sight): Wanted | Lack {
  const { length, perWorker } = known;
  if (sight.size === 0) return fromZero(strategy, known);
  const pressed = pressedBy(strategy, known, sight);
  if (typeof perWorker !== 'number') {
    return pressed === null ? perWorker : { wish: pressed, exact: null, because: 'memory-high' };
  }
  const exact = length.value / perWorker;
  const workers = ceilOf(exact);
  if (pressed !== null && pressed > workers) return { wish: pressed, exact, because: 'memory-high' };
  if (workers >= sight.size) return { wish: workers, exact, because: 'backlog' };
  const holds = holdsCut(strategy, known);
  if (holds !== null) return { wish: sight.size, exact, because: holds };
  return cutTo(strategy, known, sight, exact);
}

/** How far an idle queue allows a cut. */
function cutTo(strategy: QueueStrategy, known: Known, sight: Sight, exact: number): Wanted {
  const workers = ceilOf(exact);
  // The last worker is not needed at or below the activation; more are never taken away at once for it.
  const unneeded = workers <= 1 && known.length.value <= strategy.activation;
  if (sight.min === 0 && unneeded)
    return { wish: 0, exact, because: workers === 0 ? 'backlog' : 'activation' };
  const carrying = Math.min(sight.size, carriers(strategy, known, sight));
  return carrying > workers
    ? { wish: carrying, exact, because: 'memory-shared' }
    : { wish: workers, exact, because: 'backlog' };
}

// With no worker nothing is executed, so there may be no execution time either: the first worker needs none.
function fromZero({ activation }: QueueStrategy, { length, perWorker }: Known): Wanted {
  const active = length.value > activation;
  const exact = typeof perWorker === 'number' ? length.value / perWorker : null;
  if (active && exact !== null) return { wish: ceilOf(exact), exact, because: 'backlog' };
  return { wish: active ? 1 : 0, exact, because: 'activation' };
}

/** The size that memory pressure asks for, or null where there is none. */
function pressedBy({ memory }: QueueStrategy, known: Known, sight: Sight): number | null {
  const high = memory !== null && typeof known.memory === 'number' && known.memory > memory.above;
  return high ? Math.max(sight.size, growthBase(sight) + 1) : null;
}

/** The workers that keep memory at its limit when they share what all of them hold now: fewer would be asked back at once. */
const carriers = ({ memory }: QueueStrategy, known: Known, { snapshot }: Sight): number =>
  memory === null || typeof known.memory !== 'number'
    ? 0
    : ceilOf((snapshot.capacity.ready * known.memory) / memory.above);

function holdsCut(strategy: QueueStrategy, { length, memory }: Known): Because | null {
  const { queueLength, idleSeconds } = strategy.in;
  const idle = sustained(length, strategy.metric.periodSeconds, idleSeconds, (value) => value <= queueLength);
  if (!idle.whole) return 'not-idle-yet';
  const low = strategy.memory === null || (typeof memory === 'number' && memory < strategy.memory.below);
  return low ? null : 'memory-not-low';
}
