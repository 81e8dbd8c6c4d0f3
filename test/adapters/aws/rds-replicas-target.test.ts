import { RDSClient } from '@aws-sdk/client-rds';
import { beforeEach, describe, expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { replicaName } from '../../../shared/adapters/aws/rds/create.ts';
import { rdsReplicasTarget } from '../../../shared/adapters/aws/rds-replicas-target.ts';
import { type RdsReplicasTarget, RESOURCE_TAGS, targetId } from '../../../shared/core/target.ts';
import type { PresentResource } from '../../../shared/ports/capacity-target.ts';
import { A_RECORD, aReplicasTarget } from '../../support/a-replicas-target.ts';
import { TinyTraffic } from '../../support/a-traffic.ts';
import { anOrder } from '../../support/an-order.ts';
import { TinyRds } from '../../support/an-rds.ts';
import { anAwsAccount } from '../../support/aws-account.ts';

let rds: TinyRds;
let traffic: TinyTraffic;
let fault: (operation: string, when: 'before' | 'after', id: string) => Error | undefined;

beforeEach(() => {
  rds = new TinyRds();
  traffic = new TinyTraffic();
  fault = () => undefined;
});

const adapter = () =>
  rdsReplicasTarget({ client: rds.client((...call) => fault(...call)), metrics: rds, traffic });

const observe = async (target: RdsReplicasTarget = aReplicasTarget()) =>
  (await adapter().describe([target], rds.now)).get(targetId(target));

const look = async (target?: RdsReplicasTarget): Promise<PresentResource> => {
  const seen = await observe(target);
  if (seen?.kind !== 'present') throw new Error(JSON.stringify(seen));
  return seen;
};

const resize = (size: number, target: RdsReplicasTarget = aReplicasTarget(), resizeId = 'resize-1') =>
  adapter().resize(target, anOrder(size, { now: rds.now, resizeId }));

describe('looking at read replicas', () => {
  it('counts replicas of the source alone, whoever made them', async () => {
    rds.source('orders');
    rds.source('other');
    rds.replica('orders-1', 'orders');
    rds.replica('by-hand', 'orders', { managed: false });
    rds.replica('foreign', 'other');
    const { capacity, units, unfinished } = await look();
    expect(capacity).toEqual({ desired: 2, running: 2, ready: 2, pending: 0 });
    expect(
      units?.map(({ id, phase, ready, deleting, startedSecondsAgo }) => [
        id,
        phase,
        ready,
        deleting,
        startedSecondsAgo,
      ]),
    ).toEqual([
      ['orders-1', 'running', true, false, 86_400],
      ['by-hand', 'running', true, false, 86_400],
    ]);
    expect(unfinished).toBeNull();
  });

  it('tells a source from one of the same name in another region', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders', {
      ReadReplicaSourceDBInstanceIdentifier: 'arn:aws:rds:eu-central-1:123456789012:db:orders',
    });
    rds.replica('of-virginia', 'orders', {
      ReadReplicaSourceDBInstanceIdentifier: 'arn:aws:rds:us-east-1:123456789012:db:orders',
    });
    expect((await look()).units?.map(({ id }) => id)).toEqual(['orders-1']);
  });

  it('reads a long list to its last page, once for many targets', async () => {
    rds.pageSize = 3;
    const { calls, options } = await anAwsAccount([rds.service()]);
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      rds.source(name);
      rds.replica(`${name}-1`, name);
    }
    const wired = rdsReplicasTarget({ client: new RDSClient(options), metrics: rds, traffic });
    const targets = ['a', 'b', 'c', 'd', 'e'].map((source) => aReplicasTarget({ source }));
    const seen = await wired.describe(targets, rds.now);
    expect([...seen.values()]).toMatchObject(
      targets.map(() => ({ kind: 'present', capacity: { desired: 1 } })),
    );
    expect(calls).toHaveLength(4);
  });

  it.each<[string, Parameters<TinyRds['source']>[1], string]>([
    [
      'a replica',
      { ReadReplicaSourceDBInstanceIdentifier: 'main' },
      'is itself a read replica of main: name main as the source',
    ],
    ['in a cluster', { DBClusterIdentifier: 'aurora', Engine: 'aurora-mysql' }, 'aurora-readers'],
    [
      'of another engine',
      { Engine: 'oracle-ee' },
      'runs oracle-ee: Plimsoll scales read replicas of mysql, mariadb, postgres',
    ],
  ])('has nothing to scale where the source is %s', async (_what, instance, detail) => {
    rds.source('orders', instance);
    expect(await observe()).toEqual({ kind: 'missing', detail: expect.stringContaining(detail) });
    await expect(resize(2)).rejects.toMatchObject({ code: 'target-missing' });
  });

  it.each<[string, number, number, number]>([
    ['creating', 0, 0, 1],
    ['backing-up', 1, 1, 0],
    ['modifying', 1, 0, 0],
    ['storage-optimization', 1, 1, 0],
    ['rebooting', 0, 0, 1],
    ['deleting', 0, 0, 0],
    ['failed', 0, 0, 0],
    ['incompatible-network', 0, 0, 0],
  ])('knows what %s means', async (status, running, ready, pending) => {
    rds.source('orders');
    rds.replica('orders-1', 'orders', { DBInstanceStatus: status });
    expect((await look()).capacity).toMatchObject({ running, ready, pending });
  });

  it('takes the first backup of a new replica for a part of its creation', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders', {
      DBInstanceStatus: 'backing-up',
      InstanceCreateTime: new Date(rds.now - 60_000),
    });
    expect((await look()).capacity).toEqual({ desired: 1, running: 0, ready: 0, pending: 1 });
  });

  it.each([
    [0, 1],
    [30, 1],
    [31, 0],
    [-1, 0],
    [undefined, 0],
  ])('with a lag of %s s at a limit of 30 s there are %s ready', async (lag, ready) => {
    rds.source('orders');
    rds.replica('orders-1', 'orders').lag = lag;
    expect((await look()).capacity).toMatchObject({ running: 1, ready });
  });

  it.each([
    ['an idle PostgreSQL source', 'postgres', 290, 50, 1],
    ['a PostgreSQL source that is written to', 'postgres', 290, 50_000, 0],
    ['a PostgreSQL source of which nothing is known', 'postgres', 290, undefined, 0],
    ['more lag than an idle source shows', 'postgres', 400, 50, 0],
    ['an idle MySQL source', 'mysql', 290, 50, 0],
  ])('tells %s apart', async (_what, Engine, lag, wal, ready) => {
    rds.source('orders', { Engine });
    rds.replica('orders-1', 'orders').lag = lag;
    rds.wal = wal;
    expect((await look()).capacity.ready).toBe(ready);
  });

  it('waits for the warm-up of what we made, until it is marked or its time is over', async () => {
    const target = aReplicasTarget({ warmUp: { plan: 'popular', withinSeconds: 900 } });
    rds.source('orders');
    const InstanceCreateTime = new Date(rds.now - 100_000);
    rds.replica('orders-1', 'orders', { InstanceCreateTime });
    rds.replica('by-hand', 'orders', { InstanceCreateTime, managed: false });
    expect(await look(target)).toMatchObject({
      capacity: { running: 2, ready: 1 },
      awaitingWarmUp: ['orders-1'],
    });
    rds.advance(801);
    expect(await look(target)).toMatchObject({ capacity: { ready: 2 }, awaitingWarmUp: [] });
    rds.get('orders-1').instance.InstanceCreateTime = new Date(rds.now);
    rds.setTag('orders-1', RESOURCE_TAGS.warmed, 'now');
    expect(await look(target)).toMatchObject({ capacity: { ready: 2 }, awaitingWarmUp: [] });
  });
});

