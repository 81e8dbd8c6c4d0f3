import { describe, expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { targetId } from '../../../shared/core/target.ts';
import type { Observation } from '../../../shared/ports/capacity-target.ts';
import { aCacheAccount, aCachePolicy, pass, REPLICAS } from '../../support/a-cache.ts';
import { anOrder } from '../../support/an-order.ts';

const policies = [aCachePolicy(REPLICAS)];

const aWorld = async (options: Partial<Parameters<typeof aCacheAccount>[0]> = {}) => {
  const account = await aCacheAccount({ policies, ...options });
  const target = account.targets['elasticache-replicas'];
  const look = async (): Promise<Observation | undefined> =>
    (await target.describe([REPLICAS], account.plant.now())).get(targetId(REPLICAS));
  const ask = (size: number) => target.resize(REPLICAS, anOrder(size, { now: account.plant.now() }));
  return { ...account, look, ask };
};

describe('replicas of a replication group', () => {
  it('grow: asked for at every look, each is created, and the resize ends when all are there', async () => {
    const { plant, look, ask, calls } = await aWorld({ cache: { replicas: 1 } });
    expect(await look()).toMatchObject({ capacity: { desired: 1, running: 1, ready: 1, pending: 0 } });

    await ask(3);
    expect(await look()).toMatchObject({ capacity: { desired: 3, running: 1, ready: 1, pending: 2 } });
    pass(plant, 60);
    await ask(3);
    expect(calls.filter(({ operation }) => operation === 'IncreaseReplicaCount')).toHaveLength(1);
    pass(plant, 240 - 1);
    expect(await look()).toMatchObject({ capacity: { desired: 3, running: 1 } });
    pass(plant, 301);
    expect(await look()).toMatchObject({ capacity: { desired: 3, running: 3, ready: 3, pending: 0 } });
  });

  it('shrink: a node on its way out still runs, and is not counted as wished', async () => {
    const { plant, look, ask } = await aWorld({ cache: { replicas: 3 } });
    await ask(1);
    expect(await look()).toMatchObject({ capacity: { desired: 1, running: 3, ready: 1, pending: 0 } });
    pass(plant, 180);
    expect(await look()).toMatchObject({ capacity: { desired: 1, running: 1, ready: 1, pending: 0 } });
  });

  it('report one by one: as many as the size, without the primary', async () => {
    const { plant, look, ask } = await aWorld({ cache: { replicas: 1 } });
    await ask(2);
    const units = async () => {
      const seen = await look();
      return seen?.kind === 'present'
        ? seen.units?.map(({ id, phase, ready, deleting }) => [id, phase, ready, deleting])
        : [];
    };
    expect(await units()).toEqual([
      ['sessions-002', 'running', true, false],
      ['sessions-003', 'pending', false, false],
    ]);
    pass(plant, 600);
    await ask(1);
    expect(await units()).toEqual([
      ['sessions-002', 'running', true, false],
      ['sessions-003', 'running', false, true],
    ]);
  });

  it('may be 1 to 5 with automatic failover, and 0 to 5 without', async () => {
    const limits = async (multiAz: boolean) => {
      const observation = await (await aWorld({ cache: { replicas: 1, multiAz } })).look();
      return observation?.kind === 'present' ? observation.limits : undefined;
    };
    expect(await limits(true)).toMatchObject([
      { direction: 'out', size: 5, reason: 'resource-limit' },
      {
        direction: 'in',
        size: 1,
        reason: 'resource-limit',
        detail: expect.stringContaining('at least 1 replica'),
      },
    ]);
    expect(await limits(false)).toMatchObject([{ size: 5 }, { direction: 'in', size: 0 }]);
  });

  it('may all go where cluster mode is enabled, and are fewer where shards are many', async () => {
    const sharded = async (shards: number) =>
      (await aWorld({ cache: { replicas: 1, shards, clusterMode: true, multiAz: true } })).look();
    expect(await sharded(2)).toMatchObject({ limits: [{ size: 5 }, { direction: 'in', size: 0 }] });
    expect(await sharded(100)).toMatchObject({
      limits: [
        {
          size: 4,
          detail: 'With 100 shards a replication group has at most 4 replicas per shard: 500 nodes.',
        },
        {},
      ],
    });
  });

  it('are limited to their size while the group is at work', async () => {
    const { plant, look, ask } = await aWorld({ cache: { replicas: 1 } });
    plant.caches.occupy('sessions', 300);
    expect(await look()).toMatchObject({
      limits: [
        {
          direction: 'out',
          size: 1,
          reason: 'resource-busy',
          detail: expect.stringContaining('snapshotting'),
        },
        { direction: 'in', size: 1, reason: 'resource-busy' },
      ],
    });
    await expect(ask(2)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    pass(plant, 301);
    await ask(2);
    expect(await look()).toMatchObject({ capacity: { desired: 2 } });
  });

  it('that are there already are no error, whatever the description said', async () => {
    const noOperation = awsError('NoOperationFault', 'Requested new replica count already matches.');
    const { ask, calls } = await aWorld({
      cache: { replicas: 1 },
      faults: ({ operation }) => (operation === 'IncreaseReplicaCount' ? noOperation : undefined),
    });
    await ask(1);
    expect(calls.map(({ operation }) => operation)).toEqual(['DescribeReplicationGroups']);
    await ask(2);
    expect(calls.at(-1)).toMatchObject({ operation: 'IncreaseReplicaCount', outcome: 'NoOperationFault' });
  });

  it('that the service has no nodes for are asked for again; those beyond a quota are refused', async () => {
    const { plant, ask } = await aWorld({ cache: { replicas: 1 } });
    plant.caches.exhaustCapacity('sessions');
    await expect(ask(2)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    const many = await aWorld({ cache: { replicas: 1, shards: 20, clusterMode: true } });
    await expect(many.ask(4)).rejects.toMatchObject({
      code: 'rejected',
      retryable: false,
      message: expect.stringContaining('NodeQuotaForClusterExceeded'),
    });
  });

  it('of a group that is gone are missing', async () => {
    const { plant, look, ask } = await aWorld();
    plant.caches.delete('sessions');
    expect(await look()).toMatchObject({
      kind: 'missing',
      detail: expect.stringContaining('there is no replication group sessions; a Memcached cluster'),
    });
    await expect(ask(2)).rejects.toMatchObject({ code: 'target-missing', retryable: false });
  });

  it('of many groups are seen with one listing, page by page', async () => {
    const targets = Array.from({ length: 150 }, (_, index) => ({
      ...REPLICAS,
      replicationGroup: `group-${index}`,
    }));
    const {
      plant,
      targets: adapters,
      calls,
    } = await aWorld({
      policies: targets.map((target) => aCachePolicy(target, { name: target.replicationGroup })),
    });
    const seen = await adapters['elasticache-replicas'].describe(targets, plant.now());
    expect([...seen.values()].every(({ kind }) => kind === 'present')).toBe(true);
    expect(calls.map(({ operation }) => operation)).toEqual(Array(2).fill('DescribeReplicationGroups'));
  });

  it('cannot be looked at without permission: that is an error, and not a missing group', async () => {
    const denied = awsError('AccessDenied', 'not authorized', 403);
    const { look } = await aWorld({ faults: () => denied });
    await expect(look()).rejects.toMatchObject({ code: 'denied' });
  });
});
