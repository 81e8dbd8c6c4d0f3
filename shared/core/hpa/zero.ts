import type { TargetState } from '../ledger-entry.ts';
import type { Policy } from '../policy.ts';
import type { Strategy } from '../strategy.ts';

/**
 * Whether a size of zero stays, because automation did not set it (the condition-based rule, the default from Kubernetes
 * 1.37 on). Its own zero is left when something can speak without units, or when the minimum was raised since.
 */
export function isStoppedAtZero(
  { atZero, strategies, schedule }: Policy,
  { scaledToZero }: TargetState,
  size: number,
  min: number,
): boolean {
  if (atZero === 'resume' || size > 0) return false;
  const wakes = min > 0 || schedule !== null || strategies.some(speaksAtZero);
  return !scaledToZero || !wakes;
}

/** Whether a strategy may have something to say of a target without a unit: a mean over units cannot. */
export function speaksAtZero(strategy: Strategy): boolean {
  switch (strategy.kind) {
    case 'target-tracking':
      return strategy.scope === 'total' || strategy.perUnit?.kind === 'value';
    case 'step':
    case 'threshold':
      return strategy.scope !== 'average' && strategy.out !== null;
    case 'queue':
    case 'expression':
      return true;
  }
}
