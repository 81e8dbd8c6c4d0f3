import type { NodeGroup } from '@aws-sdk/client-elasticache';
import type { UnitState } from '../../../core/capacity.ts';
import type { Instant } from '../../../core/time.ts';
import { isAvailable, type SeenGroup } from './describe-groups.ts';

const SECONDS_A_YEAR = 31_536_000;

/** State of a node: of a group that is available every node is. One that a listing does not have yet is being created. */
export const stateOf = (seen: SeenGroup, node: string): string =>
  isAvailable(seen) ? 'available' : (seen.nodes.get(node)?.status ?? 'creating');

/** Ids of the nodes of a shard. */
export const nodesOf = ({ NodeGroupMembers = [] }: NodeGroup): readonly string[] =>
  NodeGroupMembers.flatMap(({ CacheClusterId }) => CacheClusterId ?? []);

/**
 * A unit of the size for each shard: its first node speaks for it. With cluster mode enabled ElastiCache does not tell which
 * node is the primary; the first one is until a failover, and all nodes of a shard hold the same data.
 */
export const shardUnits = (seen: SeenGroup, now: Instant): readonly UnitState[] =>
  (seen.group.NodeGroups ?? [])
    .flatMap((shard) => nodesOf(shard).slice(0, 1))
    .map((id) => unitOf(seen, id, now));

/**
 * A unit of the size for each replica of a shard: those of the first shard speak for all. Where roles are told, the primary is
 * left out by its role; else by its place.
 */
export function replicaUnits(seen: SeenGroup, now: Instant): readonly UnitState[] {
  const members = seen.group.NodeGroups?.[0]?.NodeGroupMembers ?? [];
  const told = members.findIndex(({ CurrentRole }) => CurrentRole === 'primary');
  const primary = Math.max(0, told);
  const replicas = members.filter((_member, place) => place !== primary);
  return replicas.flatMap(({ CacheClusterId: id }) => (id === undefined ? [] : [unitOf(seen, id, now)]));
}

/** Every node: for a size that is no number of them. */
export const nodeUnits = (seen: SeenGroup, now: Instant): readonly UnitState[] =>
  (seen.group.NodeGroups ?? []).flatMap(nodesOf).map((id) => unitOf(seen, id, now));

function unitOf(seen: SeenGroup, id: string, now: Instant): UnitState {
  const state = stateOf(seen, id);
  return {
    id,
    phase: state === 'creating' ? 'pending' : 'running',
    ready: state !== 'creating' && state !== 'deleting',
    deleting: state === 'deleting',
    startedSecondsAgo: ageOf(seen, now),
    readyChangedSecondsAgo: null,
    requests: {},
    sampleAgeSeconds: 0,
    sampleWindowSeconds: 60,
  };
}

/**
 * The age of the group stands for that of a node: ElastiCache calls a node available once it is in sync, so there is no start for
 * which its numbers would have to wait. A group without a time is older than the field.
 */
function ageOf({ group: { ReplicationGroupCreateTime: created } }: SeenGroup, now: Instant): number {
  return created === undefined ? SECONDS_A_YEAR : Math.max(0, (now - created.getTime()) / 1000);
}
