import {
  ElastiCacheClient,
  ListAllowedNodeTypeModificationsCommand,
  ModifyReplicationGroupCommand,
} from '@aws-sdk/client-elasticache';
import type { SizeLimit } from '../../core/capacity.ts';
import { ControllerError } from '../../core/controller-error.ts';
import type { ElastiCacheNodeTypeTarget } from '../../core/target.ts';
import type { Instant } from '../../core/time.ts';
import type { CapacityTarget, Observation } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';
import { isAvailable, observeGroups, type SeenGroup } from './elasticache/describe-groups.ts';
import { busyLimits } from './elasticache/limits.ts';
import { resizeGroup } from './elasticache/resize-group.ts';
import { nodeUnits } from './elasticache/units.ts';
import { translateSdkError } from './sdk-errors.ts';

/** Node types of replication groups through a client of their own. */
export const connectElastiCacheNodeTypes = (
  options: ClientOptions,
): CapacityTarget<ElastiCacheNodeTypeTarget> => elastiCacheNodeTypeTarget(new ElastiCacheClient(options));

/**
 * Node types of replication groups: the size is the place of the type on the ladder. Every node is replaced, one shard after the
 * other, with the data copied; the service says which types it may be changed to.
 * Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-cluster-vertical-scaling.html
 */
export function elastiCacheNodeTypeTarget(
  client: ElastiCacheClient,
): CapacityTarget<ElastiCacheNodeTypeTarget> {
  return {
    asks: 'each-look',
    describe: (targets, now) =>
      observeGroups(client, targets, (target, seen) => observationOf(client, target, seen, now)),
    resize: (target, order) =>
      resizeGroup(client, target, order, {
        whyNot: (seen) => whyOffTheLadder(target, seen),
        sizeOf: (seen) => placeOf(target, seen),
        ask: (seen) => client.send(modification(target, seen, order.size)),
      }),
  };
}

function modification({ ladder }: ElastiCacheNodeTypeTarget, { group }: SeenGroup, size: number) {
  const CacheNodeType = ladder[size - 1];
  if (CacheNodeType === undefined) {
    const message = `the ladder has ${ladder.length} node types, and no place ${size}`;
    throw new ControllerError('rejected', message, { retryable: false });
  }
  const { ReplicationGroupId } = group;
  return new ModifyReplicationGroupCommand({ ReplicationGroupId, CacheNodeType, ApplyImmediately: true });
}

const placeOf = ({ ladder }: ElastiCacheNodeTypeTarget, { group }: SeenGroup): number =>
  ladder.indexOf(group.CacheNodeType ?? '') + 1;

/** The place of the type that the nodes are being changed to; null = none is told. */
function pendingPlace({ ladder }: ElastiCacheNodeTypeTarget, { group, nodes }: SeenGroup): number | null {
  const types = (group.MemberClusters ?? []).flatMap((id) => nodes.get(id)?.pendingType ?? []);
  const place = ladder.indexOf(types[0] ?? '') + 1;
  return place === 0 ? null : place;
}

const whyOffTheLadder = (target: ElastiCacheNodeTypeTarget, seen: SeenGroup): string | null =>
  placeOf(target, seen) > 0
    ? null
    : `the replication group ${target.replicationGroup} has nodes of type ${seen.group.CacheNodeType}, which is not on the ladder ${target.ladder.join(', ')}`;

async function observationOf(
  client: ElastiCacheClient,
  target: ElastiCacheNodeTypeTarget,
  seen: SeenGroup,
  now: Instant,
): Promise<Observation> {
  const why = whyOffTheLadder(target, seen);
  if (why !== null) return { kind: 'missing', detail: why };
  const place = placeOf(target, seen);
  // The type of a group may be told before every node has it: the change has ended when the group is available.
  const pending = isAvailable(seen) ? 0 : 1;
  const capacity = { desired: pendingPlace(target, seen) ?? place, running: place, ready: place, pending };
  try {
    const limits = busyLimits(seen, capacity.desired) ?? (await limitsOf(client, target, place));
    return { kind: 'present', capacity, deployment: 'none', limits, units: nodeUnits(seen, now) };
  } catch (fault) {
    const error = translateSdkError(
      fault,
      `ask which node types ${target.replicationGroup} may be changed to`,
    );
    return { kind: 'unknown', error };
  }
}

/**
 * How far the ladder may be climbed without meeting a type that the service does not allow now. It knows which smaller type
 * holds the data; the memory of a type is in no answer of an API.
 */
async function limitsOf(
  client: ElastiCacheClient,
  { replicationGroup: ReplicationGroupId, ladder }: ElastiCacheNodeTypeTarget,
  place: number,
): Promise<readonly SizeLimit[]> {
  const allowed = await client.send(new ListAllowedNodeTypeModificationsCommand({ ReplicationGroupId }));
  const up = ladder.slice(place);
  const down = ladder.slice(0, place - 1).reverse();
  const steps = {
    out: reachable(up, allowed.ScaleUpModifications),
    in: reachable(down, allowed.ScaleDownModifications),
  };
  return [
    {
      direction: 'out',
      size: place + steps.out,
      reason: 'resource-limit',
      detail: detailOf(up[steps.out], 'up'),
    },
    {
      direction: 'in',
      size: place - steps.in,
      reason: 'resource-limit',
      detail: detailOf(down[steps.in], 'down'),
    },
  ];
}

function reachable(types: readonly string[], allowed: readonly string[] = []): number {
  const first = types.findIndex((type) => !allowed.includes(type));
  return first < 0 ? types.length : first;
}

const detailOf = (refused: string | undefined, way: 'up' | 'down'): string =>
  refused === undefined
    ? `The ladder has no more node types on its way ${way}.`
    : `ElastiCache does not allow a change to ${refused} now${way === 'down' ? ': its memory may not hold the data' : ''}.`;
