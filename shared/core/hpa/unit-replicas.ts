import type { UnitState } from '../capacity.ts';
import { groupUnits, type ReadinessGate, type UnitGroups } from './group-units.ts';
import { milli, sizeOf } from './int-arithmetic.ts';
import { isWithin, type Tolerance } from './tolerance.ts';
import { anyMatches, averageRatio, type CalculationError, type Usage, utilizationRatio } from './usage.ts';

/** What single units are held to. */
export type UnitGoal =
  | {
      readonly kind: 'utilization';
      readonly percent: number;
      /** What each unit has in all, in milli-units; null = it does not say. */
      readonly requests: ReadonlyMap<string, bigint | null>;
    }
  /** The mean, in milli-units. */
  | { readonly kind: 'average'; readonly value: bigint };

/** A metric that units report one by one. */
export interface UnitQuestion {
  /** The size that was asked for. */
  readonly size: number;
  readonly units: readonly UnitState[];
  /** In milli-units, by unit id. Samples of ids that are no units count where they count in `autoscaling/v2`. */
  readonly samples: ReadonlyMap<string, bigint>;
  readonly goal: UnitGoal;
  readonly tolerance: Tolerance;
  /** Null = readiness does not matter. */
  readonly gate: ReadinessGate | null;
}

/** The size that a metric proposes, with the numbers behind it; or why it cannot speak. */
export type UnitAnswer =
  | {
      readonly kind: 'size';
      readonly size: number;
      /** Usage of the samples that were there. */
      readonly seen: Usage;
      /** The ratio that decided: filled in for missing and unready units where there were any. */
      readonly ratio: number;
      /** What the ratio was multiplied with. */
      readonly multiplier: number;
      /** Whether the size stays as it is: inside the tolerance, or because an answer must not reverse its direction. */
      readonly holds: boolean;
      readonly groups: UnitGroups;
    }
  | { readonly kind: 'error'; readonly error: CalculationError; readonly groups: UnitGroups };

type Values = ReadonlyMap<string, bigint>;
type KnownGoal =
  | { readonly kind: 'utilization'; readonly percent: number; readonly requests: Values }
  | Extract<UnitGoal, { kind: 'average' }>;

/**
 * The replica calculator of `autoscaling/v2` for metrics of single units.
 * The multiplier is never the size that was asked for: it is the number of ready units, or of all samples after filling.
 */
export function unitReplicas(question: UnitQuestion): UnitAnswer {
  const { units, samples, gate } = question;
  const groups = groupUnits(units, samples, gate);
  const fail = (error: CalculationError): UnitAnswer => ({ kind: 'error', error, groups });
  const left = new Map(samples);
  for (const id of [...groups.ignored, ...groups.unready]) left.delete(id);
  if (left.size === 0) return fail('noSamples');
  if (units.length === 0) return fail('noMatchingPods');
  const goal = known(question.goal, units);
  if (goal === null) return fail('missingRequest');
  if (goal.kind === 'utilization' && !anyMatches(left, goal.requests)) return fail('noMatchingPods');
  const seen = usageOf(left, goal);
  return { kind: 'size', seen, groups, ...scale(question, left, goal, groups, seen.ratio) };
}

/** Requests are read of all units, those that take no part included: one without fails the whole metric. */
function known(goal: UnitGoal, units: readonly UnitState[]): KnownGoal | null {
  if (goal.kind === 'average') return goal;
  const requests = units.flatMap(({ id }) => {
    const request = goal.requests.get(id) ?? null;
    return request === null ? [] : [[id, request] as const];
  });
  return requests.length < units.length ? null : { ...goal, requests: new Map(requests) };
}

const usageOf = (samples: Values, goal: KnownGoal): Usage =>
  goal.kind === 'average'
    ? averageRatio(samples, goal.value)
    : utilizationRatio(samples, goal.requests, goal.percent);

function scale(
  { size, tolerance }: UnitQuestion,
  left: Values,
  goal: KnownGoal,
  groups: UnitGroups,
  ratio: number,
) {
  const answer = (given: number, multiplier: number, holds: boolean) => ({
    ratio: given,
    multiplier,
    holds,
    size: holds ? size : sizeOf(given * multiplier),
  });
  const growsWithUnready = ratio > 1 && groups.unready.length > 0;
  if (!growsWithUnready && groups.missing.length === 0) {
    return answer(ratio, groups.ready, isWithin(tolerance, ratio));
  }
  const filled = fill(left, goal, groups, ratio);
  const again = usageOf(filled, goal).ratio;
  const crosses = (ratio < 1 && again > 1) || (ratio > 1 && again < 1);
  const next = sizeOf(again * filled.size);
  // During a rolling update there are more units than were asked for: the multiplier must not turn the answer around.
  const reverses = (again < 1 && next > size) || (again > 1 && next < size);
  return answer(again, filled.size, isWithin(tolerance, again) || crosses || reverses);
}

/** Units without a sample count as idle on the way up, and as fully used on the way down; unready ones only on the way up. */
function fill(left: Values, goal: KnownGoal, { missing, unready }: UnitGroups, ratio: number): Values {
  if (ratio === 1) return left;
  const idle = (id: string) => [id, 0n] as const;
  if (ratio > 1) return new Map([...left, ...missing.map(idle), ...unready.map(idle)]);
  if (goal.kind === 'average') {
    return new Map([...left, ...missing.map((id) => [id, goal.value] as const)]);
  }
  const milliPercent = milli(Math.max(100, goal.percent));
  const full = [...goal.requests].filter(([id]) => missing.includes(id));
  return new Map([
    ...left,
    ...full.map(([id, request]) => [id, (request * milliPercent) / 100_000n] as const),
  ]);
}
