/** A value for a key, and how long the server keeps it. */
export interface CacheEntry {
  readonly key: string;
  readonly value: Uint8Array;
  /** Seconds, at least 1; parts of a second are kept to the millisecond. */
  readonly ttlSeconds: number;
}

/** What a cache server says of itself. In cluster mode: the sum over every primary node. */
export interface CacheServerInfo {
  /** Primary nodes that answered. */
  readonly nodes: number;
  /** Keys of all applications on the server, not ours alone. */
  readonly keys: number;
  /** Look-ups that found their key, since the server started. */
  readonly hits: number;
  /** Look-ups that did not. */
  readonly misses: number;
  /** Keys that were pushed out because memory was full. */
  readonly evictions: number;
  /** Bytes in use. */
  readonly usedBytes: number;
  /** Bytes that may be used; null where the server has no limit of its own or one node did not say. */
  readonly maxBytes: number | null;
}

/**
 * A key-value server with a time to live for each key: Valkey, Redis, or memory. Keys and values are stored as they are: what a
 * prefix means and how values are written is the caller's business. Many keys at once need not be in one slot, and are not one
 * transaction.
 *
 * Every method throws ControllerError: `unavailable` (retryable) when the server does not answer in time, is loading, or is moving
 * slots; `denied` when it refuses our credentials or command; `rejected` when it refuses what we sent, e.g. out of memory.
 */
export interface CacheStore {
  /** The value of a key; null when there is none. */
  get(key: string): Promise<Uint8Array | null>;
  /** The values of keys; those that have none are not in the map. */
  getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Stores a value in place of an earlier one. */
  set(entry: CacheEntry): Promise<void>;
  /** Stores values; when it throws, some of them may be stored. */
  setMany(entries: readonly CacheEntry[]): Promise<void>;
  /** Stores a value unless the key has one; whether it did. A lock for as long as the entry lives. */
  setIfAbsent(entry: CacheEntry): Promise<boolean>;
  /** Deletes keys; how many of them existed. Memory is given back in the background. */
  delete(keys: readonly string[]): Promise<number>;
  /** Deletes a key if it still has this value, in one step; whether it did. Gives a lock back that is still ours. */
  deleteIfEqual(key: string, value: Uint8Array): Promise<boolean>;
  /**
   * Keys that match a glob (`*`, `?`, `[abc]`, `[^a]`, `[a-z]`, `\` before a character that stands for itself), in batches, read
   * with SCAN: the server is never blocked. A key that comes or goes meanwhile may or may not be in it, and one may come twice.
   */
  scan(pattern: string): AsyncIterable<readonly string[]>;
  /** Throws unless the server answers. */
  ping(): Promise<void>;
  /** What the server counts. */
  info(): Promise<CacheServerInfo>;
  /** Lets the connections go; what is under way is finished first, for a moment. */
  close(): Promise<void>;
}
