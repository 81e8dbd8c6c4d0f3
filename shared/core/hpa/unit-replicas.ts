import type { UnitState } from '../capacity.ts';
import type { Instant } from '../time.ts';
import { groupUnits, type Measured, type ReadinessGate, type UnitGroups } from './group-units.ts';
import { sizeOf } from './int-arithmetic.ts';
import { isWithin, type Tolerance } from './tolerance.ts';
import { anyMatches, averageRatio, type CalculationError, type Usage, utilizationRatio } from './usage.ts';

/** A metric that units report one by one. Values are milli-units. */
export interface UnitQuestion {
  /** The size that was asked for. */
  readonly size: number;
  readonly units: readonly UnitState[];
  /** By unit id. Samples of ids that are no units count where they count in `autoscaling/v2`. */
  readonly samples: ReadonlyMap<string, Measured>;
  /** What each unit has: the target is then whole percents of it. Null = the target is the mean, in milli-units. */
  readonly requests: ReadonlyMap<string, bigint | null> | null;
  readonly target: bigint;
  readonly tolerance: Tolerance;
  /** Null = readiness does not matter. */
  readonly gate: ReadinessGate | null;
  readonly now: Instant;
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

/**
 * The replica calculator of `autoscaling/v2` for metrics of single units.
 * The multiplier is never the size that was asked for: it is the number of ready units, or of all samples after filling.
 */
export function unitReplicas(question: UnitQuestion): UnitAnswer {
  const { units, samples, gate, now } = question;
  const groups = groupUnits(units, samples, gate, now);
  const fail = (error: CalculationError): UnitAnswer => ({ kind: 'error', error, groups });
  const left = new Map([...samples].map(([id, { value }]) => [id, value]));
  for (const id of [...groups.ignored, ...groups.unready]) left.delete(id);
  if (left.size === 0) return fail('noSamples');
  if (units.length === 0) return fail('noMatchingPods');
  const requests = declared(question);
  if (requests === 'missing') return fail('missingRequest');
  if (requests !== null && !anyMatches(left, requests)) return fail('noMatchingPods');
  const seen = rate(left, requests, question.target);
  return { kind: 'size', seen, groups, ...scale(question, left, requests, groups, seen) };
}

/** Requests are read of all units, those that take no part included: one without fails the whole metric. */
function declared({ units, requests }: UnitQuestion): ReadonlyMap<string, bigint> | null | 'missing' {
  if (requests === null) return null;
  const known = units.flatMap(({ id }) => {
    const request = requests.get(id) ?? null;
    return request === null ? [] : [[id, request] as const];
  });
  return known.length < units.length ? 'missing' : new Map(known);
}

const rate = (
  samples: ReadonlyMap<string, bigint>,
  requests: ReadonlyMap<string, bigint> | null,
  target: bigint,
): Usage => (requests === null ? averageRatio(samples, target) : utilizationRatio(samples, requests, target));

function scale(
  question: UnitQuestion,
  left: ReadonlyMap<string, bigint>,
  requests: ReadonlyMap<string, bigint> | null,
  groups: UnitGroups,
  { ratio }: Usage,
) {
  const { size, tolerance, target } = question;
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
  const filled = fill(left, requests, groups, target, ratio);
  const again = rate(filled, requests, target).ratio;
  const crosses = (ratio < 1 && again > 1) || (ratio > 1 && again < 1);
  const next = sizeOf(again * filled.size);
  // During a rolling update there are more units than were asked for: the multiplier must not turn the answer around.
  const reverses = (again < 1 && next > size) || (again > 1 && next < size);
  return answer(again, filled.size, isWithin(tolerance, again) || crosses || reverses);
}

/** Units without a sample count as idle on the way up, and as fully used on the way down; unready ones only on the way up. */
function fill(
  left: ReadonlyMap<string, bigint>,
  requests: ReadonlyMap<string, bigint> | null,
  { missing, unready }: UnitGroups,
  target: bigint,
  ratio: number,
): ReadonlyMap<string, bigint> {
  if (ratio === 1) return left;
  if (ratio > 1) return new Map([...left, ...[...missing, ...unready].map((id) => [id, 0n] as const)]);
  if (requests === null) return new Map([...left, ...missing.map((id) => [id, target] as const)]);
  const percent = target > 100n ? target : 100n;
  const full = [...requests].filter(([id]) => missing.includes(id));
  return new Map([...left, ...full.map(([id, request]) => [id, (request * percent) / 100n] as const)]);
}
