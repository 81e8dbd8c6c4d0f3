import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  ElastiCacheClient,
  ModifyReplicationGroupShardConfigurationCommand,
  type NodeGroup,
} from '@aws-sdk/client-elasticache';
import type { Capacity, SizeLimit } from '../../core/capacity.ts';
import { ControllerError } from '../../core/controller-error.ts';
import type { ElastiCacheShardsTarget } from '../../core/target.ts';
import type { CapacityTarget, Observation, ResizeOrder } from '../../ports/capacity-target.ts';
import type { MetricSource } from '../../ports/metric-source.ts';
import type { ClientOptions } from './client-options.ts';
import { cloudWatchMetricSource } from './cloudwatch-metric-source.ts';
import { isAvailable, observeGroups, type SeenGroup } from './elasticache/describe-groups.ts';
import { busyLimits, MOST_NODES } from './elasticache/limits.ts';
import { type MemoryUse, memoryUseOf } from './elasticache/memory.ts';
import { resizeGroup } from './elasticache/resize-group.ts';
import { shardUnits } from './elasticache/units.ts';

/** What shards are looked at and resized with. */
export interface ShardsParts {
  readonly client: ElastiCacheClient;
  /** How full their memory is. */
  readonly metrics: MetricSource;
}

/** Shards of replication groups through clients of their own. */
export const connectElastiCacheShards = (options: ClientOptions): CapacityTarget<ElastiCacheShardsTarget> =>
  elastiCacheShardsTarget({
    client: new ElastiCacheClient(options),
    metrics: cloudWatchMetricSource(new CloudWatchClient(options)),
  });

/**
 * Shards of replication groups in cluster mode. The service moves the hash slots and their keys by itself; a resize has ended
 * when they have moved. Of a group that shrinks the shards with the highest ids go.
 * Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/scaling-redis-cluster-mode-enabled.html
 */
export function elastiCacheShardsTarget({
  client,
  metrics,
}: ShardsParts): CapacityTarget<ElastiCacheShardsTarget> {
  return {
    asks: 'each-look',
    describe: (targets, now) =>
      observeGroups(client, targets, async (target, seen) => {
        const why = whyWithoutShards(seen);
        if (why !== null) return { kind: 'missing', detail: why };
        const capacity = capacityOf(seen);
        const limits =
          busyLimits(seen, capacity.desired) ?? limitsOf(target, seen, await memoryUseOf(seen, metrics, now));
        const units = shardUnits(seen, now);
        return { kind: 'present', capacity, deployment: 'none', limits, units } satisfies Observation;
      }),
    resize: (target, order) =>
      resizeGroup(client, target, order, {
        whyNot: whyWithoutShards,
        sizeOf: shardsOf,
        ask: async (seen) => {
          // Asked for minutes after it was decided, the data may have grown.
          if (order.size < shardsOf(seen)) await assertFits(target, seen, order, metrics);
          await client.send(reshard(seen, order.size));
        },
      }),
  };
}

/** A group with cluster mode disabled has one shard for ever. */
const whyWithoutShards = ({ group }: SeenGroup): string | null =>
  group.ClusterEnabled === true
    ? null
    : `the replication group ${group.ReplicationGroupId} has cluster mode disabled, so it has no shards to scale (scale its replicas, or its node type)`;

function reshard({ group }: SeenGroup, size: number): ModifyReplicationGroupShardConfigurationCommand {
  const ids = (group.NodeGroups ?? []).map(({ NodeGroupId = '' }) => NodeGroupId).sort();
  return new ModifyReplicationGroupShardConfigurationCommand({
    ReplicationGroupId: group.ReplicationGroupId,
    NodeGroupCount: size,
    ApplyImmediately: true,
    ...(size < ids.length ? { NodeGroupsToRemove: ids.slice(size) } : {}),
  });
}

const shardsOf = ({ group }: SeenGroup): number => group.NodeGroups?.length ?? 0;

/** While slots move, a shard that comes does not count as ready, and a shard that goes is still one. */
function capacityOf(seen: SeenGroup): Capacity {
  const shards = seen.group.NodeGroups ?? [];
  const desired = shards.length;
  const tellsSlots = shards.some(({ Slots = '' }) => Slots !== '');
  const isComing = ({ Status, Slots = '' }: NodeGroup): boolean =>
    Status === 'creating' || (tellsSlots && Slots === '');
  const running = isAvailable(seen) ? desired : desired - shards.filter(isComing).length;
  return { desired, running, ready: running, pending: desired - running };
}

function limitsOf(target: ElastiCacheShardsTarget, seen: SeenGroup, memory: MemoryUse): readonly SizeLimit[] {
  const shards = shardsOf(seen);
  const nodes = Math.max(
    1,
    ...(seen.group.NodeGroups ?? []).map((shard) => shard.NodeGroupMembers?.length ?? 1),
  );
  const most = Math.floor(MOST_NODES / nodes);
  return [
    {
      direction: 'out',
      size: most,
      reason: 'resource-limit',
      detail: `With ${nodes} ${nodes === 1 ? 'node' : 'nodes'} each, a replication group has at most ${most} shards: ${MOST_NODES} nodes.`,
    },
    { direction: 'in', reason: 'resource-limit', ...leastFor(shards, target.maxMemoryPercent, memory) },
  ];
}

async function assertFits(
  { maxMemoryPercent }: ElastiCacheShardsTarget,
  seen: SeenGroup,
  { size, now }: ResizeOrder,
  metrics: MetricSource,
): Promise<void> {
  const least = leastFor(shardsOf(seen), maxMemoryPercent, await memoryUseOf(seen, metrics, now));
  if (size >= least.size) return;
  const message = `could not shrink ${seen.group.ReplicationGroupId} to ${size}. ${least.detail}`;
  throw new ControllerError('rejected', message, { retryable: false });
}

/** The smallest number of shards whose memory holds all data, as if every shard were as full as the fullest. */
function leastFor(shards: number, max: number, memory: MemoryUse): Pick<SizeLimit, 'size' | 'detail'> {
  if (memory.kind === 'unknown') {
    const detail = `Memory not known: ${memory.why}. No shard goes while it is not.`;
    return { size: shards, detail };
  }
  const { percent, shard } = memory;
  const size = Math.max(1, Math.ceil((percent * shards) / max));
  const detail = `Shard ${shard} of ${shards} fills ${percent.toFixed(1)} % of its memory: with at most ${max} % the data need ${size} ${size === 1 ? 'shard' : 'shards'}.`;
  // A group that is too full already is not made larger by this: it only does not shrink.
  return { size: Math.min(size, shards), detail };
}