describe('how far replicas may go', () => {
  it('counts every replica of the source against the limit of the engine, those in other regions too', async () => {
    rds.source('orders', {
      ReadReplicaDBInstanceIdentifiers: ['orders-1', 'arn:aws:rds:us-east-1:123456789012:db:far'],
    });
    rds.replica('orders-1', 'orders');
    expect((await look()).limits).toEqual([
      {
        direction: 'out',
        size: 14,
        reason: 'resource-limit',
        detail: 'mysql takes 15 read replicas of one source, and orders has 2',
      },
    ]);
    await expect(resize(20)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('mysql takes 15 read replicas of one source'),
    });
    expect(rds.created).toHaveLength(13);
  });

  it('lets only those go that we made and nobody protects', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders');
    rds.replica('by-hand', 'orders', { managed: false });
    rds.replica('kept', 'orders', { tags: { [RESOURCE_TAGS.protected]: 'true' } });
    expect((await look()).limits).toContainEqual({
      direction: 'in',
      size: 2,
      reason: 'resource-limit',
      detail:
        '1 of 3 replicas were not made by Plimsoll, and 1 of 3 replicas are protected or have replicas of their own',
    });
    await expect(resize(0)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('only 1 can'),
    });
    expect(
      ['orders-1', 'by-hand', 'kept'].map((id) => rds.tag(id, RESOURCE_TAGS.leaving) !== undefined),
    ).toEqual([true, false, false]);
  });

  it('lets one on its way out stay where there is no room for another', async () => {
    rds.source('orders');
    for (let index = 1; index <= 15; index += 1) rds.replica(`orders-${index}`, 'orders').connections = 50;
    await resize(14);
    expect((await look()).limits?.[0]).toMatchObject({ direction: 'out', size: 15 });
    await resize(15);
    expect((await look()).capacity.desired).toBe(15);
    expect(rds.created).toEqual([]);
  });

  it('keeps one that has replicas of its own', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders', { ReadReplicaDBInstanceIdentifiers: ['orders-1-1'] });
    rds.replica('orders-1-1', 'orders-1');
    await expect(resize(0)).rejects.toMatchObject({ code: 'rejected' });
    expect((await look()).capacity.desired).toBe(1);
  });

  it('goes nowhere while the source is at work', async () => {
    rds.source('orders', { DBInstanceStatus: 'modifying' });
    rds.replica('orders-1', 'orders');
    const busy = {
      size: 1,
      reason: 'resource-busy',
      detail: 'the source orders is modifying, not available',
    };
    expect((await look()).limits?.slice(1)).toEqual([
      { direction: 'out', ...busy },
      { direction: 'in', ...busy },
    ]);
    await expect(resize(2)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(rds.created).toEqual([]);
  });

  it('does not grow without backups, and says what to do', async () => {
    rds.source('orders', { BackupRetentionPeriod: 0 });
    expect((await look()).limits).toEqual([
      {
        direction: 'out',
        size: 0,
        reason: 'resource-limit',
        detail: expect.stringContaining('set its backup retention period to 1 day or more'),
      },
    ]);
    await expect(resize(1)).rejects.toMatchObject({ code: 'rejected' });
  });
});

