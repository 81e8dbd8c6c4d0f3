import type { Snapshot } from '../capacity.ts';
import type { HoldReason, ProposalStep, ResizeCause } from '../decision.ts';
import type { EffectiveBounds } from '../effective-bounds.ts';
import type { TargetState } from '../ledger-entry.ts';
import type { Policy } from '../policy.ts';
import type { Instant } from '../time.ts';

/** What a guard sees. */
export interface GuardContext {
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  readonly state: TargetState;
  /** What the target is being brought to: the goal of the resize in flight, or the desired size. */
  readonly size: number;
  readonly cause: ResizeCause;
  /** Metrics that could not speak. */
  readonly blind: readonly string[];
  /** What the strategies proposed, the winner first; empty where they were not asked. */
  readonly proposals: readonly ProposalStep[];
  /** The bounds in force. */
  readonly bounds: EffectiveBounds;
  readonly now: Instant;
}

/** What a guard makes of a wish. `hold` ends the matter; `amend` hands another wish to the next guard. */
export type GuardVerdict =
  | { readonly effect: 'pass' }
  | {
      readonly effect: 'amend';
      readonly to: number;
      readonly reason: HoldReason;
      readonly until: Instant | null;
      readonly detail: string;
    }
  | {
      readonly effect: 'hold';
      readonly reason: HoldReason;
      readonly until: Instant | null;
      readonly detail: string;
    };

/** One reason to hold or to change a wish. */
export interface Guard {
  readonly name: string;
  /** The causes that this guard judges; others pass. */
  readonly judges: readonly ResizeCause[];
  /** Whether it also judges a wish that equals the size; most have nothing to say of that. */
  readonly alsoWhenContent?: true;
  readonly check: (context: GuardContext, wish: number) => GuardVerdict;
}

/** Whether a size is outside the policy's own bounds: the way back is a matter of safety, which no limit stops. */
export const isOutside = ({ policy: { bounds }, size }: GuardContext): boolean =>
  size < bounds.min || size > bounds.max;

/** Nothing against it. */
export const PASS: GuardVerdict = { effect: 'pass' };
