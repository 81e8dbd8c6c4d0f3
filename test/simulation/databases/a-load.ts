import type { Instant } from '../../../shared/core/time.ts';
import type { Workload } from '../../../shared/simulation/workload.ts';

/** A load that changes once, at `at`. */
export const steppedWorkload = (before: number, after: number, at: Instant): Workload => ({
  start: at,
  end: at,
  loadAt: (now) => (now < at ? before : after),
  percentile: () => Math.max(before, after),
});
