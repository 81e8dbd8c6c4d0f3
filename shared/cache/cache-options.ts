import type { CacheStore } from '../ports/cache-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { EnvelopeLimits } from './envelope.ts';
import type { Patience } from './guarded-store.ts';
import type { MemoryLimits } from './memory-level.ts';

/** What a cache is made of. */
export interface CacheOptions extends Partial<EnvelopeLimits> {
  /** Begins every key on the server, so that applications share one: 1 to 64 letters, digits, `_ . : -`. */
  readonly namespace: string;
  readonly clock: Clock;
  /** Makes versions of tags: must not repeat in any process that shares the namespace. */
  readonly ids: Ids;
  readonly memory?: Partial<MemoryLimits>;
  /** The server; without one, memory is all there is. */
  readonly store?: CacheStore;
  readonly patience?: Partial<Patience>;
  /** Told of every fault that a caller is not told of: of the server, of an entry, of a load in the background. */
  readonly onFault?: (error: unknown) => void;
}

/** How long a value is kept, and what it belongs to. */
export interface Keeping {
  /** Seconds for which it is fresh, 0.001 to 30 days. */
  readonly ttlSeconds: number;
  /** Seconds after that for which it is served at once while a newer one is loaded; 0 unless said. */
  readonly staleSeconds?: number;
  /** Names under which many entries are invalidated at once; at most 16. */
  readonly tags?: readonly string[];
}

/** How a value is kept that a loader brings. */
export interface LoadOptions extends Keeping {
  /** Seconds for which it is remembered that the loader brought undefined; without it, undefined is not kept. */
  readonly absentTtlSeconds?: number;
}

/** What became of an invalidation. */
export interface Invalidated {
  /** Entries of this process that went. */
  readonly memory: number;
  /** `pending`: the server did not answer; it is told before anything is read from it again by this process. */
  readonly remote: 'done' | 'pending' | 'none';
}

/** Bounds that hold unless others are asked for. */
export const CACHE_DEFAULTS = {
  memory: { maxEntries: 1_000, maxBytes: 16_777_216, trustSeconds: 5 },
  patience: { timeoutMillis: 500, failures: 5, firstPauseMillis: 500, longestPauseMillis: 10_000 },
  limits: { maxValueBytes: 1_048_576, compressAboveBytes: 4_096 },
} as const satisfies {
  readonly memory: MemoryLimits;
  readonly patience: Patience;
  readonly limits: EnvelopeLimits;
};
