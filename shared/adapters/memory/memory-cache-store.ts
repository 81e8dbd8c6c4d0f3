import { globMatches } from '../../core/glob.ts';
import { type Instant, plusSeconds } from '../../core/time.ts';
import type { CacheEntry, CacheServerInfo, CacheStore } from '../../ports/cache-store.ts';
import type { Clock } from '../../ports/clock.ts';

interface Kept {
  readonly value: Uint8Array;
  readonly until: Instant;
}

const SCAN_BATCH = 500;

/** A cache server in the memory of this process, for tests and for local mode: it never fails and has no limit. */
export class MemoryCacheStore implements CacheStore {
  readonly #kept = new Map<string, Kept>();
  readonly #clock: Clock;
  #hits = 0;
  #misses = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async get(key: string): Promise<Uint8Array | null> {
    const found = this.#find(key);
    if (found === null) this.#misses += 1;
    else this.#hits += 1;
    return found;
  }

  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const key of keys) {
      const value = await this.get(key);
      if (value !== null) found.set(key, value);
    }
    return found;
  }

  async set({ key, value, ttlSeconds }: CacheEntry): Promise<void> {
    this.#kept.set(key, { value: value.slice(), until: plusSeconds(this.#clock.now(), ttlSeconds) });
  }

  async setMany(entries: readonly CacheEntry[]): Promise<void> {
    for (const entry of entries) await this.set(entry);
  }

  async setIfAbsent(entry: CacheEntry): Promise<boolean> {
    if (this.#find(entry.key) !== null) return false;
    await this.set(entry);
    return true;
  }

  async delete(keys: readonly string[]): Promise<number> {
    return keys.filter((key) => this.#find(key) !== null && this.#kept.delete(key)).length;
  }

  async deleteIfEqual(key: string, value: Uint8Array): Promise<boolean> {
    const found = this.#find(key);
    const equal = found?.length === value.length && found.every((byte, at) => byte === value[at]);
    return equal && this.#kept.delete(key);
  }

  async *scan(pattern: string): AsyncIterable<readonly string[]> {
    const matches = globMatches(pattern);
    const keys = [...this.#kept.keys()].filter((key) => matches(key) && this.#find(key) !== null);
    for (let at = 0; at < keys.length; at += SCAN_BATCH) yield keys.slice(at, at + SCAN_BATCH);
  }

  async ping(): Promise<void> {}

  async info(): Promise<CacheServerInfo> {
    const live = [...this.#kept.keys()].filter((key) => this.#find(key) !== null);
    const usedBytes = live.reduce((bytes, key) => bytes + (this.#kept.get(key)?.value.length ?? 0), 0);
    const { length: keys } = live;
    return {
      nodes: 1,
      keys,
      hits: this.#hits,
      misses: this.#misses,
      evictions: 0,
      usedBytes,
      maxBytes: null,
    };
  }

  async close(): Promise<void> {}

  #find(key: string): Uint8Array | null {
    const kept = this.#kept.get(key);
    if (kept === undefined) return null;
    if (this.#clock.now() < kept.until) return kept.value;
    this.#kept.delete(key);
    return null;
  }
}
