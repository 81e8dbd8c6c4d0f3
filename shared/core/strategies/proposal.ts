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
  readonly now: Instant;
}

/** What one strategy says about the size. `blind` cannot speak: its metric is missing. */
export type Proposal =
  | { readonly kind: 'wish'; readonly from: string; readonly wish: number; readonly step: ProposalStep }
  | { readonly kind: 'blind'; readonly from: string; readonly step: Step };