describe('making read replicas', () => {
  it('makes them like their source, spread over zones, with names that come from the resize', async () => {
    rds.source('orders', {
      StorageType: 'io1',
      Iops: 3000,
      MonitoringInterval: 30,
      MonitoringRoleArn: 'arn:aws:iam::123456789012:role/monitor',
      IAMDatabaseAuthenticationEnabled: true,
      CopyTagsToSnapshot: true,
    });
    rds.replica('orders-1', 'orders', { AvailabilityZone: 'eu-central-1a' });
    await resize(3);
    expect(rds.created[0]).toEqual({
      DBInstanceIdentifier: replicaName('orders', 'resize-1', 1),
      SourceDBInstanceIdentifier: 'orders',
      DBInstanceClass: 'db.r6g.large',
      AvailabilityZone: 'eu-central-1b',
      Port: 3306,
      OptionGroupName: 'orders-options',
      VpcSecurityGroupIds: ['sg-1', 'sg-2'],
      PubliclyAccessible: false,
      CopyTagsToSnapshot: true,
      EnableIAMDatabaseAuthentication: true,
      StorageType: 'io1',
      Iops: 3000,
      MonitoringInterval: 30,
      MonitoringRoleArn: 'arn:aws:iam::123456789012:role/monitor',
      MultiAZ: false,
      DeletionProtection: false,
      Tags: [
        { Key: 'plimsoll:managed', Value: 'true' },
        { Key: 'plimsoll:policy', Value: 'web' },
        { Key: 'plimsoll:resize', Value: 'resize-1' },
      ],
    });
    expect(rds.created.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual([
      'eu-central-1b',
      'eu-central-1c',
    ]);
    expect((await look()).capacity).toEqual({ desired: 3, running: 1, ready: 1, pending: 2 });
    rds.advance(300);
    expect((await look()).capacity).toMatchObject({ running: 1, pending: 2 });
    rds.advance(120);
    expect((await look()).capacity).toEqual({ desired: 3, running: 3, ready: 3, pending: 0 });
  });

  it.each(['orders', 'a'.repeat(63), `${'a'.repeat(41)}-${'b'.repeat(20)}`, 'x'])(
    'names replicas of %s so that RDS takes it',
    (source) => {
      const names = [1, 2, 15].map((place) => replicaName(source, 'resize-1', place));
      for (const name of names) expect(name).toMatch(/^[a-z](-?[a-z0-9])*$/);
      expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(63);
      expect(replicaName(source, 'resize-2', 1)).not.toBe(names[0]);
    },
  );

  it('meets its own replica when an answer was lost, also before the list shows it', async () => {
    rds.source('orders');
    fault = (operation, when) =>
      operation === 'CreateDBInstanceReadReplica' && when === 'after'
        ? awsError('InternalFailure', 'lost', 500)
        : undefined;
    await expect(resize(1)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    fault = () => undefined;
    const [hidden] = rds.replicasOf('orders');
    if (hidden) hidden.instance.ReadReplicaSourceDBInstanceIdentifier = undefined;
    await resize(1);
    expect(rds.created).toHaveLength(1);
    if (hidden) hidden.instance.ReadReplicaSourceDBInstanceIdentifier = 'orders';
    await resize(1);
    expect(rds.created).toHaveLength(1);
  });

  it('goes to the next zone, then to the next class, and says at the end what it tried', async () => {
    const target = aReplicasTarget({
      classes: ['db.r6g.large', 'db.r6i.large'],
      zones: ['eu-central-1a', 'eu-central-1b'],
    });
    rds.source('orders');
    rds.full
      .add('db.r6g.large eu-central-1a')
      .add('db.r6g.large eu-central-1b')
      .add('db.r6i.large eu-central-1a');
    await resize(1, target);
    expect(rds.created).toMatchObject([
      { DBInstanceClass: 'db.r6i.large', AvailabilityZone: 'eu-central-1b' },
    ]);
    rds.full.add('db.r6i.large eu-central-1b');
    await expect(resize(2, target)).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: expect.stringContaining(
        'db.r6g.large in eu-central-1a, db.r6g.large in eu-central-1b, db.r6i.large in eu-central-1a, db.r6i.large in eu-central-1b',
      ),
    });
  });

  it.each([
    ['InstanceQuotaExceeded', 400, 'rejected', false],
    ['StorageQuotaExceeded', 400, 'rejected', false],
    ['Throttling', 400, 'throttled', true],
    ['AccessDenied', 403, 'denied', false],
    ['InvalidDBInstanceState', 400, 'unavailable', true],
    ['DBInstanceNotFound', 404, 'target-missing', false],
  ] as const)('names %s for the caller', async (name, status, code, retryable) => {
    rds.source('orders');
    fault = (operation) => (operation.startsWith('Create') ? awsError(name, 'no', status) : undefined);
    await expect(resize(1)).rejects.toMatchObject({ code, retryable });
  });

  it('lets one that is on its way out stay, instead of making another', async () => {
    const target = aReplicasTarget({ endpoint: A_RECORD });
    rds.source('orders');
    rds.replica('orders-1', 'orders').connections = 50;
    rds.replica('orders-2', 'orders').connections = 60;
    await resize(2, target);
    await resize(1, target);
    expect(traffic.inTraffic).toEqual(['orders-2']);
    rds.advance(60);
    await resize(3, target);
    expect(rds.tag('orders-1', RESOURCE_TAGS.leaving)).toBeUndefined();
    expect(traffic.inTraffic).toEqual(['orders-1', 'orders-2']);
    expect(rds.created).toHaveLength(1);
    expect(rds.deleted).toEqual([]);
  });
});

