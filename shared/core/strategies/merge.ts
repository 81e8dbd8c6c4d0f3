import { type Proposal, stepsOf } from './proposal.ts';

/** The opinion of all strategies together. `wish: null` = nobody could speak. */
export interface Merged {
  readonly wish: number | null;
  /** The strategy whose wish won; the first in name order among equals. */
  readonly from: string | null;
  /** Metrics that could not speak. */
  readonly blind: readonly string[];
}

/**
 * The largest wish wins: growing needs one voice, shrinking needs all that can speak to agree.
 * Where all that could speak have nothing to say of it, the size stays. The order of the proposals does not matter.
 */
export function mergeProposals(proposals: readonly Proposal[], size: number): Merged {
  const blind = new Set(
    proposals.flatMap(stepsOf).flatMap((step) => (step.step === 'missing' ? [step.metric] : [])),
  );
  const wishes = proposals.flatMap((proposal) => (proposal.kind === 'wish' ? [proposal] : []));
  const best = wishes.reduce<(typeof wishes)[number] | null>(
    (top, next) =>
      top === null || next.wish > top.wish || (next.wish === top.wish && next.from < top.from) ? next : top,
    null,
  );
  const stays = proposals.some(({ kind }) => kind === 'silent') ? size : null;
  return { wish: best?.wish ?? stays, from: best?.from ?? null, blind: [...blind].sort() };
}
