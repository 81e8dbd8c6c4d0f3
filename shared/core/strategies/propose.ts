import type { Strategy } from '../policy.ts';
import type { Proposal, Sight } from './proposal.ts';
import { proposeTargetTracking } from './target-tracking.ts';

/** What a strategy says about the size, whatever its kind. */
export function proposalOf(strategy: Strategy, sight: Sight): Proposal {
  switch (strategy.kind) {
    case 'target-tracking':
      return proposeTargetTracking(strategy, sight);
  }
}
