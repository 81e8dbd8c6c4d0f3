import type { BreakerState } from './guarded-store.ts';

/** What a cache has done since it was made, in this process. Every read is exactly one of hit, stale hit and miss. */
export interface CacheStatistics {
  readonly hits: { readonly memory: number; readonly remote: number };
  /** Reads that were served at once with a value whose time was over, while a newer one was loaded. */
  readonly staleHits: number;
  readonly misses: number;
  /** Hits and stale hits for each read, 0 to 1; null before the first read. */
  readonly hitRate: number | null;
  /** Calls of a loader. */
  readonly loads: number;
  readonly loadErrors: number;
  /** Values that reached their caller but were not kept: too large, or not JSON. */
  readonly refused: number;
  readonly memory: {
    readonly entries: number;
    readonly maxEntries: number;
    readonly bytes: number;
    readonly maxBytes: number;
    readonly evictions: number;
  };
  /** null where there is no server. */
  readonly remote: RemoteStatistics | null;
}

/** What a cache has met at its server. */
export interface RemoteStatistics {
  readonly breaker: BreakerState;
  /** Calls that failed or took too long. */
  readonly errors: number;
  /** Times that the server was left alone. */
  readonly opened: number;
  /** Entries that could not be read; each was a miss. */
  readonly undecodable: number;
  /** Invalidations that the server must be told of before anything is read from it. */
  readonly pendingInvalidations: number;
}

/** How a read was served. */
export type Served = 'memory' | 'remote' | 'stale' | 'miss';

/** Counts what a cache does. */
export class Counters {
  readonly #served: Record<Served, number> = { memory: 0, remote: 0, stale: 0, miss: 0 };
  loads = 0;
  loadErrors = 0;
  refused = 0;

  served(how: Served): void {
    this.#served[how] += 1;
  }

  /** The statistics, with what the two levels say of themselves. */
  with(memory: CacheStatistics['memory'], remote: RemoteStatistics | null): CacheStatistics {
    const { memory: near, remote: far, stale, miss } = this.#served;
    const reads = near + far + stale + miss;
    return {
      hits: { memory: near, remote: far },
      staleHits: stale,
      misses: miss,
      hitRate: reads === 0 ? null : (near + far + stale) / reads,
      loads: this.loads,
      loadErrors: this.loadErrors,
      refused: this.refused,
      memory,
      remote,
    };
  }
}
