import type { Instant } from '../../core/time.ts';
import type { Demand } from '../demand.ts';
import type { PlantEvent } from '../plant-event.ts';
import type { PlantOptions } from '../plant-views.ts';

/** The databases of the simulated account: RDS instances with their replicas, and Aurora clusters. */
export class SimulatedDatabases {
  constructor(_options: PlantOptions) {}

  /** Carries them through the second that ends at `end`. */
  step(_demand: Demand, _end: Instant): readonly PlantEvent[] {
    return [];
  }
}
