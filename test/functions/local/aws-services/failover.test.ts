import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { auroraReadersTarget } from '../../../../shared/adapters/aws/aurora-readers-target.ts';
import { cloudWatchMetricSource } from '../../../../shared/adapters/aws/cloudwatch-metric-source.ts';
import { rdsFailover } from '../../../../shared/adapters/aws/rds-failover.ts';
import { rdsInstanceClassTarget } from '../../../../shared/adapters/aws/rds-instance-class-target.ts';
import {
  type AuroraReadersTarget,
  type RdsInstanceClassTarget,
  RESOURCE_TAGS,
  targetId,
} from '../../../../shared/core/target.ts';
import { anOrder } from '../../../support/an-order.ts';
import { aReplicasTarget } from '../../../support/database-policies.ts';
import { closing } from '../aws-endpoint/support.ts';
import { aDatabaseAccount } from './a-database-account.ts';
import { later } from './an-account.ts';

const LEDGER: AuroraReadersTarget = {
  kind: 'aurora-readers',
  cluster: 'ledger',
  classes: [],
  zones: [],
  leaving: { connections: 0, drainSeconds: 300 },
};

async function anAccount() {
  const { client, config, plant } = await aDatabaseAccount();
  const metrics = cloudWatchMetricSource(closing(new CloudWatchClient(config)));
  plant.advanceTo(later(900));
  return {
    plant,
    client,
    failover: rdsFailover({ client, metrics }),
    readers: auroraReadersTarget({ client, metrics }),
  };
}

describe('a promotion in the simulated account', () => {
  it('takes an RDS replica away from its source, protected, and leaves the others', async () => {
    const { plant, failover } = await anAccount();
    const target = aReplicasTarget();
    const before = await failover.look(target, later(900));
    expect(before).toMatchObject({ source: { id: 'orders', healthy: true }, busy: null, losesLag: true });
    expect(before.replicas).toMatchObject([{ lagSeconds: 0 }, { lagSeconds: 0 }]);

    await failover.promote(target, 'orders-replica-2');
    const { replicas } = await failover.look(target, later(900));
    expect(replicas.find(({ id }) => id === 'orders-replica-2')).toMatchObject({ available: false });

    plant.advanceTo(later(1800));
    const after = await failover.look(target, later(1800));
    expect(after.replicas.map(({ id }) => id)).toEqual(['orders-replica-1']);
    const promoted = plant.databases.views().instances.find(({ id }) => id === 'orders-replica-2');
    expect(JSON.stringify(promoted)).toContain(RESOURCE_TAGS.protected);
  });

  it('makes an Aurora reader the writer, and holds every resize until it is', async () => {
    const { plant, failover, readers } = await anAccount();
    const { replicas } = await failover.look(LEDGER, later(900));
    const id = replicas[0]?.id ?? '';
    await failover.promote(LEDGER, id);

    expect((await failover.look(LEDGER, later(900))).busy).toMatch(/failing over/);
    expect((await readers.describe([LEDGER], later(900))).get(targetId(LEDGER))).toMatchObject({
      limits: [{ reason: 'resource-busy' }, { reason: 'resource-busy' }],
    });
    await expect(readers.resize(LEDGER, anOrder(1, { now: later(900) }))).rejects.toMatchObject({
      retryable: true,
    });

    plant.advanceTo(later(1200));
    expect(await failover.look(LEDGER, later(1200))).toMatchObject({ source: { id }, busy: null });
    expect((await readers.describe([LEDGER], later(1200))).get(targetId(LEDGER))).toMatchObject({
      capacity: { desired: 2, ready: 2 },
    });
  });
});

describe('a change of class in the simulated account', () => {
  it('is followed from the call to the new class', async () => {
    const { plant, client } = await anAccount();
    const target: RdsInstanceClassTarget = {
      kind: 'rds-instance-class',
      instance: 'orders',
      ladder: ['db.r6g.large', 'db.r6g.xlarge'],
      immediate: true,
    };
    const adapter = rdsInstanceClassTarget(client);
    const look = async (seconds: number) =>
      (await adapter.describe([target], later(seconds))).get(targetId(target));
    await adapter.resize(target, anOrder(2, { from: 1, now: later(900) }));
    expect(await look(900)).toMatchObject({ capacity: { desired: 2, running: 1, pending: 1 } });
    plant.advanceTo(later(4000));
    expect(await look(4000)).toMatchObject({ capacity: { desired: 2, running: 2, pending: 0 }, limits: [] });
  });
});
