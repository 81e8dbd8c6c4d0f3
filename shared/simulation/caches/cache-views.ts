import type { Instant } from '../../core/time.ts';

/** What of a replication group differs from what its policies suggest. */
export interface CacheOverrides {
  readonly engine?: 'valkey' | 'redis';
  readonly nodeType?: string;
  /** Memory for data of one node of the type that the group begins with. */
  readonly memoryGiB?: number;
  readonly shards?: number;
  /** Replicas of every shard. */
  readonly replicas?: number;
  /** Share (0..1) of the memory that all keys fill at the size that the group begins with. */
  readonly usedMemoryShare?: number;
  readonly clusterMode?: boolean;
  readonly multiAz?: boolean;
  /** How many different keys are read. */
  readonly keys?: number;
  /** Share (0..1) of the keys that are in memory when the account begins. */
  readonly warmShare?: number;
  /** Reads a second that one node of the first type answers at full CPU. */
  readonly readsPerNode?: number;
}

/** A node as ElastiCache describes it. */
export interface CacheNodeView {
  readonly id: string;
  readonly role: 'primary' | 'replica';
  readonly status: 'creating' | 'available' | 'modifying' | 'deleting';
  readonly zone: string;
}

/** A shard as ElastiCache describes it. */
export interface ShardView {
  readonly id: string;
  readonly status: 'creating' | 'available' | 'modifying' | 'deleting';
  /** The hash slots that it holds, `0-5461`; empty while it holds none. */
  readonly slots: string;
  readonly nodes: readonly CacheNodeView[];
}

/** A replication group as ElastiCache describes it. */
export interface GroupView {
  readonly id: string;
  readonly arn: string;
  readonly engine: 'valkey' | 'redis';
  readonly status: string;
  readonly nodeType: string;
  readonly clusterMode: boolean;
  readonly multiAz: boolean;
  readonly createdAt: Instant;
  readonly shards: readonly ShardView[];
  /** How far the slots of a resharding have moved, in percent; null = none is under way. */
  readonly slotMigrationPercent: number | null;
  /** The node type that the nodes are being moved to. */
  readonly pendingNodeType: string | null;
}

/** Why a call was refused, in the words of the API: names of its faults. */
export type CacheFault =
  | 'ReplicationGroupNotFoundFault'
  | 'InvalidReplicationGroupStateFault'
  | 'InsufficientCacheClusterCapacityFault'
  | 'NodeQuotaForClusterExceededFault'
  | 'NoOperationFault'
  | 'InvalidParameterValueException'
  | 'InvalidParameterCombinationException';

/** What a call came to. */
export type CacheAnswer<T = GroupView> =
  | { readonly kind: 'accepted'; readonly value: T }
  | { readonly kind: 'refused'; readonly fault: CacheFault; readonly message: string };

/** A refusal. */
export const refused = (fault: CacheFault, message: string): CacheAnswer<never> => ({
  kind: 'refused',
  fault,
  message,
});
