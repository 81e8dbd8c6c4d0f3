import type { Target, TargetId } from '../core/target.ts';

/** Knows who else scales a target: two autoscalers on one size fight without end. */
export interface Ownership {
  /**
   * The other owner of every target, in sentences that say who it is and how it lets go; null when there is none.
   * @throws ControllerError `throttled`, `unavailable` or `denied` when nothing could be seen.
   */
  ownersOf(targets: readonly Target[]): Promise<ReadonlyMap<TargetId, string | null>>;
}
