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

/** Why a metric has no usable value. Missing is never zero. */
export type MissingReason =
  | 'no-data'
  | 'stale'
  | 'not-a-number'
  | 'future'
  | 'partial-data'
  | 'read-failed'
  /** An average over units while none of them serves. */
  | 'no-units-ready';

/** What was read of one metric. */
export type MetricReading =
  | { readonly kind: 'value'; readonly value: number; readonly at: Instant }
  | { readonly kind: 'missing'; readonly reason: MissingReason; readonly detail: string };

/** Everything a decision sees of the outside world. */
export interface Snapshot {
  readonly capacity: Capacity;
  /** A deployment in progress holds scale-in: old and new tasks run side by side, and the metric describes neither. */
  readonly deployment: 'none' | 'in-progress';
  /** Readings by {@link MetricSpec.id}; an absent id is a missing reading. */
  readonly metrics: Readonly<Record<string, MetricReading>>;
}
