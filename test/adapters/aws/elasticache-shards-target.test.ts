import * as elasticache from '@aws-sdk/client-elasticache';
import { describe, expect, it } from 'vitest';
import { modelledService } from '../../../functions/local/aws-endpoint/service.ts';
import { elastiCacheShardsTarget } from '../../../shared/adapters/aws/elasticache-shards-target.ts';
import type { MetricReading, SizeLimit } from '../../../shared/core/capacity.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import { targetId } from '../../../shared/core/target.ts';
import type { PresentResource } from '../../../shared/ports/capacity-target.ts';
import { aCacheAccount, aCachePolicy, pass, SHARDS } from '../../support/a-cache.ts';
import { anOrder } from '../../support/an-order.ts';
import { anAwsAccount } from '../../support/aws-account.ts';
import { NOW } from '../../support/now.ts';

const policies = [aCachePolicy(SHARDS)];

const aWorld = async (options: Partial<Parameters<typeof aCacheAccount>[0]> = {}) => {
  const account = await aCacheAccount({ policies, ...options });
  const target = account.targets['elasticache-shards'];
  const look = async (): Promise<PresentResource> => {
    const seen = (await target.describe([SHARDS], account.plant.now())).get(targetId(SHARDS));
    if (seen?.kind !== 'present') throw new Error(JSON.stringify(seen));
    return seen;
  };
  const ask = (size: number) => target.resize(SHARDS, anOrder(size, { now: account.plant.now() }));
  return { ...account, target, look, ask };
};

const inward = ({ limits }: PresentResource): SizeLimit | undefined =>
  limits?.find(({ direction }) => direction === 'in');

/** A group of some shards with two nodes each, whose nodes fill so much of their memory. */
async function aGroup(memory: Readonly<Record<string, number>>, group: elasticache.ReplicationGroup = {}) {
  const shards = ['0001', '0002', '0003', '0004'];
  const NodeGroups = shards.map((id) => ({
    NodeGroupId: id,
    Status: 'available',
    NodeGroupMembers: ['001', '002'].map((node) => ({ CacheClusterId: `sessions-${id}-${node}` })),
  }));
  const seen = {
    ReplicationGroupId: 'sessions',
    Status: 'available',
    ClusterEnabled: true,
    NodeGroups,
    ...group,
  };
  const service = modelledService({ name: 'elasticache' }, elasticache, {
    DescribeReplicationGroups: () => ({ ReplicationGroups: [seen] }),
    DescribeCacheClusters: () => ({ CacheClusters: [] }),
  });
  const client = new elasticache.ElastiCacheClient((await anAwsAccount([service])).options);
  const metrics = {
    read: async (requests: readonly { readonly key: string }[]) =>
      new Map(
        requests.flatMap(({ key }): [string, MetricReading][] => {
          const value = memory[key];
          return value === undefined ? [] : [[key, { kind: 'value', value, at: NOW }]];
        }),
      ),
  };
  return { client, target: elastiCacheShardsTarget({ client, metrics }) };
}

const observed = async (memory: Readonly<Record<string, number>>, group?: elasticache.ReplicationGroup) =>
  (await (await aGroup(memory, group)).target.describe([SHARDS], NOW)).get(targetId(SHARDS));

const evenly = (percent: number) =>
  Object.fromEntries(['0001', '0002', '0003', '0004'].map((id) => [`sessions-${id}-001`, percent]));

