import type { Instant } from '../../core/time.ts';

/** Seconds that a replica takes from being asked for to being in sync: the shortest and the longest. */
export const REPLICA_SECONDS = { min: 300, max: 600 } as const;
/** Seconds until a node that is deleted is gone. */
export const NODE_DELETION_SECONDS = { min: 60, max: 180 } as const;
/** Seconds until the nodes of new shards are there; their slots move afterwards. */
export const SHARD_CREATION_SECONDS = { min: 240, max: 480 } as const;
/** Seconds for which slots move from shard to shard. */
export const SLOT_MIGRATION_SECONDS = { min: 180, max: 720 } as const;
/** Seconds that a change of the node type takes, all nodes together. */
export const NODE_TYPE_SECONDS = { min: 600, max: 1200 } as const;
/** Seconds without an answer when the last primary is replaced. */
export const FAILOVER_SECONDS = 5;

/** What a replication group is at work on. Only one thing at a time: everything else is refused meanwhile. */
export type CacheWork =
  | { readonly kind: 'replicas' }
  | {
      readonly kind: 'shards';
      readonly migrationSeconds: number;
      /** When the slots begin to move: the nodes of new shards come first. */
      readonly migratesFrom: Instant;
      /** Seconds for which they have moved. */
      movedSeconds: number;
      readonly leaving: readonly string[];
    }
  | { readonly kind: 'node-type'; readonly nodeType: string; readonly endsAt: Instant }
  /** Something that nobody of us asked for: a snapshot. */
  | { readonly kind: 'other'; readonly status: string; readonly endsAt: Instant };
