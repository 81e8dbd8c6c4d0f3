import { LRUCache } from 'lru-cache';
import { type Instant, plusSeconds } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Stored } from './envelope.ts';

/** How much a process keeps, and how long it trusts that. */
export interface MemoryLimits {
  readonly maxEntries: number;
  /** Bytes of keys and values in their written form; the objects themselves take two to five times that. */
  readonly maxBytes: number;
  /** Seconds for which an entry is served without asking the server: how long an invalidation by another process may be unseen. */
  readonly trustSeconds: number;
}

/** An entry in memory, and until when it is served without asking the server. */
export interface Held {
  readonly stored: Stored;
  readonly trustedUntil: Instant;
}

/** The least recently used entries go first; time is the clock's. */
export class MemoryLevel {
  readonly #entries: LRUCache<string, Held>;
  readonly #clock: Clock;
  readonly #limits: MemoryLimits;
  #evictions = 0;

  constructor(limits: MemoryLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#entries = new LRUCache({
      max: limits.maxEntries,
      maxSize: limits.maxBytes,
      sizeCalculation: ({ stored }, key) => Math.max(1, stored.bytes + Buffer.byteLength(key)),
      ttlResolution: 0,
      perf: clock,
      dispose: (_held, _key, reason) => {
        if (reason === 'evict') this.#evictions += 1;
      },
    });
  }

  /** The entry of a key until the end of its stale time. */
  get(key: string): Held | undefined {
    const held = this.#entries.get(key);
    // The map drops an entry only after its last moment.
    return held !== undefined && this.#clock.now() < held.stored.staleUntil ? held : undefined;
  }

  /** Keeps an entry; one larger than the whole level is not kept. */
  put(key: string, stored: Stored): void {
    const now = this.#clock.now();
    const ttl = Math.ceil(stored.staleUntil - now);
    if (ttl <= 0) return;
    this.#entries.set(key, { stored, trustedUntil: plusSeconds(now, this.#limits.trustSeconds) }, { ttl });
  }

  /** Whether there was one. */
  delete(key: string): boolean {
    return this.#entries.delete(key);
  }

  /** How many entries went. */
  deleteWhere(goes: (key: string, stored: Stored) => boolean): number {
    const going = [...this.#entries.entries()].filter(([key, { stored }]) => goes(key, stored));
    return going.filter(([key]) => this.#entries.delete(key)).length;
  }

  /** What `statistics` says of memory. Entries that have expired are given back first. */
  get report() {
    this.#entries.purgeStale();
    const { maxEntries, maxBytes } = this.#limits;
    return {
      entries: this.#entries.size,
      maxEntries,
      bytes: this.#entries.calculatedSize,
      maxBytes,
      evictions: this.#evictions,
    };
  }
}
