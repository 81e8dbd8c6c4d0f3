import * as elasticache from '@aws-sdk/client-elasticache';
import type {
  CacheAnswer,
  CacheFault,
  CacheNodeView,
  GroupView,
} from '../../../shared/simulation/caches/cache-views.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { awsError } from '../aws-endpoint/errors.ts';
import type { HandlersOf } from '../aws-endpoint/service.ts';
import { pageOf } from './arguments.ts';

/** Records on a page, by default and at most; at least 20. Source: ElastiCache API reference, DescribeReplicationGroups. */
const MAX_RECORDS = 100;
const MIN_RECORDS = 20;

/** Faults that are answered with another status than 400. */
const STATUS: Partial<Record<CacheFault, number>> = { ReplicationGroupNotFoundFault: 404 };

/** ElastiCache as the simulated account plays it: replication groups are looked at and resized. */
export function elastiCacheHandlers({ caches }: Plant): HandlersOf<typeof elasticache> {
  const groups = (): readonly GroupView[] => caches.ids().map((id) => accepted(caches.describe(id)));
  return {
    DescribeReplicationGroups: ({ ReplicationGroupId, ...paging }) => {
      if (ReplicationGroupId !== undefined) {
        return { ReplicationGroups: [describe(accepted(caches.describe(ReplicationGroupId)))] };
      }
      const { items, next } = page(groups(), paging);
      return { ReplicationGroups: items.map(describe), Marker: next };
    },
    DescribeCacheClusters: ({ CacheClusterId, ...paging }) => {
      const clusters = groups().flatMap((group) =>
        group.shards.flatMap(({ nodes }) => nodes.map((node) => describeCluster(group, node))),
      );
      if (CacheClusterId === undefined) {
        const { items, next } = page(clusters, paging);
        return { CacheClusters: [...items], Marker: next };
      }
      const found = clusters.find((cluster) => cluster.CacheClusterId === CacheClusterId);
      if (found !== undefined) return { CacheClusters: [found] };
      const message = `CacheCluster not found: ${CacheClusterId}`;
      throw new elasticache.CacheClusterNotFoundFault({ message, $metadata: {} });
    },
    IncreaseReplicaCount: (input) => ({ ReplicationGroup: setReplicas(caches, input, 'increase') }),
    DecreaseReplicaCount: (input) => ({ ReplicationGroup: setReplicas(caches, input, 'decrease') }),
    ModifyReplicationGroupShardConfiguration: (input) => {
      const { ReplicationGroupId = '', NodeGroupCount = 0, NodeGroupsToRemove = [] } = input;
      assertImmediate(input);
      const answer = caches.setShards(ReplicationGroupId, NodeGroupCount, NodeGroupsToRemove);
      return { ReplicationGroup: describe(accepted(answer)) };
    },
    ModifyReplicationGroup: ({ ReplicationGroupId = '', CacheNodeType, ...input }) => {
      // Other settings of a group change nothing in the simulation.
      if (CacheNodeType === undefined) {
        return { ReplicationGroup: describe(accepted(caches.describe(ReplicationGroupId))) };
      }
      assertImmediate(input);
      const answer = caches.setNodeType(ReplicationGroupId, CacheNodeType);
      return { ReplicationGroup: describe(accepted(answer)) };
    },
    ListAllowedNodeTypeModifications: ({ ReplicationGroupId = '' }) => {
      const { up, down } = accepted(caches.allowedNodeTypes(ReplicationGroupId));
      return { ScaleUpModifications: [...up], ScaleDownModifications: [...down] };
    },
  };
}

function setReplicas(
  caches: Plant['caches'],
  input: elasticache.IncreaseReplicaCountMessage,
  direction: 'increase' | 'decrease',
): elasticache.ReplicationGroup {
  const { ReplicationGroupId = '', NewReplicaCount } = input;
  assertImmediate(input);
  if (NewReplicaCount === undefined)
    throw fault(
      'InvalidParameterCombinationException',
      'Either NewReplicaCount or ReplicaConfiguration is required.',
    );
  return describe(accepted(caches.setReplicas(ReplicationGroupId, NewReplicaCount, direction)));
}

/** "ApplyImmediately=False is not currently supported", says the API of all but node types, and the simulation of those too. */
function assertImmediate({ ApplyImmediately }: { readonly ApplyImmediately?: boolean | undefined }): void {
  if (ApplyImmediately === true) return;
  throw fault('InvalidParameterValueException', 'ApplyImmediately must be true.');
}

function page<T>(
  items: readonly T[],
  paging: { readonly MaxRecords?: number | undefined; readonly Marker?: string | undefined },
) {
  const { MaxRecords = MAX_RECORDS, Marker } = paging;
  if (MaxRecords < MIN_RECORDS || MaxRecords > MAX_RECORDS) {
    const message = `MaxRecords must be ${MIN_RECORDS} to ${MAX_RECORDS}.`;
    throw fault('InvalidParameterValueException', message);
  }
  const found = pageOf(items, Marker, MaxRecords);
  if (found === null) throw fault('InvalidParameterValueException', 'Invalid marker.');
  return found;
}

function accepted<T>(answer: CacheAnswer<T>): T {
  if (answer.kind === 'accepted') return answer.value;
  throw fault(answer.fault, answer.message);
}

const fault = (name: CacheFault, message: string): Error => awsError(name, message, STATUS[name] ?? 400);

function describe(view: GroupView): elasticache.ReplicationGroup {
  const { slotMigrationPercent: percent } = view;
  return {
    ReplicationGroupId: view.id,
    ARN: view.arn,
    Description: view.id,
    Engine: view.engine,
    Status: view.status,
    CacheNodeType: view.nodeType,
    ClusterEnabled: view.clusterMode,
    ClusterMode: view.clusterMode ? 'enabled' : 'disabled',
    AutomaticFailover: view.multiAz ? 'enabled' : 'disabled',
    MultiAZ: view.multiAz ? 'enabled' : 'disabled',
    ReplicationGroupCreateTime: new Date(view.createdAt),
    PendingModifiedValues:
      percent === null ? {} : { Resharding: { SlotMigration: { ProgressPercentage: percent } } },
    MemberClusters: view.shards.flatMap(({ nodes }) => nodes.map(({ id }) => id)),
    NodeGroups: view.shards.map(({ id, status, slots, nodes }) => ({
      NodeGroupId: id,
      Status: status,
      Slots: view.clusterMode ? slots : undefined,
      NodeGroupMembers: nodes.map((node) => ({
        CacheClusterId: node.id,
        CacheNodeId: '0001',
        PreferredAvailabilityZone: node.zone,
        // Told of groups with cluster mode disabled alone.
        CurrentRole: view.clusterMode ? undefined : node.role,
      })),
    })),
  };
}

const describeCluster = (group: GroupView, node: CacheNodeView): elasticache.CacheCluster => ({
  CacheClusterId: node.id,
  ReplicationGroupId: group.id,
  CacheClusterStatus: node.status,
  CacheNodeType: group.nodeType,
  Engine: group.engine,
  NumCacheNodes: 1,
  PreferredAvailabilityZone: node.zone,
  PendingModifiedValues: group.pendingNodeType === null ? {} : { CacheNodeType: group.pendingNodeType },
});
