import type { Instant } from '../core/time.ts';

/** New replicas that wait for their warm-up. */
export interface WarmUnits {
  /**
   * Where a replica can be reached; null while it has no address.
   * @throws ControllerError `target-missing`, `throttled`, `unavailable` or `denied`.
   */
  hostOf(unit: string): Promise<string | null>;
  /**
   * Notes on a replica that its warm-up has ended: it may then count as ready.
   * @throws ControllerError as {@link hostOf}.
   */
  markWarmed(unit: string, at: Instant): Promise<void>;
}
