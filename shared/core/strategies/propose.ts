import type { Policy } from '../policy.ts';
import type { Strategy } from '../strategy.ts';
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
  const proposals = policy.strategies.map((strategy) => proposalOf(strategy, sight));
  return scheduled === null ? proposals : [...proposals, scheduled];
}

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
