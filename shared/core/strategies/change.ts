import type { Direction, ProposalStep, ProposalVerdict } from '../decision.ts';
import type { Proposal, Sight } from './proposal.ts';

/**
 * The size that an addition counts from. While a scale-out is under way the metric still speaks of the size before it, so
 * the same "two more" asked again is the one that is on its way, and a larger one adds the difference alone.
 */
export function growthBase({ state: { resize }, size }: Sight): number {
  return resize !== null && resize.to > resize.from ? (resize.base ?? resize.from) : size;
}

/** What follows from a wish alone: more, less, or as it is. */
export function verdictOf(wish: number, size: number): ProposalVerdict {
  if (wish === size) return 'within-tolerance';
  return wish > size ? 'above' : 'below';
}

/**
 * What rules with a threshold say: the wish of the one that acts, or that the size stays. A strategy that only knows how
 * to grow, and sees nothing to grow for, is silent: it must not stop others from scaling in.
 */
export function ruled(
  { in: inward }: { readonly in: unknown },
  side: Direction | null,
  step: ProposalStep,
): Proposal {
  const { metric: from, wish } = step;
  return side === null && inward === null
    ? { kind: 'silent', from, step }
    : { kind: 'wish', from, wish, step };
}