describe('letting read replicas go', () => {
  it('picks what does not serve, then the least used, never one of unknown use before, and of equals the newest', async () => {
    rds.source('orders');
    rds.replica('busy', 'orders').connections = 40;
    rds.replica('unknown', 'orders').connections = undefined;
    rds.replica('behind', 'orders').lag = 99;
    rds.replica('old', 'orders').connections = 3;
    rds.replica('new', 'orders', { InstanceCreateTime: new Date(rds.now - 7200_000) }).connections = 3;
    const order: string[] = [];
    for (const size of [4, 3, 2, 1]) {
      await resize(size);
      const leaving = [...rds.databases.keys()].filter(
        (id) => rds.tag(id, RESOURCE_TAGS.leaving) !== undefined,
      );
      order.push(...leaving.filter((id) => !order.includes(id)));
    }
    expect(order).toEqual(['behind', 'new', 'old', 'busy']);
  });

  it('takes it out of the endpoint, waits for its clients and the cached name, and deletes it', async () => {
    const target = aReplicasTarget({ endpoint: A_RECORD });
    rds.source('orders');
    rds.replica('orders-1', 'orders').connections = 50;
    rds.replica('orders-2', 'orders').connections = 60;
    await resize(2, target);
    await resize(1, target);
    expect(traffic.states).toEqual(
      new Map([
        ['orders-1', 'draining'],
        ['orders-2', 'in-traffic'],
      ]),
    );
    expect((await look(target)).capacity).toEqual({ desired: 1, running: 1, ready: 1, pending: 0 });
    expect((await look(target)).unfinished).toContain(
      'orders-1 is on its way out since 2026-03-02T10:03:06.000Z',
    );

    for (let minute = 0; minute < 3; minute += 1) {
      rds.advance(60);
      await resize(1, target);
    }
    expect(rds.deleted).toEqual([]);
    rds.get('orders-1').connections = 5;
    rds.advance(60);
    await resize(1, target);
    expect(rds.deleted.map(({ id }) => id)).toEqual(['orders-1']);
    expect(await look(target)).toMatchObject({
      capacity: { desired: 1, running: 1 },
      unfinished: expect.stringContaining('orders-1 is being deleted'),
    });
    await resize(1, target);
    expect(traffic.states).toEqual(new Map([['orders-2', 'in-traffic']]));
    rds.advance(200);
    expect(await look(target)).toMatchObject({ capacity: { desired: 1, running: 1 }, unfinished: null });
  });

  it('waits for the name to leave the caches, also when there are no connections', async () => {
    const target = aReplicasTarget({ endpoint: { ...A_RECORD, ttlSeconds: 300 } });
    rds.source('orders');
    rds.replica('orders-1', 'orders');
    await resize(1, target);
    await resize(0, target);
    for (let second = 0; second < 300; second += 60) {
      expect(rds.deleted).toEqual([]);
      rds.advance(60);
      await resize(0, target);
    }
    expect(rds.deleted).toHaveLength(1);
  });

  it.each([[undefined], [1000]])(
    'deletes after the drain time with %s connections, and not a second before',
    async (connections) => {
      rds.source('orders');
      rds.replica('orders-1', 'orders').connections = connections;
      await resize(0);
      rds.advance(599);
      await resize(0);
      expect(rds.deleted).toEqual([]);
      rds.advance(1);
      await resize(0);
      expect(rds.deleted).toHaveLength(1);
    },
  );

  it('does not take connections from before it left for those of now', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders').connections = 0;
    await resize(0);
    rds.advance(30);
    await resize(0);
    expect(rds.deleted).toEqual([]);
  });

  it('looks again before it deletes: a tag that was set a moment ago counts', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders').connections = 0;
    await resize(0);
    rds.advance(120);
    fault = (operation, when, id) => {
      if (operation === 'DescribeDBInstances' && when === 'before' && id === 'orders-1')
        rds.setTag('orders-1', RESOURCE_TAGS.protected, 'true');
      return undefined;
    };
    await resize(0);
    expect(rds.deleted).toEqual([]);
  });

  it('tries a refused deletion again, and says so until it is gone', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders').connections = 0;
    rds.replica('orders-2', 'orders').connections = 0;
    await resize(0);
    rds.advance(120);
    fault = (operation, _when, id) =>
      operation === 'DeleteDBInstance' && id === 'orders-1'
        ? awsError('InvalidDBInstanceState', 'busy')
        : undefined;
    await expect(resize(0)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(rds.deleted.map(({ id }) => id)).toEqual(['orders-2']);
    expect((await look()).unfinished).toContain('orders-1 is on its way out');
    fault = () => undefined;
    await resize(0);
    expect(rds.deleted.map(({ id }) => id)).toEqual(['orders-2', 'orders-1']);
  });

  it('replaces one of ours that failed, and leaves one that failed by hand', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders', { DBInstanceStatus: 'failed' });
    rds.replica('by-hand', 'orders', { DBInstanceStatus: 'failed', managed: false });
    expect(await look()).toMatchObject({
      capacity: { desired: 0 },
      unfinished: 'the replica orders-1 is failed and has to be deleted',
    });
    await resize(1);
    expect(rds.deleted.map(({ id }) => id)).toEqual(['orders-1']);
    expect(rds.created).toHaveLength(1);
  });

  it('deletes one that never began to serve without waiting', async () => {
    rds.source('orders');
    rds.stuck = true;
    await resize(1);
    await resize(0);
    rds.advance(60);
    await resize(0);
    expect(rds.deleted).toHaveLength(1);
  });
});

