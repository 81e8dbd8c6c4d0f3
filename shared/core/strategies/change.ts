import type { ProposalVerdict } from '../decision.ts';
import type { Sight } from './proposal.ts';

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
