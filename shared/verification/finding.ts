import type { Receipt } from '../core/receipt.ts';

/** What is looked for. */
export type Check = 'maintenance' | 'bounds' | 'schedule' | 'flapping' | 'never-fires' | 'hidden-scale-in';

/** `error`: the policy does not do what it says. `warning`: it may be meant. `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

/** One thing that was found out about a policy. */
export interface Finding {
  readonly check: Check;
  readonly severity: Severity;
  /** The name of the policy. */
  readonly policy: string;
  /** A sentence or two, with the numbers. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** The counter-example, oldest first: decisions that `replay` computes again. */
  readonly receipts?: readonly Receipt[];
}

/** The sizes that a counter-example runs through: `4 → 2 → 7`; empty where it holds everywhere. */
export function pathOf(receipts: readonly Receipt[]): string {
  const sizes = receipts.flatMap(({ decision }) => (decision.kind === 'resize' ? [decision.to] : []));
  const [first] = receipts;
  if (first === undefined || sizes.length === 0) return '';
  return [first.snapshot.capacity.desired, ...sizes].join(' → ');
}