describe('keeping an endpoint', () => {
  const target = aReplicasTarget({ endpoint: A_RECORD });

  it('lets in who is ready, takes out who is not, forgets who is gone, and says what does not match', async () => {
    rds.source('orders');
    rds.replica('ready', 'orders');
    rds.replica('behind', 'orders').lag = 99;
    rds.replica('unknown', 'orders').lag = -1;
    for (const unit of ['behind', 'unknown', 'gone', 'orders']) traffic.states.set(unit, 'in-traffic');
    const { unfinished } = await look(target);
    expect(unfinished).toBe(
      'the endpoint read.orders.test does not have ready, which is ready, and still has behind, unknown, which is not ready, and still has gone, which is gone',
    );
    await resize(3, target);
    expect(traffic.states).toEqual(
      new Map([
        ['behind', 'draining'],
        ['unknown', 'draining'],
        ['orders', 'in-traffic'],
        ['ready', 'in-traffic'],
      ]),
    );
    expect((await look(target)).unfinished).toBeNull();
  });

  it('takes out the last one, too: no answer is better than an old one', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders');
    await resize(1, target);
    rds.get('orders-1').lag = 300;
    await resize(1, target);
    expect(traffic.inTraffic).toEqual([]);
    rds.get('orders-1').lag = 0;
    await resize(1, target);
    expect(traffic.inTraffic).toEqual(['orders-1']);
  });

  it('marks nobody as leaving who could not be taken out of it', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders');
    await resize(1, target);
    traffic.fault = (verb) => (verb === 'drain' ? awsError('Throttling', 'slow down') : undefined);
    await expect(resize(0, target)).rejects.toMatchObject({ message: expect.stringContaining('slow down') });
    expect(rds.tag('orders-1', RESOURCE_TAGS.leaving)).toBeUndefined();
  });

  it('calls a target whose endpoint cannot be seen unknown, beside one that is seen', async () => {
    rds.source('orders');
    rds.source('other');
    traffic.fault = () => awsError('NoSuchHostedZone', 'no zone', 404);
    const other = aReplicasTarget({ source: 'other' });
    const seen = await adapter().describe([target, other], rds.now);
    expect(seen.get(targetId(target))).toMatchObject({ kind: 'unknown', error: { code: 'target-missing' } });
    expect(seen.get(targetId(other))).toMatchObject({ kind: 'present' });
  });

  it('touches nothing when the metrics cannot be read', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders');
    await resize(1, target);
    rds.read = async () => {
      throw awsError('Throttling', 'slow down');
    };
    await expect(resize(0, target)).rejects.toThrow('slow down');
    expect(traffic.inTraffic).toEqual(['orders-1']);
  });
});

