import type { UnitState } from '../capacity.ts';
import { sizeOf } from './int-arithmetic.ts';
import { isWithin, type Tolerance } from './tolerance.ts';

/** The size that one number for the whole target proposes. */
export interface TotalAnswer {
  readonly size: number;
  readonly ratio: number;
  readonly multiplier: number;
  readonly holds: boolean;
}

interface TotalQuestion {
  readonly total: bigint;
  readonly target: bigint;
  readonly tolerance: Tolerance;
}

/** Units that run and serve, those on their way out included. */
export const servingUnits = (units: readonly UnitState[]): number =>
  units.filter(({ phase, ready }) => phase === 'running' && ready === true).length;

/**
 * A `Value` target of Object and External: total / target, times the units that serve. There is no guard on the direction.
 * From zero it is total / target, without a band. Null while there is no unit to count.
 */
export function valueReplicas(
  { total, target, tolerance }: TotalQuestion,
  size: number,
  units: readonly UnitState[],
): TotalAnswer | null {
  const ratio = Number(total) / Number(target);
  if (size === 0) return { size: sizeOf(ratio), ratio, multiplier: 1, holds: false };
  const multiplier = servingUnits(units);
  if (isWithin(tolerance, ratio)) return { size, ratio, multiplier, holds: true };
  if (units.length === 0) return null;
  return { size: sizeOf(ratio * multiplier), ratio, multiplier, holds: false };
}

/**
 * An `AverageValue` target of Object and External: total / target. Within the tolerance the answer is the number of units
 * that run, which need not be the number that was asked for.
 */
export function sharedReplicas({ total, target, tolerance }: TotalQuestion, running: number): TotalAnswer {
  const ratio = Number(total) / (Number(target) * running);
  return isWithin(tolerance, ratio)
    ? { size: running, ratio, multiplier: running, holds: true }
    : { size: sizeOf(Number(total) / Number(target)), ratio, multiplier: running, holds: false };
}
