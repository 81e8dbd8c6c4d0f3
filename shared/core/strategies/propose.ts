import type { ProposalStep } from '../decision.ts';
import type { Policy, Strategy } from '../policy.ts';
import { proposeExpression } from './expression.ts';
import type { Proposal, Sight } from './proposal.ts';
import { proposeQueue } from './queue.ts';
import { scheduleProposal } from './schedule.ts';
import { proposeStepScaling } from './step.ts';
import { proposeTargetTracking } from './target-tracking.ts';
import { proposeThreshold } from './threshold.ts';

/** What all strategies of a policy say about the size, and its open windows. */
export function proposalsOf(policy: Policy, sight: Sight): readonly Proposal[] {
  const scheduled = scheduleProposal(policy.schedule, sight.snapshot.schedule, sight.size);
  const proposals = policy.strategies.map((strategy) => heard(strategy, proposalOf(strategy, sight)));
  return scheduled === null ? proposals : [...proposals, scheduled];
}

/** A rule for scale-out alone that does not fire has nothing to say: it must not stop the scale-in of others. */
function heard(strategy: Strategy, proposal: Proposal): Proposal {
  const oneWay = (strategy.kind === 'step' || strategy.kind === 'threshold') && strategy.in === null;
  if (proposal.kind !== 'wish' || !oneWay || !isAtRest(proposal.step)) return proposal;
  return { kind: 'silent', from: proposal.from, step: proposal.step };
}

const isAtRest = ({ verdict }: ProposalStep): boolean => verdict === 'within-tolerance';

function proposalOf(strategy: Strategy, sight: Sight): Proposal {
  switch (strategy.kind) {
    case 'target-tracking':
      return proposeTargetTracking(strategy, sight);
    case 'step':
      return proposeStepScaling(strategy, sight);
    case 'threshold':
      return proposeThreshold(strategy, sight);
    case 'queue':
      return proposeQueue(strategy, sight);
    case 'expression':
      return proposeExpression(strategy, sight);
  }
}
