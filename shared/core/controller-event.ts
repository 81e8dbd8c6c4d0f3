import type { ResizeCause } from './decision.ts';
import type { TargetId } from './target.ts';
import type { Instant } from './time.ts';

/** Every type of scaling event. */
export const EVENT_TYPES = [
  'ScalingStarted',
  'ScalingCompleted',
  'ScalingFailed',
  'ScalingSuperseded',
  'ScalingHeld',
  'OverrideSet',
  'OverrideExpired',
  'OverrideCleared',
  'TargetDrifted',
  'TargetMissing',
  'PromotionStarted',
  'ReplicaPromoted',
  'PromotionFailed',
  'WarmRequested',
  'WarmStarted',
  'WarmCompleted',
  'WarmFailed',
  'PlanStarted',
  'PlanCompleted',
  'PlanStopped',
  'PlanResumed',
] as const;

/** The type of a scaling event. */
export type ControllerEventType = (typeof EVENT_TYPES)[number];

/** Something that happened to a target: what the ledger keeps and what goes out to EventBridge and SNS. */
export interface ControllerEvent {
  /** Unique and the same on every retry: `<target>@<version of the head that wrote it>.<index>`. */
  readonly id: string;
  readonly type: ControllerEventType;
  readonly at: Instant;
  readonly target: TargetId;
  readonly policy: string;
  /** The resize that this event belongs to; null for events about no resize. */
  readonly resizeId: string | null;
  /** The decision behind it; null where none was taken. */
  readonly decisionId: string | null;
  /** The signal behind it; null where none was involved. */
  readonly signalId: string | null;
  readonly cause: ResizeCause | null;
  readonly from: number | null;
  readonly to: number | null;
  /** Plain sentences: what a person reads first. */
  readonly reason: string;
  /** Who asked; null for automation. */
  readonly owner: string | null;
  /** The one unit that it is about, where it is about one: a replica to be warmed up. */
  readonly unit?: string;
}
