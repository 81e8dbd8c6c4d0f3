import { expect, it } from 'vitest';
import { aPolicy, aTargetTracking } from '../../support/a-policy.ts';
import { aPlant, behindARecord, later, START } from './a-plant.ts';

it('a policy of another target that names a metric of a database sees the real one', () => {
  const query = {
    kind: 'stat',
    namespace: 'AWS/RDS',
    name: 'DatabaseConnections',
    dimensions: { DBInstanceIdentifier: 'orders' },
    stat: 'Maximum',
  } as const;
  const strategies = [aTargetTracking({ metric: { ...aTargetTracking().metric, query }, target: 40 })];
  const plant = aPlant([
    behindARecord(),
    aPolicy({
      name: 'api',
      target: { kind: 'ecs-service', cluster: 'prod', service: 'api' },
      strategies,
      bounds: { min: 10, max: 10 },
    }),
  ]);
  plant.advanceTo(later(66));
  // Twenty tasks with 20 connections each, over three nodes.
  expect(plant.getMetricDatapoints(query, START, plant.now(), 60).map(({ value }) => value)).toEqual([133]);
});
