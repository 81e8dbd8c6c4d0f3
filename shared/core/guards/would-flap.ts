import type { ProposalStep } from '../decision.ts';
import { plainNumber } from '../plain-number.ts';
import { type Guard, PASS } from './guard.ts';

/**
 * A scale-in after which a metric would stand where scale-out begins is held: the units would come straight back.
 * Application Auto Scaling calls it AutoScalingAnticipatedFlapping. Metrics that do not follow the size say nothing here.
 */
export const wouldFlap: Guard = {
  name: 'would-flap',
  judges: ['policy'],
  check: ({ proposals, size }, wish) => {
    // At no unit at all there is no metric of a unit.
    if (wish >= size || wish === 0) return PASS;
    const [bounce] = proposals.flatMap((proposal) => bounceAt(proposal, wish));
    if (bounce === undefined) return PASS;
    const { label, unit, carried, from, at } = bounce;
    const arithmetic = `${plainNumber(carried)} / ${wish} = ${plainNumber(carried / wish)}${unit}`;
    return {
      effect: 'hold',
      reason: 'would-flap',
      until: null,
      detail: `At ${wish} ${label} would be ${arithmetic}, ${at ? 'at or above' : 'above'} ${plainNumber(from)}${unit} where scale-out begins.`,
    };
  },
};

/** What a proposal knows of a size at which it would ask for scale-out; nothing where it would not, or where it knows nothing. */
function bounceAt({ label, unit, strategy, carried, outAbove }: ProposalStep, size: number) {
  if (carried === null || outAbove === null) return [];
  // A step begins at its threshold, all others only above it.
  const at = strategy === 'step';
  const grows = at ? carried / size >= outAbove : carried / size > outAbove;
  return grows ? [{ label, unit, carried, from: outAbove, at }] : [];
}
