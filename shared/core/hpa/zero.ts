import type { TargetState } from '../ledger-entry.ts';
import type { Policy, Strategy } from '../policy.ts';

/**
 * Whether a size of zero stays, because automation did not set it (the condition-based rule, the default from Kubernetes
 * 1.37 on). Its own zero is left when a metric can be read without units, or when the minimum was raised since.
 */
export function isStoppedAtZero(
  { atZero, strategies }: Policy,
  { scaledToZero }: TargetState,
  size: number,
  min: number,
): boolean {
  if (atZero === 'resume' || size > 0) return false;
  return !scaledToZero || (min === 0 && !strategies.some(speaksAtZero));
}

/** Whether a strategy can say something while there is no unit: a mean over units cannot. */
const speaksAtZero = (strategy: Strategy): boolean =>
  strategy.kind !== 'target-tracking' || strategy.scope === 'total' || strategy.perUnit?.kind === 'value';
