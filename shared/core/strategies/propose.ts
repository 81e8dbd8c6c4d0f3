import type { Policy, Strategy } from '../policy.ts';
import type { Proposal, Sight } from './proposal.ts';
import { proposeTargetTracking } from './target-tracking.ts';

/** What all strategies of a policy say about the size. */
export const proposalsOf = (policy: Policy, sight: Sight): readonly Proposal[] =>
  policy.strategies.map((strategy) => proposalOf(strategy, sight));

function proposalOf(strategy: Strategy, sight: Sight): Proposal {
  switch (strategy.kind) {
    case 'target-tracking':
      return proposeTargetTracking(strategy, sight);
    default:
      throw new Error(`the strategy ${strategy.kind} is not wired yet`);
  }
}
