import type { ResizeCause } from '../decision.ts';
import type { TargetId } from '../target.ts';
import type { Instant } from '../time.ts';

/** A change of size of one tier, stored with the application before the tier's own head is written. */
export interface PlanStep {
  readonly at: Instant;
  readonly target: TargetId;
  readonly from: number;
  readonly to: number;
  readonly cause: ResizeCause;
}

/** How a plan stands: it is at work, it has nothing left to do, or a tier failed that others wait for. */
export type PlanStatus = 'running' | 'done' | 'stopped';

/** What the head of an application remembers of its plan; how each tier stands is read from the tiers' own heads. */
export interface PlanRecord {
  readonly status: PlanStatus;
  readonly since: Instant;
  /** Why it stands so, in a sentence. */
  readonly why: string;
  /** The latest steps, oldest first. */
  readonly steps: readonly PlanStep[];
}
