import type { Snapshot } from '../capacity.ts';
import type { Strategy } from '../policy.ts';
import type { Proposal } from './proposal.ts';
import { proposeTargetTracking } from './target-tracking.ts';

/** What a strategy says about the size, whatever its kind. */
export function proposalOf(strategy: Strategy, snapshot: Snapshot, size: number): Proposal {
  switch (strategy.kind) {
    case 'target-tracking':
      return proposeTargetTracking(strategy, snapshot, size);
  }
}