describe('carrying on what an earlier resize left behind', () => {
  const carryOn = (size: number) =>
    adapter().resize(aReplicasTarget(), anOrder(size, { now: rds.now, from: size, keepsSize: true }));

  it('undoes no scale-out that has begun since it was looked at', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders');
    await resize(3);
    await carryOn(1);
    const marked = [...rds.databases.keys()].filter((id) => rds.tag(id, RESOURCE_TAGS.leaving) !== undefined);
    expect(marked).toEqual([]);
  });

  it('makes none in the place of one that went meanwhile, and sees those out that are on their way', async () => {
    rds.source('orders');
    const since = new Date(rds.now - 600_000).toISOString();
    rds.replica('orders-1', 'orders', { tags: { [RESOURCE_TAGS.leaving]: since } });
    await carryOn(1);
    expect(rds.created).toEqual([]);
    expect(rds.deleted.map(({ id }) => id)).toEqual(['orders-1']);
  });
});

describe('giving up a resize', () => {
  it('lets go of the replicas that it asked for and that do not serve, and of no others', async () => {
    rds.source('orders');
    rds.replica('orders-1', 'orders');
    await resize(3);
    const made = [1, 2].map((place) => replicaName('orders', 'resize-1', place));
    rds.get(made[1] ?? '').instance.DBInstanceStatus = 'available';
    const order = anOrder(3, { now: rds.now });
    const said = await adapter().rollBack?.(aReplicasTarget(), order);
    expect(said).toBe(`Given up, and to be deleted as soon as RDS lets it: ${made[0]}.`);
    expect((await look()).capacity).toMatchObject({ desired: 2, pending: 0 });
    await resize(2, undefined, 'leftovers');
    expect(rds.deleted.map(({ id }) => id)).toEqual([made[0]]);
    expect(await adapter().rollBack?.(aReplicasTarget(), order)).toBeNull();
    expect(await adapter().rollBack?.(aReplicasTarget({ source: 'nobody' }), order)).toBeNull();
  });
});
