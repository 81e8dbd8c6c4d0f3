import { type CacheAnswer, refused } from './cache-views.ts';
import type { HostedGroup } from './hosted-group.ts';

const MAX_REPLICAS = 5;
/** Nodes of a cluster, unless the quota was raised. */
const NODE_QUOTA = 90;
/** A smaller node must leave room: a quarter of its memory is kept for the engine. */
const USABLE_SHARE = 0.75;

type Refusal = CacheAnswer<never> | null;

/** Why ElastiCache would refuse a number of replicas. */
export function whyNotReplicas(hosted: HostedGroup, replicas: number, isGrowing: boolean): Refusal {
  const { group, plan } = hosted;
  if (group.status !== 'available') return busy(hosted);
  if (replicas === group.replicas) {
    return refused(
      'NoOperationFault',
      'Requested new replica count already matches current number of replicas.',
    );
  }
  if (replicas > group.replicas !== isGrowing) {
    const message = `The replica count must be ${isGrowing ? 'more' : 'less'} than the current number of replicas.`;
    return refused('InvalidParameterValueException', message);
  }
  if (replicas > MAX_REPLICAS) {
    return refused('InvalidParameterValueException', `A node group has at most ${MAX_REPLICAS} replicas.`);
  }
  if (replicas < 1 && !plan.clusterMode && plan.multiAz) {
    const message = 'Must have at least 1 replica when cluster mode is disabled with auto failover enabled.';
    return refused('InvalidParameterValueException', message);
  }
  return tooManyNodes(group.staying.length * (replicas + 1));
}

/** Why ElastiCache would refuse a number of shards. */
export function whyNotShards(hosted: HostedGroup, shards: number, remove: readonly string[]): Refusal {
  const { group, plan } = hosted;
  if (!plan.clusterMode) {
    const message = 'Resharding is only supported for replication groups with cluster mode enabled.';
    return refused('InvalidParameterCombinationException', message);
  }
  if (group.status !== 'available') return busy(hosted);
  const current = group.staying.length;
  if (shards === current) {
    const message = 'The requested number of node groups matches the current one.';
    return refused('InvalidParameterValueException', message);
  }
  if (shards < 1) return refused('InvalidParameterValueException', 'NodeGroupCount must be at least 1.');
  const known = remove.filter((id) => group.staying.some((shard) => shard.id === id)).length;
  if (shards < current && known !== current - shards) {
    const message = `NodeGroupsToRemove must name ${current - shards} node groups of the replication group.`;
    return refused('InvalidParameterCombinationException', message);
  }
  return tooManyNodes(shards * (group.replicas + 1));
}

/** Why ElastiCache would refuse a node type. */
export function whyNotNodeType(hosted: HostedGroup, nodeType: string): Refusal {
  if (hosted.group.status !== 'available') return busy(hosted);
  const { up, down } = allowedTypes(hosted);
  if ([...up, ...down].includes(nodeType)) return null;
  const message = `The replication group cannot be modified to ${nodeType}.`;
  return refused('InvalidParameterValueException', message);
}

/** Node types that a group may be changed to: larger ones, and smaller ones that hold its data. */
export function allowedTypes(hosted: HostedGroup): {
  readonly up: readonly string[];
  readonly down: readonly string[];
} {
  const { group, plan, data } = hosted;
  const place = plan.ladder.indexOf(group.nodeType);
  const fits = (type: string): boolean => {
    const room = { shards: group.serving.length, memoryGiB: hosted.memoryOf(type) };
    return data.usedShare(room) <= USABLE_SHARE;
  };
  return { up: plan.ladder.slice(place + 1), down: plan.ladder.slice(0, place).filter(fits) };
}

function tooManyNodes(nodes: number): Refusal {
  if (nodes <= NODE_QUOTA) return null;
  const message = `The request would exceed the quota of ${NODE_QUOTA} nodes per cluster.`;
  return refused('NodeQuotaForClusterExceededFault', message);
}

const busy = ({ group, plan }: HostedGroup): Refusal =>
  refused(
    'InvalidReplicationGroupStateFault',
    `Replication group ${plan.id} is not available but ${group.status}.`,
  );
