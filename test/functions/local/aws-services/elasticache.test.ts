import * as elasticache from '@aws-sdk/client-elasticache';
import { describe, expect, it } from 'vitest';
import { aCacheAccount, aCachePolicy, NODE_TYPE, pass, REPLICAS, SHARDS } from '../../../support/a-cache.ts';

const GROUP = { ReplicationGroupId: 'sessions', ApplyImmediately: true };

const sharded = (cache: Parameters<typeof aCacheAccount>[0]['cache'] = {}) =>
  aCacheAccount({ policies: [aCachePolicy(SHARDS)], cache: { shards: 2, replicas: 1, ...cache } });

const nameOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (error: unknown) =>
      error instanceof elasticache.ElastiCacheServiceException ? error.name : String(error),
  );

describe('ElastiCache on the local endpoint', () => {
  it('describes a group in cluster mode with its shards, slots and nodes', async () => {
    const { client } = await sharded();
    const { ReplicationGroups } = await client.send(
      new elasticache.DescribeReplicationGroupsCommand({ ReplicationGroupId: 'sessions' }),
    );
    expect(ReplicationGroups).toMatchObject([
      {
        ReplicationGroupId: 'sessions',
        ARN: 'arn:aws:elasticache:us-east-1:123456789012:replicationgroup:sessions',
        Status: 'available',
        Engine: 'valkey',
        ClusterEnabled: true,
        MultiAZ: 'enabled',
        AutomaticFailover: 'enabled',
        CacheNodeType: 'cache.m7g.large',
        MemberClusters: ['sessions-0001-001', 'sessions-0001-002', 'sessions-0002-001', 'sessions-0002-002'],
        NodeGroups: [
          { NodeGroupId: '0001', Status: 'available', Slots: '0-8191' },
          { NodeGroupId: '0002', Status: 'available', Slots: '8192-16383' },
        ],
      },
    ]);
    expect(ReplicationGroups?.[0]?.NodeGroups?.[0]?.NodeGroupMembers?.[0]?.CurrentRole).toBeUndefined();
  });

  it('tells the roles of nodes where cluster mode is disabled', async () => {
    const { client } = await aCacheAccount({ policies: [aCachePolicy(REPLICAS)], cache: { replicas: 1 } });
    const { ReplicationGroups } = await client.send(new elasticache.DescribeReplicationGroupsCommand({}));
    const members = ReplicationGroups?.[0]?.NodeGroups?.[0]?.NodeGroupMembers;
    expect(members?.map(({ CacheClusterId, CurrentRole }) => [CacheClusterId, CurrentRole])).toEqual([
      ['sessions-001', 'primary'],
      ['sessions-002', 'replica'],
    ]);
  });

  it('describes nodes page by page and by name', async () => {
    const { client } = await sharded({ shards: 15, replicas: 1 });
    const first = await client.send(new elasticache.DescribeCacheClustersCommand({ MaxRecords: 20 }));
    const second = await client.send(
      new elasticache.DescribeCacheClustersCommand({ MaxRecords: 20, Marker: first.Marker }),
    );
    expect([first.CacheClusters?.length, second.CacheClusters?.length, second.Marker]).toEqual([
      20,
      10,
      undefined,
    ]);
    const named = await client.send(
      new elasticache.DescribeCacheClustersCommand({ CacheClusterId: 'sessions-0015-002' }),
    );
    expect(named.CacheClusters).toMatchObject([
      { ReplicationGroupId: 'sessions', CacheClusterStatus: 'available' },
    ]);
    const lost = client.send(new elasticache.DescribeCacheClustersCommand({ CacheClusterId: 'lost' }));
    expect(await nameOf(lost)).toBe('CacheClusterNotFoundFault');
    const tooFew = client.send(new elasticache.DescribeCacheClustersCommand({ MaxRecords: 5 }));
    expect(await nameOf(tooFew)).toBe('InvalidParameterValueException');
    const elsewhere = client.send(new elasticache.DescribeCacheClustersCommand({ Marker: 'elsewhere' }));
    expect(await nameOf(elsewhere)).toBe('InvalidParameterValueException');
  });

  it('tells how far slots have moved', async () => {
    const { plant, client } = await sharded();
    await client.send(
      new elasticache.ModifyReplicationGroupShardConfigurationCommand({ ...GROUP, NodeGroupCount: 3 }),
    );
    pass(plant, 500);
    const { ReplicationGroups } = await client.send(new elasticache.DescribeReplicationGroupsCommand({}));
    const [group] = ReplicationGroups ?? [];
    expect(group?.Status).toBe('modifying');
    expect(group?.PendingModifiedValues?.Resharding?.SlotMigration?.ProgressPercentage).toBeGreaterThan(0);
    expect(group?.NodeGroups?.[2]).toMatchObject({ NodeGroupId: '0003', Status: 'modifying' });
  });

  it('says what node types there are, and which one nodes are being changed to', async () => {
    const { client } = await aCacheAccount({ policies: [aCachePolicy(NODE_TYPE)] });
    const allowed = await client.send(new elasticache.ListAllowedNodeTypeModificationsCommand(GROUP));
    expect(allowed).toMatchObject({ ScaleUpModifications: ['cache.m7g.xlarge', 'cache.m7g.2xlarge'] });
    await client.send(
      new elasticache.ModifyReplicationGroupCommand({ ...GROUP, CacheNodeType: 'cache.m7g.xlarge' }),
    );
    const { CacheClusters } = await client.send(new elasticache.DescribeCacheClustersCommand({}));
    expect(CacheClusters?.[0]).toMatchObject({
      CacheNodeType: 'cache.m7g.large',
      PendingModifiedValues: { CacheNodeType: 'cache.m7g.xlarge' },
    });
    const same = await client.send(new elasticache.ModifyReplicationGroupCommand(GROUP));
    expect(same.ReplicationGroup?.Status).toBe('modifying');
  });
});

