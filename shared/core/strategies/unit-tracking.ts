import type { UnitSample, UnitState } from '../capacity.ts';
import type { TrackingProposal } from '../decision.ts';
import { groupUnits, type UnitGroups } from '../hpa/group-units.ts';
import { fromMilli, milli, sumOf } from '../hpa/int-arithmetic.ts';
import { perUnitRules } from '../hpa/per-unit-rules.ts';
import { sharedReplicas, type TotalAnswer, valueReplicas } from '../hpa/total-replicas.ts';
import { type UnitGoal, unitReplicas } from '../hpa/unit-replicas.ts';
import type { CalculationError } from '../hpa/usage.ts';
import type { PerUnitRules, TargetTrackingStrategy } from '../strategy.ts';
import type { Sight } from './proposal.ts';
import { isUsable, type Unseen } from './reading.ts';

/** An opinion about the size, in the terms of a proposal. */
export type Told = { readonly kind: 'opinion' } & Pick<
  TrackingProposal,
  'value' | 'ready' | 'exact' | 'wish' | 'verdict' | 'units' | 'carried' | 'activation'
>;

/** Target tracking over single units, with the replica calculator of `autoscaling/v2`. */
export function trackUnits(
  strategy: TargetTrackingStrategy,
  sight: Sight,
  units: readonly UnitState[],
  given: readonly UnitSample[],
): Told | Unseen {
  const rules = perUnitRules(strategy);
  const samples = byUnit(given);
  const gate = rules.gatesOnReadiness ? rules : null;
  if (rules.kind === 'value' || strategy.scope === 'total') {
    return ofTotal(strategy, sight, units, samples);
  }
  const { size } = sight;
  const goal = goalOf(strategy, rules, units);
  const answer = unitReplicas({ size, units, samples, goal, tolerance: strategy.tolerance, gate });
  if (answer.kind === 'error') return whyMissing(answer.error, answer.groups);
  const { seen, ratio, multiplier, groups } = answer;
  return {
    kind: 'opinion',
    value: seen.utilization ?? fromMilli(seen.usage),
    ready: multiplier,
    exact: ratio * multiplier,
    wish: answer.size,
    verdict: verdictOf(size, answer),
    units: countsOf(groups, ratio),
    carried: null,
  };
}

/** Samples in milli-units; those of nothing known get a name of their own, so that they count where they count upstream. */
const byUnit = (samples: readonly UnitSample[]): ReadonlyMap<string, bigint> =>
  new Map(
    samples
      // A sample that cannot be one is a missing one.
      .filter(({ value }) => isUsable(value))
      .map(({ unit, value }, index) => [unit ?? `#${index}`, milli(value)]),
  );

function goalOf(
  { target, metric }: TargetTrackingStrategy,
  { kind }: PerUnitRules,
  units: readonly UnitState[],
): UnitGoal {
  if (kind !== 'utilization') return { kind: 'average', value: milli(target) };
  // A metric in percent needs no request: each unit has a hundred.
  const requests = units.map(({ id, requests: { [metric.id]: request = 100 } }) => {
    return [id, request === null ? null : milli(request)] as const;
  });
  return { kind, percent: target, requests: new Map(requests) };
}

/** One number for all units together: a share for each, or a value that answers in proportion to the units that serve. */
function ofTotal(
  strategy: TargetTrackingStrategy,
  { size, snapshot }: Sight,
  units: readonly UnitState[],
  samples: ReadonlyMap<string, bigint>,
): Told | Unseen {
  // No unit is without a sample of its own here: none has one.
  const groups = groupUnits(units, new Set(units.map(({ id }) => id)), null);
  if (samples.size === 0) return whyMissing('noSamples', groups);
  const total = sumOf(samples.values());
  const question = { total, target: milli(strategy.target), tolerance: strategy.tolerance };
  const answer: TotalAnswer | null =
    strategy.scope === 'total'
      ? sharedReplicas(question, snapshot.capacity.running)
      : valueReplicas(question, size, units);
  if (answer === null) return whyMissing('noMatchingPods', groups);
  const value = fromMilli(total);
  return {
    kind: 'opinion',
    value,
    ready: answer.multiplier,
    exact: (strategy.scope === 'total' ? value : value * answer.multiplier) / strategy.target,
    wish: answer.size,
    verdict: verdictOf(size, answer),
    units: countsOf(groups, answer.ratio),
    carried: strategy.scope === 'total' ? value : null,
  };
}

function verdictOf(size: number, answer: TotalAnswer): TrackingProposal['verdict'] {
  if (answer.holds) return 'within-tolerance';
  // From zero there is no band: any load needs a unit.
  return (size === 0 ? answer.size > 0 : answer.ratio > 1) ? 'above' : 'below';
}

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

function whyMissing(error: CalculationError, { unready, missing }: UnitGroups): Told | Unseen {
  if (error === 'missingRequest') {
    return { kind: 'missing', reason: 'partial-data', detail: 'a unit does not say what it has in all' };
  }
  if (error === 'noMatchingPods') {
    return { kind: 'missing', reason: 'no-data', detail: 'no sample is of a unit that is known' };
  }
  return unready.length === 0
    ? { kind: 'missing', reason: 'no-data', detail: 'no unit has a sample' }
    : {
        kind: 'missing',
        reason: 'no-units-ready',
        detail: `no unit that serves has a sample (${unready.length} not ready, ${missing.length} without a sample)`,
      };
}
