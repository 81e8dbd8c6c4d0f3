import type { Direction, LimitReason } from './decision.ts';
import type { Override } from './ledger-entry.ts';
import type { ScheduleState } from './schedule.ts';
import type { Instant } from './time.ts';

/** The size of a target, in units (tasks, replicas, nodes). */
export interface Capacity {
  /** What the resource was last asked to be. */
  readonly desired: number;
  /** Units that exist and run, ready or not. */
  readonly running: number;
  /** Units that serve: the multiplier of target tracking. For ECS the running tasks. */
  readonly ready: number;
  /** Units on their way. */
  readonly pending: number;
}

/** Every reason why a metric has no usable value. */
export const MISSING_REASONS = [
  'no-data',
  'stale',
  'not-a-number',
  'negative', // loads, lengths and rates are zero or more
  'future',
  'partial-data',
  'read-failed',
  'no-units-ready', // an average over units while none of them serves
] as const;

/** Why a metric has no usable value. Missing is never zero. */
export type MissingReason = (typeof MISSING_REASONS)[number];

/** One datapoint, stamped with the beginning of its period. */
export interface Datapoint {
  readonly at: Instant;
  readonly value: number;
}

/** One unit's own value; `unit: null` = a series of something that is no unit. */
export interface UnitSample {
  readonly unit: string | null;
  readonly value: number;
}

/** What was read of one metric. */
export type MetricReading =
  | {
      readonly kind: 'value';
      readonly value: number;
      readonly at: Instant;
      /** Earlier complete datapoints within {@link MetricSpec.historySeconds}, newest first, without this one. */
      readonly earlier?: readonly Datapoint[];
    }
  /** Values by unit, where a tier reports them: missing and unready units are then told apart, as in `autoscaling/v2`. */
  | { readonly kind: 'samples'; readonly samples: readonly UnitSample[]; readonly at: Instant }
  | { readonly kind: 'missing'; readonly reason: MissingReason; readonly detail: string };

/** One unit as its service describes it; ages are seconds before now, null where unknown. */
export interface UnitState {
  readonly id: string;
  readonly phase: 'pending' | 'running' | 'succeeded' | 'failed';
  readonly ready: boolean | null;
  readonly deleting: boolean;
  readonly startedSecondsAgo: number | null;
  readonly readyChangedSecondsAgo: number | null;
  /** What the unit reserves of each metric, in its unit, by metric id; for utilization. */
  readonly requests: Readonly<Record<string, number | null>>;
  readonly sampleAgeSeconds: number;
  readonly sampleWindowSeconds: number;
}

/** What a decision sees of the other targets of the deployment. */
export interface AccountView {
  /** Changes of size that automation made lately, over all targets. */
  readonly changes: readonly { readonly at: Instant; readonly units: number }[];
  /** What the units of all other targets reserve; null = not asked: a quota is judged before a resize alone. */
  readonly reserved: { readonly cpu: number; readonly memoryMiB: number } | null;
  /** Overrides over all targets that are in force or have just ended. */
  readonly overrides: readonly Override[];
}

/** No other target, nothing frozen. */
export const ALONE: AccountView = { changes: [], reserved: { cpu: 0, memoryMiB: 0 }, overrides: [] };

/**
 * How far a target may go now, and why: what its service takes, what its data need, what other tiers allow. `out`: no larger
 * than `size`. `in`: no smaller. A limit never forces a change of size; it only ends one early.
 */
export interface SizeLimit {
  readonly direction: Direction;
  readonly size: number;
  readonly reason: LimitReason;
  /** A sentence with the numbers that bind. */
  readonly detail: string;
}

/** Everything a decision sees of the outside world. */
export interface Snapshot {
  readonly capacity: Capacity;
  /** A deployment in progress holds scale-in: old and new tasks run side by side, and the metric describes neither. */
  readonly deployment: 'none' | 'in-progress';
  /** Readings by {@link MetricSpec.id}; an absent id is a missing reading. */
  readonly metrics: Readonly<Record<string, MetricReading>>;
  /** Units one by one where the tier tells them apart; null where only counts are known. */
  readonly units: readonly UnitState[] | null;
  readonly schedule: ScheduleState;
  readonly account: AccountView;
  /** Absent = none. */
  readonly limits?: readonly SizeLimit[] | undefined;
  /** What an earlier resize left behind and is carried on at every look; absent = nothing. */
  readonly unfinished?: string | undefined;
  /** The least size that the plan of the application needs, and why; absent = it needs none. */
  readonly floor?: { readonly size: number; readonly detail: string } | undefined;
}
