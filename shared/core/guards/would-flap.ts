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
    const bounce = proposals.find((proposal) => growsAgainAt(proposal, wish));
    if (bounce === undefined) return PASS;
    const { label, unit, carried, outAbove, strategy } = bounce;
    const arithmetic = `${plainNumber(carried ?? 0)} / ${wish} = ${plainNumber(expectedAt(bounce, wish))}${unit}`;
    return {
      effect: 'hold',
      reason: 'would-flap',
      until: null,
      detail: `At ${wish} ${label} would be ${arithmetic}, ${strategy === 'step' ? 'at or above' : 'above'} ${plainNumber(outAbove ?? 0)}${unit} where scale-out begins.`,
    };
  },
};

// A step begins at its threshold, all others only above it.
function growsAgainAt(proposal: ProposalStep, size: number): boolean {
  const expected = expectedAt(proposal, size);
  const outAbove = proposal.outAbove ?? Infinity;
  return proposal.strategy === 'step' ? expected >= outAbove : expected > outAbove;
}

/** The metric of one unit at a size, or nothing known: below every threshold. */
const expectedAt = ({ carried }: ProposalStep, size: number): number =>
  carried === null ? -Infinity : carried / size;
