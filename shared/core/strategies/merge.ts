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
  const best = proposals.reduce<Wish | null>(better, null);
  const stays = proposals.some(({ kind }) => kind === 'silent') ? size : null;
  return { wish: best?.wish ?? stays, from: best?.from ?? null, blind: blindIn(proposals) };
}

type Wish = Extract<Proposal, { kind: 'wish' }>;

function better(top: Wish | null, next: Proposal): Wish | null {
  if (next.kind !== 'wish') return top;
  const wins = top === null || next.wish > top.wish || (next.wish === top.wish && next.from < top.from);
  return wins ? next : top;
}

function blindIn(proposals: readonly Proposal[]): readonly string[] {
  const lacking = proposals.filter(
    (proposal) => proposal.kind === 'blind' || (proposal.kind === 'wish' && proposal.missing !== undefined),
  );
  const missing = lacking.flatMap(stepsOf).flatMap((step) => (step.step === 'missing' ? [step.metric] : []));
  return [...new Set(missing)].sort();
}
