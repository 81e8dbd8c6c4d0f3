import type { Proposal } from './proposal.ts';

/** The opinion of all strategies together. `wish: null` = nobody could speak. */
export interface Merged {
  readonly wish: number | null;
  /** The metric whose wish won; the first in name order among equals. */
  readonly from: string | null;
  /** Metrics that could not speak. */
  readonly blind: readonly string[];
}

/**
 * The largest wish wins: growing needs one voice, shrinking needs all that can speak to agree.
 * The order of the proposals does not matter.
 */
export function mergeProposals(proposals: readonly Proposal[]): Merged {
  const blind = proposals.flatMap((proposal) =>
    proposal.kind === 'blind' ? [proposal.from] : (proposal.missing ?? []).map(({ metric }) => metric),
  );
  const wishes = proposals.flatMap((proposal) => (proposal.kind === 'wish' ? [proposal] : []));
  const best = wishes.reduce<(typeof wishes)[number] | null>(
    (top, next) =>
      top === null || next.wish > top.wish || (next.wish === top.wish && next.from < top.from) ? next : top,
    null,
  );
  return { wish: best?.wish ?? null, from: best?.from ?? null, blind: [...new Set(blind)].sort() };
}
