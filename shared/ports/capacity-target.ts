import type { Capacity, Snapshot } from '../core/capacity.ts';
import type { ControllerError } from '../core/controller-error.ts';
import type { Target, TargetId } from '../core/target.ts';

/** What a look at a resource found. */
export type Observation =
  | { readonly kind: 'present'; readonly capacity: Capacity; readonly deployment: Snapshot['deployment'] }
  | { readonly kind: 'missing'; readonly detail: string }
  /** The service did not answer for this one; others were seen. It is not missing: ask again. */
  | { readonly kind: 'unknown'; readonly error: ControllerError };

/** Resources of one kind: looked at in bulk, resized one at a time, always to an absolute size. */
export interface CapacityTarget<T extends Target = Target> {
  /**
   * One observation for every target.
   * @throws ControllerError `throttled`, `unavailable` or `denied` when nothing could be seen at all.
   */
  describe(targets: readonly T[]): Promise<ReadonlyMap<TargetId, Observation>>;
  /**
   * Asks for an absolute size; safe to repeat, and no error when it is there already.
   * @throws ControllerError `target-missing`, `rejected`, `throttled`, `unavailable` or `denied`.
   */
  resize(target: T, size: number): Promise<void>;
}
