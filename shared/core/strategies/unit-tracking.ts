import type { MetricReading, MissingReason, UnitSample, UnitState } from '../capacity.ts';
import type { TrackingProposal } from '../decision.ts';
import { groupUnits, type Measured, type UnitGroups } from '../hpa/group-units.ts';
import { fromMilli, milli, sumOf } from '../hpa/int-arithmetic.ts';
import { perUnitRules } from '../hpa/per-unit-rules.ts';
import { sharedReplicas, type TotalAnswer, valueReplicas } from '../hpa/total-replicas.ts';
import { unitReplicas } from '../hpa/unit-replicas.ts';
import type { CalculationError } from '../hpa/usage.ts';
import type { PerUnitRules, TargetTrackingStrategy } from '../policy.ts';
import type { Sight } from './proposal.ts';

type Samples = Extract<MetricReading, { kind: 'samples' }>;

/** What the units say, in the terms of a proposal; or why they cannot be heard. */
export type UnitOpinion =
  | { readonly kind: 'missing'; readonly reason: MissingReason; readonly detail: string }
  | ({ readonly kind: 'opinion' } & Pick<
      TrackingProposal,
      'value' | 'ready' | 'exact' | 'wish' | 'verdict' | 'units' | 'carried'
    >);

/** Target tracking over single units, with the replica calculator of `autoscaling/v2`. */
export function trackUnits(
  strategy: TargetTrackingStrategy,
  sight: Sight,
  units: readonly UnitState[],
  reading: Samples,
): UnitOpinion {
  const rules = perUnitRules(strategy);
  const given = reading.samples.filter(({ value }) => Number.isFinite(value) && value >= 0);
  const samples = measured(given, reading, strategy.metric.periodSeconds);
  const gate = rules.gatesOnReadiness ? rules : null;
  if (rules.kind === 'value' || strategy.scope === 'total') {
    return ofTotal(strategy, sight, units, samples, groupUnits(units, samples, gate, sight.now));
  }
  const utilization = rules.kind === 'utilization';
  const answer = unitReplicas({
    size: sight.size,
    units,
    samples,
    requests: utilization ? requestsOf(reading, units) : null,
    target: utilization ? BigInt(Math.round(strategy.target)) : milli(strategy.target),
    tolerance: strategy.tolerance,
    gate,
    now: sight.now,
  });
  if (answer.kind === 'error') return { kind: 'missing', ...whyMissing(answer.error, answer.groups) };
  const { seen, ratio, multiplier, groups, holds, size } = answer;
  return {
    kind: 'opinion',
    value: seen.utilization ?? fromMilli(seen.usage),
    ready: multiplier,
    exact: ratio * multiplier,
    wish: size,
    verdict: verdictOf(ratio, holds),
    units: countsOf(groups, ratio),
    carried: null,
  };
}

/** Samples by unit; those of nothing known get a name of their own, so that they count where they count upstream. */
function measured(
  samples: readonly UnitSample[],
  reading: Samples,
  periodSeconds: number,
): ReadonlyMap<string, Measured> {
  return new Map(
    samples.map(({ unit, value, at, windowSeconds }, index) => [
      unit ?? `#${index}`,
      { value: milli(value), at: at ?? reading.at, windowSeconds: windowSeconds ?? periodSeconds },
    ]),
  );
}

const HUNDRED_PERCENT = milli(100);

function requestsOf({ requests }: Samples, units: readonly UnitState[]): ReadonlyMap<string, bigint | null> {
  if (requests === undefined) return new Map(units.map(({ id }) => [id, HUNDRED_PERCENT]));
  return new Map(
    Object.entries(requests).map(([id, request]) => [id, request === null ? null : milli(request)]),
  );
}

/** One number for all units together: a share for each, or a value that answers in proportion to the units that serve. */
function ofTotal(
  strategy: TargetTrackingStrategy,
  { size, snapshot }: Sight,
  units: readonly UnitState[],
  samples: ReadonlyMap<string, Measured>,
  groups: UnitGroups,
): UnitOpinion {
  if (samples.size === 0) return { kind: 'missing', ...whyMissing('noSamples', groups) };
  const total = sumOf([...samples.values()].map(({ value }) => value));
  const question = { total, target: milli(strategy.target), tolerance: strategy.tolerance };
  const answer: TotalAnswer | null =
    strategy.scope === 'total'
      ? sharedReplicas(question, snapshot.capacity.running)
      : valueReplicas(question, size, units);
  if (answer === null) return { kind: 'missing', ...whyMissing('noMatchingPods', groups) };
  const value = fromMilli(total);
  return {
    kind: 'opinion',
    value,
    ready: answer.multiplier,
    exact: (strategy.scope === 'total' ? value : value * answer.multiplier) / strategy.target,
    wish: answer.size,
    verdict: verdictOf(answer.ratio, answer.holds),
    units: countsOf(groups, answer.ratio),
    carried: strategy.scope === 'total' ? value : null,
  };
}

const verdictOf = (ratio: number, holds: boolean): TrackingProposal['verdict'] =>
  holds ? 'within-tolerance' : ratio > 1 ? 'above' : 'below';

const countsOf = (
  { ready, unready, missing, ignored }: UnitGroups,
  ratio: number,
): TrackingProposal['units'] => ({
  ready,
  unready: unready.length,
  missing: missing.length,
  ignored: ignored.length,
  // With no unit that runs there is a load and nobody to share it: no ratio that could be written down.
  ratio: Number.isFinite(ratio) ? ratio : 0,
});

function whyMissing(
  error: CalculationError,
  { unready, missing }: UnitGroups,
): { readonly reason: MissingReason; readonly detail: string } {
  switch (error) {
    case 'missingRequest':
      return { reason: 'partial-data', detail: 'a unit does not say what it has in all' };
    case 'noMatchingPods':
      return { reason: 'no-data', detail: 'no sample is of a unit that is known' };
    default:
      return unready.length > 0
        ? {
            reason: 'no-units-ready',
            detail: `no unit that serves has a sample (${unready.length} not ready, ${missing.length} without a sample)`,
          }
        : { reason: 'no-data', detail: 'no unit has a sample' };
  }
}