describe('shards of a replication group', () => {
  it('grow: nodes first, then the slots move, and the progress is said in words', async () => {
    const { plant, look, ask, calls } = await aWorld({ cache: { shards: 2, replicas: 1 } });
    expect((await look()).capacity).toEqual({ desired: 2, running: 2, ready: 2, pending: 0 });

    await ask(3);
    expect((await look()).capacity).toEqual({ desired: 3, running: 2, ready: 2, pending: 1 });
    const details = new Set<string>();
    let seconds = 0;
    for (; (await look()).capacity.pending > 0; seconds += 30) {
      await ask(3);
      details.add(inward(await look())?.detail ?? '');
      pass(plant, 30);
    }
    expect(seconds).toBeGreaterThanOrEqual(420);
    expect(seconds).toBeLessThanOrEqual(1230);
    expect(
      [...details].some((detail) => /modifying \([1-9]\d? % of the slots to move have moved\)/.test(detail)),
    ).toBe(true);
    expect((await look()).capacity).toEqual({ desired: 3, running: 3, ready: 3, pending: 0 });
    expect(calls.filter(({ operation }) => /^Modify/.test(operation))).toHaveLength(1);
  });

  it('report one by one: the first node of each', async () => {
    const seen = await observed({});
    const units = seen?.kind === 'present' ? seen.units : [];
    expect(units?.map(({ id }) => id)).toEqual(
      ['0001', '0002', '0003', '0004'].map((id) => `sessions-${id}-001`),
    );
  });

  it('shrink: the shards with the highest ids go, once their slots have moved', async () => {
    const { plant, client, look, ask } = await aWorld({
      cache: { shards: 4, replicas: 0, usedMemoryShare: 0.2 },
    });
    await ask(2);
    pass(plant, 60);
    expect((await look()).capacity).toMatchObject({ desired: 4, running: 4 });
    pass(plant, 720);
    expect((await look()).capacity).toEqual({ desired: 2, running: 2, ready: 2, pending: 0 });
    const { ReplicationGroups } = await client.send(new elasticache.DescribeReplicationGroupsCommand({}));
    expect(ReplicationGroups?.[0]?.NodeGroups?.map(({ NodeGroupId, Slots }) => [NodeGroupId, Slots])).toEqual(
      [
        ['0001', '0-8191'],
        ['0002', '8192-16383'],
      ],
    );
  });

  it('that are stuck in a migration stay in flight', async () => {
    const { plant, look, ask } = await aWorld({ cache: { shards: 2, replicas: 0 } });
    plant.caches.stickMigration('sessions');
    await ask(3);
    pass(plant, 3600);
    expect(await look()).toMatchObject({ capacity: { desired: 3, running: 2, pending: 1 } });
    expect(inward(await look())?.detail).toContain('0 % of the slots to move have moved');
    plant.caches.stickMigration('sessions', false);
    pass(plant, 720);
    expect((await look()).capacity.pending).toBe(0);
  });

  it('go no further than the memory of those that stay allows, by the real metrics of the account', async () => {
    const { look } = await aWorld({ cache: { shards: 4, replicas: 1, usedMemoryShare: 0.5 } });
    // Half of four shards is 200 % of one: at most 75 % of each needs three.
    expect(inward(await look())).toMatchObject({
      size: 3,
      reason: 'resource-limit',
      detail: expect.stringMatching(
        /^Shard 000\d of 4 fills 5\d\.\d % of its memory: with at most 75 % the data need 3 shards\.$/,
      ),
    });
  });

  it.each([
    [10, 1],
    [18.75, 1],
    [18.8, 2],
    [56.25, 3],
    [56.3, 4],
    [80, 4],
  ])('of four that fill %d % at least %d stay', async (percent, size) => {
    const seen = await observed(evenly(percent));
    expect(seen).toMatchObject({
      limits: [
        { direction: 'out', size: 250 },
        { direction: 'in', size },
      ],
    });
  });

  it('are judged by the fullest node of the fullest shard', async () => {
    const seen = await observed({ ...evenly(10), 'sessions-0003-002': 40 });
    expect(seen).toMatchObject({
      limits: [{}, { size: 3, detail: expect.stringContaining('Shard 0003 of 4 fills 40.0 %') }],
    });
  });

  it('do not shrink while the memory of one of them is not known', async () => {
    const { 'sessions-0002-001': _gone, ...rest } = evenly(10);
    expect(await observed(rest)).toMatchObject({
      limits: [
        {},
        {
          size: 4,
          detail:
            'Memory not known: no node of shard 0002 reports DatabaseMemoryUsagePercentage. No shard goes while it is not.',
        },
      ],
    });
  });

  it('do not shrink while metrics cannot be read, and are seen all the same', async () => {
    const { client } = await aGroup({});
    const read = async () => {
      throw new ControllerError('throttled', 'slow down', { retryable: true });
    };
    const seen = await elastiCacheShardsTarget({ client, metrics: { read } }).describe([SHARDS], NOW);
    expect(seen.get(targetId(SHARDS))).toMatchObject({
      kind: 'present',
      limits: [{}, { size: 4, detail: expect.stringContaining('slow down') }],
    });
  });

  it('are missing where cluster mode is disabled, and in a global datastore, in words', async () => {
    expect(await observed({}, { ClusterEnabled: false })).toEqual({
      kind: 'missing',
      detail: expect.stringContaining('cluster mode disabled, so it has no shards to scale'),
    });
    const GlobalReplicationGroupInfo = { GlobalReplicationGroupId: 'ldgnf-world' };
    expect(await observed({}, { GlobalReplicationGroupInfo })).toEqual({
      kind: 'missing',
      detail: expect.stringContaining('global datastore ldgnf-world'),
    });
    const { target } = await aGroup({}, { ClusterEnabled: false });
    await expect(target.resize(SHARDS, anOrder(3))).rejects.toMatchObject({ code: 'target-missing' });
  });

  it('are not removed by an order that the data have outgrown', async () => {
    const { target } = await aGroup(evenly(50));
    await expect(target.resize(SHARDS, anOrder(2))).rejects.toMatchObject({
      code: 'rejected',
      retryable: false,
      message: expect.stringContaining('with at most 75 % the data need 3 shards'),
    });
  });

  it('of a group that does not tell its slots while it is at work are those that are not being created', async () => {
    expect(await observed({}, { Status: 'modifying' })).toMatchObject({
      capacity: { desired: 4, running: 4, pending: 0 },
    });
  });
});
