import type { Capacity, SizeLimit, Snapshot, UnitState } from '../core/capacity.ts';
import type { ControllerError } from '../core/controller-error.ts';
import type { Target, TargetId, TargetKind, TargetOf } from '../core/target.ts';
import type { Instant } from '../core/time.ts';

/** A resource that is there. */
export interface PresentResource {
  readonly kind: 'present';
  /** `desired`: what exists or was asked for and is not on its way out. `ready`: what may be handed traffic. */
  readonly capacity: Capacity;
  readonly deployment: Snapshot['deployment'];
  /** Units one by one, where the kind tells them apart. */
  readonly units?: readonly UnitState[] | undefined;
  /** Ids to read metrics by unit of, where what reports is no unit of the size: the nodes of a cache. Absent = those of `units`. */
  readonly metricUnits?: readonly string[] | undefined;
  /** How far the size may go now, and why. */
  readonly limits?: readonly SizeLimit[] | undefined;
  /**
   * What an earlier resize left behind that another call of {@link CapacityTarget.resize} carries on, in a sentence: a unit
   * on its way out, an endpoint that does not match. Null or absent = nothing.
   */
  readonly unfinished?: string | null | undefined;
  /** Why the service gave up the last resize, in a sentence; null or absent = it did not. */
  readonly failed?: string | null | undefined;
  /** Units that wait for their warm-up before they count as ready. */
  readonly awaitingWarmUp?: readonly string[] | undefined;
}

/** What a look at a resource found. */
export type Observation =
  | PresentResource
  | { readonly kind: 'missing'; readonly detail: string }
  /** The service did not answer for this one; others were seen. It is not missing: ask again. */
  | { readonly kind: 'unknown'; readonly error: ControllerError };

/** A size to bring a resource to, and for whom. */
export interface ResizeOrder {
  readonly size: number;
  /** The size when it was decided. */
  readonly from: number;
  /** Names the resize: what is created for it carries this, so that a retry meets what the first try made. */
  readonly resizeId: string;
  /** The name of the policy. */
  readonly policy: string;
  readonly now: Instant;
  /**
   * Only carries on what is `unfinished`, at whatever size is found: `size` is that of an earlier look, and a resize that somebody
   * began since then must not be undone by it. Absent = the size is to be reached.
   */
  readonly keepsSize?: true | undefined;
}

/** Resources of one kind: looked at in bulk, resized one at a time, always to an absolute size. */
export interface CapacityTarget<T extends Target = Target> {
  /**
   * `once`: the service carries an accepted resize to its end by itself. `each-look`: a resize takes several calls, so it is
   * asked for again at every look until the size is reached.
   */
  readonly asks: 'once' | 'each-look';
  /**
   * One observation for every target.
   * @throws ControllerError `throttled`, `unavailable` or `denied` when nothing could be seen at all.
   */
  describe(targets: readonly T[], now: Instant): Promise<ReadonlyMap<TargetId, Observation>>;
  /**
   * Asks for an absolute size, or carries it one step further; safe to repeat, and no error when it is there already.
   * @throws ControllerError `target-missing`, `rejected`, `throttled`, `unavailable` or `denied`.
   */
  resize(target: T, order: ResizeOrder): Promise<void>;
  /**
   * Puts back what a failed resize replaced; kinds that replace nothing have none. Safe to repeat.
   * @returns a sentence that says what was done; null = there was nothing to put back.
   */
  rollBack?(target: T, order: ResizeOrder): Promise<string | null>;
}

/** How each kind of target is looked at and resized. */
export type CapacityTargets = { readonly [K in TargetKind]: CapacityTarget<TargetOf<K>> };
