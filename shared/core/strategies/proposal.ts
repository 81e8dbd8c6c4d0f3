import type { Snapshot } from '../capacity.ts';
import type { MissingStep, ProposalStep, Step } from '../decision.ts';
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
      /** Metrics that it could do without for growing: while one is missing, scale-in waits. */
      readonly missing?: readonly MissingStep[];
    }
  | { readonly kind: 'silent'; readonly from: string; readonly step: ProposalStep }
  | { readonly kind: 'blind'; readonly from: string; readonly step: MissingStep };

/** The lines of the trace that a proposal adds. */
export const stepsOf = (proposal: Proposal): readonly Step[] =>
  proposal.kind === 'wish' ? [proposal.step, ...(proposal.missing ?? [])] : [proposal.step];
