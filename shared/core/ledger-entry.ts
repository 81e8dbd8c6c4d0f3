import type { ControllerEvent } from './controller-event.ts';
import type { Direction, HoldReason, ResizeCause } from './decision.ts';
import type { PlanRecord } from './plan/plan-record.ts';
import type { TargetId } from './target.ts';
import type { Instant } from './time.ts';
import type { WarmState } from './warm-state.ts';

/** A resize from its intent to its end. */
export interface Resize {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** The size before the first of the scale-outs that this one adds to; absent = it adds to none. */
  readonly base?: number;
  readonly cause: ResizeCause;
  readonly decisionId: string;
  readonly signalId: string;
  readonly owner: string | null;
  /** Units that served when the intent was stored. */
  readonly ready: number;
  /** When the intent was stored. */
  readonly startedAt: Instant;
  /** When the resource accepted the new size; null while the call has not been confirmed. */
  readonly acceptedAt: Instant | null;
  /** New units whose warm-up was asked for; absent = none. */
  readonly warmUps?: readonly string[];
  /** When the signal behind it was seen: the start of the duration that telemetry reports. */
  readonly signalAt: Instant;
}

/** A wish of the strategies that held from `since` until the next run, or until now for the last one. */
export interface RecommendationRun {
  readonly wish: number;
  readonly since: Instant;
}

/** A change of size made by automation: what rate policies count. `change` is positive. */
export interface ScaleEvent {
  readonly at: Instant;
  readonly direction: Direction;
  readonly change: number;
}

interface OverrideBase {
  readonly owner: string;
  readonly reason: string;
  readonly setAt: Instant;
  readonly expiresAt: Instant;
}

/** A size that an operator asked for: automation keeps it until it expires, and then resumes by itself. */
export interface PinOverride extends OverrideBase {
  readonly kind: 'pin';
  readonly size: number;
}

/** Automation goes no lower. */
export interface FloorOverride extends OverrideBase {
  readonly kind: 'floor';
  readonly size: number;
  /** Whether it may lift the maximum of the policy: an operator's word in an emergency, with a reason. */
  readonly force: boolean;
}

/** Automation goes no higher. */
export interface CeilingOverride extends OverrideBase {
  readonly kind: 'ceiling';
  readonly size: number;
}

/** Automation rests in a direction. On the account it rests for every target: freeze all. */
export interface PauseOverride extends OverrideBase {
  readonly kind: 'pause';
  readonly direction: Direction | 'both';
}

/** What an operator asked of automation, for a time. */
export type Override = PinOverride | FloorOverride | CeilingOverride | PauseOverride;

/**
 * A change of size that is about to be committed, or was. Kept on the account alone: what all targets together may change
 * and reserve is counted there, before the target's own head is written.
 */
export interface Reservation {
  readonly at: Instant;
  readonly target: TargetId;
  readonly from: number;
  readonly to: number;
}

/** An incident that the incident guard saw. */
export interface Incident {
  readonly since: Instant;
  readonly lastSeenAt: Instant;
}

/** The memory of a target between decisions. All times are epoch milliseconds; the whole is plain JSON. */
export interface TargetState {
  /** The size that the controller last saw or set: the measure of drift. */
  readonly size: number | null;
  readonly resize: Resize | null;
  /**
   * When the last finished scale-out and scale-in ended, with their sizes. A scale-out that added to another one, raised
   * or within its cooldown, counts from before the first.
   */
  readonly lastOut: { readonly at: Instant; readonly from: number; readonly to: number } | null;
  readonly lastIn: { readonly at: Instant; readonly from: number; readonly to: number } | null;
  /** The last change of the units that serve, from the accepted call to its end. */
  readonly changed: {
    readonly since: Instant;
    readonly until: Instant;
    readonly from: number;
    readonly to: number;
  } | null;
  /** Resizes in one direction that failed in a row, and when the last one did. */
  readonly failures: {
    readonly count: number;
    readonly at: Instant;
    readonly direction: Direction;
    /** What the service said; absent in heads of earlier versions. */
    readonly why?: string;
  } | null;
  /** Run-length coded history of wishes, oldest first. */
  readonly recommendations: readonly RecommendationRun[];
  readonly scaleEvents: readonly ScaleEvent[];
  readonly overrides: readonly Override[];
  /** The hold that was last reported: a hold is an event only when its reason changes. */
  readonly held: { readonly reason: HoldReason; readonly since: Instant } | null;
  /** Evaluations in a row without any metric. */
  readonly misses: number;
  /** Since when every metric has been inside its band; null while one is outside. */
  readonly quietSince: Instant | null;
  /** The sweep asks from this time on; null = asleep. */
  readonly wakeAt: Instant | null;
  /** Good evaluations still needed before automation may scale in again after a fallback; 0 = all is well. */
  readonly recovering: number;
  /** Whether the size of zero is automation's own: it resumes from there by itself. */
  readonly scaledToZero: boolean;
  readonly incident: Incident | null;
  /** Who else scales this target, in words; null = nobody known. */
  readonly ownedBy: string | null;
  /** When a deployment was last seen in progress; absent = none was. */
  readonly deployedAt?: Instant;
  /** Recent changes of all targets, oldest first; only the head of the account has them. */
  readonly reservations?: readonly Reservation[];
  /** When the last whole run of a warm plan ended; only the head of a warm plan has it. */
  readonly warmedAt?: Instant;
  /** How far a warm plan is, and what its last run came to; only the head of a warm plan has it. */
  readonly warm?: WarmState;
  /** The size that the target last wanted by itself; only tiers of an application have it. */
  readonly ownWish?: number;
  /** The plan of an application; only the head of an application has it. */
  readonly plan?: PlanRecord;
  /** Fingerprint of the policy that was last applied: a changed policy is looked at although no alarm changes its state. */
  readonly policy: string | null;
}

/** The head item of a target: its state, the version that guards it, and the events not yet relayed. */
export interface LedgerEntry {
  readonly target: TargetId;
  /** Grows by one with every commit; 0 = never written. */
  readonly version: number;
  readonly state: TargetState;
  readonly outbox: readonly ControllerEvent[];
}