describe('what ElastiCache refuses', () => {
  const increase = (input: object) => new elasticache.IncreaseReplicaCountCommand({ ...GROUP, ...input });
  const decrease = (input: object) => new elasticache.DecreaseReplicaCountCommand({ ...GROUP, ...input });
  const reshard = (input: object) =>
    new elasticache.ModifyReplicationGroupShardConfigurationCommand({
      ...GROUP,
      NodeGroupCount: 3,
      ...input,
    });

  it.each([
    [
      'a group that is not there',
      increase({ ReplicationGroupId: 'lost', NewReplicaCount: 2 }),
      'ReplicationGroupNotFoundFault',
    ],
    [
      'a later moment',
      increase({ NewReplicaCount: 2, ApplyImmediately: false }),
      'InvalidParameterValueException',
    ],
    ['no number', increase({}), 'InvalidParameterCombinationException'],
    ['the number of replicas that it has', increase({ NewReplicaCount: 1 }), 'NoOperationFault'],
    ['an increase to fewer', increase({ NewReplicaCount: 0 }), 'InvalidParameterValueException'],
    ['more than five replicas', increase({ NewReplicaCount: 6 }), 'InvalidParameterValueException'],
    ['a decrease to more', decrease({ NewReplicaCount: 2 }), 'InvalidParameterValueException'],
    ['the number of shards that it has', reshard({ NodeGroupCount: 2 }), 'InvalidParameterValueException'],
    [
      'no shard',
      reshard({ NodeGroupCount: 0, NodeGroupsToRemove: ['0001', '0002'] }),
      'InvalidParameterValueException',
    ],
    [
      'fewer shards without saying which',
      reshard({ NodeGroupCount: 1 }),
      'InvalidParameterCombinationException',
    ],
    ['more nodes than its quota', reshard({ NodeGroupCount: 46 }), 'NodeQuotaForClusterExceededFault'],
    [
      'a node type off its ladder',
      new elasticache.ModifyReplicationGroupCommand({ ...GROUP, CacheNodeType: 'cache.x' }),
      'InvalidParameterValueException',
    ],
  ])('%s', async (_what, command, name) => {
    const { client } = await sharded();
    expect(await nameOf(client.send(command as elasticache.IncreaseReplicaCountCommand))).toBe(name);
  });

  it('anything while it is at work, and new nodes while it has none', async () => {
    const { plant, client } = await sharded();
    plant.caches.exhaustCapacity('sessions');
    expect(await nameOf(client.send(reshard({})))).toBe('InsufficientCacheClusterCapacityFault');
    plant.caches.exhaustCapacity('sessions', false);
    expect(await nameOf(client.send(reshard({})))).toBe('accepted');
    const busy = [increase({ NewReplicaCount: 2 }), decrease({ NewReplicaCount: 0 })].map((command) =>
      nameOf(client.send(command as elasticache.IncreaseReplicaCountCommand)),
    );
    expect(await Promise.all([...busy, nameOf(client.send(reshard({ NodeGroupCount: 4 })))])).toEqual(
      Array(3).fill('InvalidReplicationGroupStateFault'),
    );
  });

  it('to shard a group with cluster mode disabled, and to leave it without the replica that its failover needs', async () => {
    const { client } = await aCacheAccount({ policies: [aCachePolicy(REPLICAS)], cache: { replicas: 1 } });
    expect(await nameOf(client.send(reshard({})))).toBe('InvalidParameterCombinationException');
    expect(await nameOf(client.send(decrease({ NewReplicaCount: 0 })))).toBe(
      'InvalidParameterValueException',
    );
  });
});
