import type { Capacity, Snapshot } from '../core/capacity.ts';
import type { Target, TargetId } from '../core/target.ts';

/** What a look at a resource found. */
export type Observation =
  | { readonly kind: 'present'; readonly capacity: Capacity; readonly deployment: Snapshot['deployment'] }
  | { readonly kind: 'missing'; readonly detail: string };

/** What a resource answered to a new size. `already-there` is an outcome, not an error, and starts no cooldown. */
export type ResizeReceipt = 'accepted' | 'already-there';

/** Resources of one kind: looked at in bulk, resized one at a time, always to an absolute size. */
export interface CapacityTarget<T extends Target = Target> {
  /**
   * One observation for every target.
   * @throws ControllerError `throttled`, `unavailable` or `denied` when the service did not answer.
   */
  describe(targets: readonly T[]): Promise<ReadonlyMap<TargetId, Observation>>;
  /**
   * Asks for an absolute size; safe to repeat.
   * @throws ControllerError `target-missing`, `rejected`, `throttled`, `unavailable` or `denied`.
   */
  resize(target: T, size: number): Promise<ResizeReceipt>;
}
