import type { Instant } from '../../core/time.ts';
import type { Demand } from '../demand.ts';
import type { PlantEvent } from '../plant-event.ts';
import type { PlantOptions } from '../plant-views.ts';

/** The replication groups of the simulated account. */
export class SimulatedCaches {
  constructor(_options: PlantOptions) {}

  /** Share (0..1) of the reads that the caches answer now; 0 without a cache. */
  hitRate(): number {
    return 0;
  }

  /** Carries them through the second that ends at `end`. */
  step(_demand: Demand, _end: Instant): readonly PlantEvent[] {
    return [];
  }
}
