import * as rds from '@aws-sdk/client-rds';
import { describe, expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { connectFailover, rdsFailover } from '../../../shared/adapters/aws/rds-failover.ts';
import {
  type AuroraReadersTarget,
  type RdsReplicasTarget,
  RESOURCE_TAGS,
} from '../../../shared/core/target.ts';
import { FakeRds, instanceReadings } from '../../support/a-cluster.ts';
import { anAwsAccount } from '../../support/aws-account.ts';
import { NOW } from '../../support/now.ts';

const leaving = { connections: 0, drainSeconds: 300 };

const REPLICAS: RdsReplicasTarget = {
  kind: 'rds-replicas',
  source: 'orders',
  classes: [],
  zones: [],
  maxLagSeconds: 30,
  warmUp: null,
  leaving,
  endpoint: null,
};

const READERS: AuroraReadersTarget = {
  kind: 'aurora-readers',
  cluster: 'shop',
  classes: [],
  zones: [],
  leaving,
};

/** A source with two replicas here, and one in another region. */
const aSource = (): FakeRds => {
  const fake = new FakeRds();
  fake.add('orders', {
    Engine: 'postgres',
    ReadReplicaDBInstanceIdentifiers: ['orders-1', 'orders-2', 'arn:aws:rds:eu-west-1:123456789012:db:far'],
  });
  for (const id of ['orders-1', 'orders-2'])
    fake.add(id, { Engine: 'postgres', ReadReplicaSourceDBInstanceIdentifier: 'orders' });
  return fake;
};

const over = (fake: FakeRds, values: Parameters<typeof instanceReadings>[0] = {}) =>
  rdsFailover({ client: fake.client(), metrics: instanceReadings(values) });

const replica = (overrides: object) => ({
  status: 'available',
  available: true,
  engine: 'postgres',
  lagSeconds: null,
  managed: false,
  leaving: false,
  ...overrides,
});

describe('looking at an RDS source and its replicas', () => {
  it('sees each replica with its lag; −1 and no data are unknown', async () => {
    const fake = aSource();
    fake.tag('orders-1', RESOURCE_TAGS.managed, 'true');
    fake.tag('orders-2', RESOURCE_TAGS.leaving, new Date(NOW).toISOString());
    fake.one('orders-2').DBInstanceStatus = 'backing-up';
    expect(
      await over(fake, { 'ReplicaLag orders-1': 4, 'ReplicaLag orders-2': -1 }).look(REPLICAS, NOW),
    ).toEqual({
      source: { id: 'orders', status: 'available', healthy: true, engine: 'postgres' },
      replicas: [
        replica({ id: 'orders-1', lagSeconds: 4, managed: true }),
        replica({ id: 'orders-2', status: 'backing-up', available: false, leaving: true }),
      ],
      busy: null,
      losesLag: true,
    });
  });

  it.each([
    ['backing-up', true],
    ['rebooting', true],
    ['modifying', true],
    ['storage-full', false],
    ['failed', false],
    ['stopped', false],
    ['inaccessible-encryption-credentials', false],
  ])('takes a source that is %s for healthy: %s', async (status, healthy) => {
    const fake = aSource();
    fake.one('orders').DBInstanceStatus = status;
    expect((await over(fake).look(REPLICAS, NOW)).source).toMatchObject({ status, healthy });
  });

  it('leaves out what follows another source, and asks for no replicas where there are none', async () => {
    const fake = aSource();
    fake.one('orders-1').ReadReplicaSourceDBInstanceIdentifier = 'other';
    expect((await over(fake).look(REPLICAS, NOW)).replicas.map(({ id }) => id)).toEqual(['orders-2']);
    fake.one('orders').ReadReplicaDBInstanceIdentifiers = undefined;
    expect((await over(fake).look(REPLICAS, NOW)).replicas).toEqual([]);
  });

  it('says what happens to the replicas of a source that is gone', async () => {
    const fake = aSource();
    fake.instances.shift();
    await expect(over(fake).look(REPLICAS, NOW)).rejects.toMatchObject({
      code: 'target-missing',
      message: expect.stringContaining('RDS promotes the replicas of a source that is deleted by itself'),
    });
  });

  it('names a fault of RDS for the caller, at each of its looks', async () => {
    for (const failing of [1, 2]) {
      const fake = aSource();
      let looks = 0;
      fake.onCall = () => {
        looks += 1;
        return looks === failing ? awsError('AccessDenied', 'not yours', 403) : undefined;
      };
      await expect(over(fake).look(REPLICAS, NOW)).rejects.toMatchObject({ code: 'denied' });
    }
  });
});

describe('looking at an Aurora cluster that may fail over', () => {
  it('sees the readers with a lag in seconds, and no writer where there is none', async () => {
    const fake = FakeRds.cluster('shop', 1);
    const failover = over(fake, { 'AuroraReplicaLag shop-1': 18 });
    expect(await failover.look(READERS, NOW)).toEqual({
      source: { id: 'shop-w', status: 'available', healthy: true, engine: 'aurora-postgresql' },
      replicas: [replica({ id: 'shop-1', engine: 'aurora-postgresql', lagSeconds: 0.018 })],
      busy: null,
      losesLag: false,
    });
    fake.makeWriter('shop-1');
    for (const member of fake.clusters[0]?.DBClusterMembers ?? []) member.IsClusterWriter = false;
    expect(await failover.look(READERS, NOW)).toMatchObject({ source: null, busy: null });
  });

  it('is busy while the cluster is at something else, but not for a writer that is down', async () => {
    const fake = FakeRds.cluster('shop', 1);
    fake.one('shop-w').DBInstanceStatus = 'failed';
    Object.assign(fake.clusters[0] ?? {}, { Status: 'backing-up' });
    expect(await over(fake).look(READERS, NOW)).toMatchObject({ source: { healthy: false }, busy: null });
    Object.assign(fake.clusters[0] ?? {}, { Status: 'failing-over' });
    expect((await over(fake).look(READERS, NOW)).busy).toMatch(/failing over/);
  });
});

describe('promoting', () => {
  it('protects an RDS replica from every scale-in before it is promoted', async () => {
    const fake = aSource();
    const { options } = await anAwsAccount([fake.service()]);
    await connectFailover(options).promote(REPLICAS, 'orders-1');
    expect(fake.changes).toEqual(['tag orders-1 plimsoll:protected', 'promote orders-1']);
  });

  it('takes the protection off again when RDS refuses, unless it was there before', async () => {
    for (const wasProtected of [false, true]) {
      const fake = aSource();
      if (wasProtected) fake.tag('orders-1', RESOURCE_TAGS.protected, 'true');
      fake.onCall = (operation) =>
        operation === 'PromoteReadReplica'
          ? new rds.InvalidDBInstanceStateFault({
              message: 'backing up',
              $metadata: { httpStatusCode: 400 },
            })
          : undefined;
      await expect(over(fake).promote(REPLICAS, 'orders-1')).rejects.toMatchObject({ retryable: true });
      expect(fake.tagged('orders-1', RESOURCE_TAGS.protected)).toBe(wasProtected ? 'true' : undefined);
    }
  });

  it('keeps the protection when nobody knows whether RDS has promoted it', async () => {
    const fake = aSource();
    fake.onCall = (operation) =>
      operation === 'PromoteReadReplica' ? awsError('InternalFailure', 'a bad moment', 500) : undefined;
    await expect(over(fake).promote(REPLICAS, 'orders-1')).rejects.toMatchObject({ code: 'unavailable' });
    expect(fake.tagged('orders-1', RESOURCE_TAGS.protected)).toBe('true');
  });

  it('reports the refusal, also when the protection cannot be taken off', async () => {
    const fake = aSource();
    fake.onCall = (operation) =>
      /Promote|RemoveTags/.test(operation) ? awsError('AccessDenied', `no ${operation}`, 403) : undefined;
    await expect(over(fake).promote(REPLICAS, 'orders-1')).rejects.toThrow(/no PromoteReadReplica/);
  });

  it('promotes nothing that does not follow the source any more', async () => {
    const fake = aSource();
    fake.one('orders-1').ReadReplicaSourceDBInstanceIdentifier = undefined;
    await expect(over(fake).promote(REPLICAS, 'orders-1')).rejects.toMatchObject({
      code: 'rejected',
      message: 'could not promote orders-1: it is no replica of orders',
    });
    expect(fake.changes).toEqual([]);
  });

  it('fails an Aurora cluster over to the reader that is named', async () => {
    const fake = FakeRds.cluster('shop', 2);
    await over(fake).promote(READERS, 'shop-2');
    expect(fake.changes).toEqual(['fail over shop to shop-2']);
    expect(fake.writerOf('shop')).toBe('shop-2');
    fake.onCall = () => new rds.InvalidDBClusterStateFault({ message: 'busy', $metadata: {} });
    await expect(over(fake).promote(READERS, 'shop-1')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('fail the cluster shop over to shop-1'),
    });
  });
});
