import type { Datapoint, MetricReading, MissingReason } from '../capacity.ts';
import type { MetricScope, MetricSpec } from '../metric.ts';
import { type Instant, plusSeconds, secondsBetween } from '../time.ts';
import type { Proposal, Sight } from './proposal.ts';

/** How far ahead of the controller's clock a datapoint may be stamped before it is not believed, in seconds. */
const CLOCK_SKEW_SECONDS = 60;

/** A metric that can be used: one finite value, zero or more, of a period that has not gone stale. */
export interface Seen {
  readonly kind: 'value';
  readonly value: number;
  /** Beginning of its period. */
  readonly at: Instant;
  /** Earlier datapoints, newest first. */
  readonly earlier: readonly Datapoint[];
}

/** A metric that cannot be used, and why. */
export type Unseen = Extract<MetricReading, { kind: 'missing' }>;

/** Values of single units. */
export type Apart = Extract<MetricReading, { kind: 'samples' }>;

const unseen = (reason: MissingReason, detail: string): Unseen => ({ kind: 'missing', reason, detail });

/**
 * The reading of a metric that any strategy may use, or why it may not: one value, those of several units added up for a
 * total and averaged otherwise.
 */
export function readingOf(metric: MetricSpec, scope: MetricScope, sight: Sight): Seen | Unseen {
  const reading = checkedReading(metric, scope, sight);
  return reading.kind === 'samples' ? together(reading, scope) : reading;
}

/** Like {@link readingOf}, with the values of single units left apart and unchecked: the reader judges each. */
export function checkedReading(metric: MetricSpec, scope: MetricScope, sight: Sight): Seen | Unseen | Apart {
  const { capacity, metrics, units } = sight.snapshot;
  const reading = metrics[metric.id] ?? unseen('read-failed', 'the metric was not read');
  // Units that are told apart speak for themselves, the ready and the unready ones.
  const isApart = reading.kind === 'samples' && units !== null;
  // With every unit down an average would speak for a cut in the worst moment.
  if (!isApart && scope === 'average' && sight.size > 0 && capacity.ready === 0) {
    return unseen('no-units-ready', 'no unit serves, so an average over units says nothing');
  }
  if (reading.kind === 'missing') return zeroWhereAsked(metric, reading, sight.now);
  const fault = faultOf(reading, metric, sight.now);
  if (fault !== null) return zeroWhereAsked(metric, fault, sight.now);
  if (reading.kind === 'samples') return reading;
  const { value, at, earlier = [] } = reading;
  return { kind: 'value', value, at, earlier };
}

/** The proposal of a strategy that cannot see a metric. `from` is the id of the strategy: that of the metric unless given. */
export const blindTo = (metric: MetricSpec, reading: Unseen, from: string = metric.id): Proposal => ({
  kind: 'blind',
  from,
  step: missingStep(metric, reading),
});

/** The line of the trace that says which metric is missing, and why. */
export const missingStep = ({ id, label }: MetricSpec, { reason, detail }: Unseen) =>
  ({ step: 'missing', metric: id, label, reason, detail }) as const;

function faultOf(
  reading: Exclude<MetricReading, Unseen>,
  { periodSeconds, staleAfterSeconds }: MetricSpec,
  now: Instant,
): Unseen | null {
  const fault = reading.kind === 'value' ? valueFault(reading.value) : null;
  if (fault !== null) return fault;
  const ahead = secondsBetween(now, reading.at);
  if (ahead > CLOCK_SKEW_SECONDS) return unseen('future', `it is of ${Math.ceil(ahead)} s ahead`);
  // Counted from the end of its period: a datapoint of five minutes is five minutes old by its stamp when it is complete.
  const age = secondsBetween(plusSeconds(reading.at, periodSeconds), now);
  return age > staleAfterSeconds
    ? unseen('stale', `it is ${Math.round(age)} s old; the limit is ${staleAfterSeconds} s`)
    : null;
}

function valueFault(value: number): Unseen | null {
  if (!Number.isFinite(value)) return unseen('not-a-number', `the value is ${value}`);
  return value < 0 ? unseen('negative', `the value is ${value}`) : null;
}

/** Whether a value can be one of a load, a length or a rate. */
export const isUsable = (value: number): boolean => valueFault(value) === null;

/**
 * Zero for a metric that disappears is the author's explicit choice; a failed read is no disappearance. It has been zero
 * for as long as nothing was heard: of a stale metric that is known for the limit alone.
 */
function zeroWhereAsked(metric: MetricSpec, fault: Unseen, now: Instant): Seen | Unseen {
  const gone = fault.reason === 'no-data' || fault.reason === 'stale';
  if (!gone || metric.whenMissing !== 'zero') return fault;
  const { historySeconds, staleAfterSeconds, periodSeconds } = metric;
  const silence = fault.reason === 'stale' ? Math.min(historySeconds, staleAfterSeconds) : historySeconds;
  const at = plusSeconds(now, -periodSeconds);
  const earlier = Array.from({ length: Math.floor(silence / periodSeconds) }, (_, back) => ({
    at: plusSeconds(at, -(back + 1) * periodSeconds),
    value: 0,
  }));
  return { kind: 'value', value: 0, at, earlier };
}

/** Values of single units as one: their sum for a total, their mean otherwise. */
export function together({ samples, at }: Apart, scope: MetricScope): Seen | Unseen {
  if (samples.length === 0) return unseen('no-data', 'no unit reported a value');
  const sum = samples.reduce((total, { value }) => total + value, 0);
  const fault = samples.map(({ value }) => valueFault(value)).find((found) => found !== null) ?? null;
  return fault ?? { kind: 'value', value: scope === 'total' ? sum : sum / samples.length, at, earlier: [] };
}
