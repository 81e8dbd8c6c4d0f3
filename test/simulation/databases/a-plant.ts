import type { Policy } from '../../../shared/core/policy.ts';
import { type Instant, plusSeconds } from '../../../shared/core/time.ts';
import type { DatabaseView } from '../../../shared/simulation/databases/database-views.ts';
import { createPlant, type Plant } from '../../../shared/simulation/plant.ts';
import type { PlantOptions } from '../../../shared/simulation/plant-views.ts';
import { constantWorkload } from '../../../shared/simulation/workload.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aReplicasTarget } from '../../support/database-policies.ts';
import { clockTime } from '../../support/now.ts';

/** When the account of a test begins. */
export const START = clockTime('10:00:00');

/** A number of seconds after the account began. */
export const later = (seconds: number): Instant => plusSeconds(START, seconds);

/** A policy for replicas of `orders`, two to ten, behind the record `reader.orders.internal`. */
export const behindARecord = (overrides: Parameters<typeof aReplicasTarget>[0] = {}): Policy =>
  aPolicy({
    name: 'readers',
    target: aReplicasTarget({ endpoint: RECORD, ...overrides }),
    bounds: { min: 2, max: 10 },
  });

/** Where the readers of `orders` are found. */
export const RECORD = {
  kind: 'route53',
  hostedZoneId: 'Z1',
  recordName: 'reader.orders.internal',
  ttlSeconds: 10,
} as const;

/** An account with ten tasks under 1,000 reads and 100 writes a second, 20 connections a task. */
export const aPlant = (policies: readonly Policy[], options: Partial<PlantOptions> = {}): Plant =>
  createPlant({
    policies: [aPolicy({ name: 'web', bounds: { min: 10, max: 10 } }), ...policies],
    workload: constantWorkload(500, START, later(86_400)),
    seed: 1,
    start: START,
    unitCapacity: 50,
    loadModel: { readsPerLoad: 2, writesPerLoad: 0.2, connectionsPerTask: 20, queriesPerNode: 1000 },
    ...options,
  });

/** One instance at this instant. */
export function viewOf(plant: Plant, id: string): DatabaseView {
  const found = plant.databases.views().instances.find((view) => view.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

/** The mean over the last minute that can be read of a metric of an instance. */
export function lastMinute(plant: Plant, name: string, id: string): number | undefined {
  const dimensions = { DBInstanceIdentifier: id };
  const query = { kind: 'stat', namespace: 'AWS/RDS', name, dimensions, stat: 'Average' } as const;
  return plant.getMetricDatapoints(query, plusSeconds(plant.now(), -300), plant.now(), 60).at(-1)?.value;
}
