import type { Snapshot } from '../capacity.ts';
import type { ProposalStep, Step } from '../decision.ts';
import type { TargetState } from '../ledger-entry.ts';
import type { Instant } from '../time.ts';

/** What a strategy sees. */
export interface Sight {
  readonly snapshot: Snapshot;
  readonly state: TargetState;
  /** What the resource is being brought to: units that are asked for but not ready yet count. */
  readonly size: number;
  /** The least size that is allowed now: 0 means that a load which needs no unit may have none. */
  readonly min: number;
  readonly now: Instant;
}

/**
 * What one strategy says about the size. `blind` cannot speak: its metric is missing. `silent` sees, and has nothing to
 * say: a rule for one direction alone must not stop the other.
 */
export type Proposal =
  | {
      readonly kind: 'wish';
      readonly from: string;
      readonly wish: number;
      readonly step: ProposalStep;
      /** Metrics of the strategy that are missing although it can speak: scale-in waits for them. */
      readonly blind?: readonly string[];
    }
  | {
      readonly kind: 'silent';
      readonly from: string;
      readonly step: ProposalStep;
      readonly blind?: readonly string[];
    }
  | { readonly kind: 'blind'; readonly from: string; readonly step: Step };
