import {
  DecreaseReplicaCountCommand,
  ElastiCacheClient,
  IncreaseReplicaCountCommand,
  type NodeGroup,
} from '@aws-sdk/client-elasticache';
import type { Capacity, SizeLimit } from '../../core/capacity.ts';
import type { ElastiCacheReplicasTarget } from '../../core/target.ts';
import type { Instant } from '../../core/time.ts';
import type { CapacityTarget, Observation } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';
import { observeGroups, type SeenGroup } from './elasticache/describe-groups.ts';
import { busyLimits, MOST_NODES } from './elasticache/limits.ts';
import { resizeGroup } from './elasticache/resize-group.ts';
import { nodesOf, replicaUnits, stateOf } from './elasticache/units.ts';

/** Replicas of a shard, at most. Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.Redis.Groups.html */
const MOST_REPLICAS = 5;

/** Replicas of replication groups through a client of their own. */
export const connectElastiCacheReplicas = (
  options: ClientOptions,
): CapacityTarget<ElastiCacheReplicasTarget> => elastiCacheReplicasTarget(new ElastiCacheClient(options));

/**
 * Replicas of replication groups: the size is the number of replicas in each shard. The service chooses which of them goes, and
 * never the primary; so the tag `plimsoll:managed` says nothing here.
 */
export function elastiCacheReplicasTarget(
  client: ElastiCacheClient,
): CapacityTarget<ElastiCacheReplicasTarget> {
  return {
    asks: 'each-look',
    describe: (targets, now) => observeGroups(client, targets, (_target, seen) => observationOf(seen, now)),
    resize: (target, order) =>
      resizeGroup(client, target, order, {
        sizeOf: (seen) => capacityOf(seen).desired,
        ask: (seen) => setReplicas(client, seen, order.size),
      }),
  };
}

function setReplicas(client: ElastiCacheClient, seen: SeenGroup, size: number): Promise<unknown> {
  const ReplicationGroupId = seen.group.ReplicationGroupId;
  const input = { ReplicationGroupId, NewReplicaCount: size, ApplyImmediately: true };
  return size > capacityOf(seen).desired
    ? client.send(new IncreaseReplicaCountCommand(input))
    : client.send(new DecreaseReplicaCountCommand(input));
}

function observationOf(seen: SeenGroup, now: Instant): Observation {
  const capacity = capacityOf(seen);
  const limits = busyLimits(seen, capacity.desired) ?? limitsOf(seen);
  return { kind: 'present', capacity, deployment: 'none', limits, units: replicaUnits(seen, now) };
}

/** The shard with the fewest counts: what every shard has. */
function capacityOf(seen: SeenGroup): Capacity {
  const shards = seen.group.NodeGroups ?? [];
  const fewest = (count: (shard: NodeGroup) => number): number =>
    Math.max(0, Math.min(...shards.map(count), MOST_REPLICAS));
  const desired = fewest((shard) => countOf(seen, shard, (state) => state !== 'deleting') - 1);
  const running = fewest((shard) => countOf(seen, shard, isThere) - 1);
  const leaving = shards.some((shard) => countOf(seen, shard, (state) => state === 'deleting') > 0);
  // A node on its way out runs until it is gone: the resize has not ended before.
  const present = leaving ? fewest((shard) => nodesOf(shard).length - 1) : running;
  return { desired, running: present, ready: running, pending: Math.max(0, desired - running) };
}

const isThere = (state: string): boolean => state !== 'deleting' && state !== 'creating';

/** Counts nodes of a shard by state. */
const countOf = (seen: SeenGroup, shard: NodeGroup, counts: (state: string) => boolean): number =>
  nodesOf(shard).filter((id) => counts(stateOf(seen, id))).length;

function limitsOf({ group }: SeenGroup): readonly SizeLimit[] {
  const shards = Math.max(1, group.NodeGroups?.length ?? 1);
  const byNodes = Math.floor(MOST_NODES / shards) - 1;
  const most: SizeLimit = {
    direction: 'out',
    size: Math.min(MOST_REPLICAS, byNodes),
    reason: 'resource-limit',
    detail:
      byNodes < MOST_REPLICAS
        ? `With ${shards} shards a replication group has at most ${byNodes} replicas per shard: ${MOST_NODES} nodes.`
        : `A shard has at most ${MOST_REPLICAS} replicas.`,
  };
  const least: SizeLimit = {
    direction: 'in',
    size: needsReplica(group) ? 1 : 0,
    reason: 'resource-limit',
    detail: needsReplica(group)
      ? 'With Multi-AZ or automatic failover and cluster mode disabled at least 1 replica stays.'
      : 'There are no fewer than 0 replicas.',
  };
  return [most, least];
}

/**
 * Source: DecreaseReplicaCount, NewReplicaCount: 1 at least "if Multi-AZ is enabled" and cluster mode is disabled, else 0; the
 * service says the same of automatic failover.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DecreaseReplicaCount.html
 */
const needsReplica = ({ ClusterEnabled, MultiAZ, AutomaticFailover }: SeenGroup['group']): boolean =>
  ClusterEnabled !== true &&
  (MultiAZ === 'enabled' || AutomaticFailover === 'enabled' || AutomaticFailover === 'enabling');
