import { describe, expect, it } from 'vitest';
import { handleAccountEvent } from '../../../functions/local/account-events.ts';
import type { PlantEvent } from '../../../shared/simulation/plant-event.ts';
import type { ControllerDeps } from '../../../shared/usecases/deps.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aSample } from '../../support/a-sample.ts';
import { AWorld } from '../../support/a-world.ts';
import { databasePolicies } from '../../support/database-policies.ts';

const policies = [
  ...databasePolicies,
  aPolicy({ name: 'cache', target: { kind: 'elasticache-replicas', replicationGroup: 'cache' } }),
];

/** The targets whose heads an event makes the controller read. */
async function readFor(sample: string): Promise<readonly string[]> {
  const { deps } = new AWorld(policies);
  const read: string[] = [];
  const ledger: ControllerDeps['ledger'] = {
    load: (targets) => {
      read.push(...targets);
      return deps.ledger.load(targets);
    },
    due: (now) => deps.ledger.due(now),
    commit: (write) => deps.ledger.commit(write),
  };
  expect(await handleAccountEvent({ ...deps, ledger }, aSample(sample) as PlantEvent)).toBe(true);
  return read;
}

describe('an event of the simulated account', () => {
  it.each([
    ['ecs-service-action.steady-state', 'ecs-service/prod/web'],
    ['rds-db-instance-event.created', 'rds-replicas/orders'],
    ['rds-db-cluster-event.failover-completed', 'aurora-readers/ledger'],
    ['elasticache-cloudtrail.increase-replica-count', 'elasticache-replicas/cache'],
  ])('%s reaches the controller as the rules of a deployment bring it', async (sample, target) => {
    expect(await readFor(sample)).toEqual([target]);
  });
});
