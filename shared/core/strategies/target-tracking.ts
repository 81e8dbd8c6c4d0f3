import type { MetricReading } from '../capacity.ts';
import type { ProposalVerdict, Step, TrackingProposal } from '../decision.ts';
import type { TargetTrackingStrategy } from '../policy.ts';
import { instant } from '../time.ts';
import { unitsThen } from '../units-then.ts';
import type { Proposal, Sight } from './proposal.ts';
import { asOneValue, type Told, trackUnits, type Unheard } from './unit-tracking.ts';

type Value = Extract<MetricReading, { kind: 'value' }>;

/**
 * Target tracking: the size at which the metric would stand on its target.
 * For an average over units, wish = units × value / target, with the units that served when it was measured; for a total,
 * wish = value / target; both rounded up. Where units report one by one, autoscaling/v2's replica calculator answers.
 */
export function proposeTargetTracking(strategy: TargetTrackingStrategy, sight: Sight): Proposal {
  const { metric, scope, target, tolerance } = strategy;
  const opinion = opinionOf(strategy, sight);
  if (opinion.kind === 'missing') {
    const { reason, detail } = opinion;
    const step: Step = { step: 'missing', metric: metric.id, label: metric.label, reason, detail };
    return { kind: 'blind', from: metric.id, step };
  }
  const { kind: _, ...numbers } = withActivation(opinion, strategy, sight);
  const step: TrackingProposal = {
    step: 'proposal',
    strategy: 'target-tracking',
    metric: metric.id,
    label: metric.label,
    unit: metric.unit,
    scope,
    target,
    size: sight.size,
    outAbove: target * (1 + tolerance.out),
    ...numbers,
  };
  return { kind: 'wish', from: metric.id, wish: step.wish, step };
}

function opinionOf(strategy: TargetTrackingStrategy, sight: Sight): Told | Unheard {
  const { metrics, units, capacity } = sight.snapshot;
  const { metric, scope } = strategy;
  const given = metrics[metric.id] ?? NOT_READ;
  if (given.kind === 'samples' && units !== null) return trackUnits(strategy, sight, units, given.samples);
  if (scope === 'average' && sight.size > 0 && capacity.ready === 0) return NOBODY_SERVES;
  const reading = checked(given.kind === 'samples' ? asOneValue(scope, given) : given, metric.whenMissing);
  return reading.kind === 'missing' ? reading : trackValue(strategy, sight, reading);
}

/** A value that cannot be one is missing, and never zero unless the author chose so. */
function checked(
  reading: Value | Unheard,
  whenMissing: TargetTrackingStrategy['metric']['whenMissing'],
): Value | Unheard {
  if (reading.kind === 'value') {
    const usable = Number.isFinite(reading.value) && reading.value >= 0;
    return usable
      ? reading
      : { kind: 'missing', reason: 'not-a-number', detail: `the value is ${reading.value}` };
  }
  // A failed read is no disappearance.
  const gone = reading.reason === 'no-data' || reading.reason === 'stale';
  return gone && whenMissing === 'zero' ? { kind: 'value', value: 0, at: instant(0) } : reading;
}

function trackValue(
  strategy: TargetTrackingStrategy,
  { snapshot, state, size, now }: Sight,
  { value, at }: Value,
): Told {
  const datapoint = { at, periodSeconds: strategy.metric.periodSeconds };
  // At zero an average speaks of units that are gone on purpose: it must not call them back.
  const ready =
    size === 0 ? snapshot.capacity.ready : unitsThen(state, snapshot.capacity.ready, datapoint, now);
  const carried = strategy.scope === 'average' ? ready * value : value;
  return { kind: 'opinion', value, ready, carried, units: null, ...track(strategy, value, ready, size) };
}

/** A total that does not exceed the activation threshold needs no unit where none is allowed. */
function withActivation(
  opinion: Told,
  { scope, activation }: TargetTrackingStrategy,
  { size, min }: Sight,
): Told {
  const asked = scope !== 'total' || opinion.value > activation || (size > 0 && min > 0);
  if (asked || opinion.wish === 0) return opinion;
  return { ...opinion, wish: 0, verdict: 'below', activation };
}

const NOT_READ: Unheard = {
  kind: 'missing',
  reason: 'read-failed',
  detail: 'the metric was not read',
};

// With every unit down the wish would be 0 × value / target = 0: a cut in the worst moment.
const NOBODY_SERVES: Unheard = {
  kind: 'missing',
  reason: 'no-units-ready',
  detail: 'no unit serves, so an average over units says nothing',
};

function track(strategy: TargetTrackingStrategy, value: number, ready: number, size: number) {
  const { target, tolerance, scope } = strategy;
  // Multiplied before divided: 25 × 110 / 50 is 55, while 110 / 50 × 25 is 55.00000000000001 and rounds up to 56.
  const exact = (scope === 'average' ? ready * value : value) / target;
  const outcome = (verdict: ProposalVerdict, wish: number) => ({ exact, wish, verdict });
  const rounded = Math.ceil(exact);
  // From zero there is no band: any load needs a unit, as in autoscaling/v2.
  if (size === 0) return outcome(rounded > 0 ? 'above' : 'below', rounded);
  const ratio = scope === 'average' ? value / target : value / (target * size);
  if (ratio >= 1 - tolerance.in && ratio <= 1 + tolerance.out) return outcome('within-tolerance', size);
  if (ratio < 1) return outcome('below', Math.min(rounded, size));
  // Units on their way carry nothing yet; if the load fits once they serve, nothing more is needed.
  const covered = ready < size && exact / size <= 1 + tolerance.out;
  return covered ? outcome('covered-by-pending', size) : outcome('above', rounded);
}
