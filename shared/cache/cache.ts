import { globMatches } from '../core/glob.ts';
import { plusSeconds } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';
import {
  CACHE_DEFAULTS,
  type CacheOptions,
  type Invalidated,
  type Keeping,
  type LoadOptions,
} from './cache-options.ts';
import {
  type EnvelopeLimits,
  readValue,
  type Stored,
  type TagVersion,
  type Written,
  writeValue,
} from './envelope.ts';
import { type Flight, Flights } from './flights.ts';
import { checkKey, checkLifetime, keyNames } from './keys.ts';
import { type Held, MemoryLevel } from './memory-level.ts';
import { type RemoteLevel, remoteLevel } from './remote-level.ts';
import { type CacheStatistics, Counters } from './statistics.ts';

/** What a look into the cache brings: an entry, and where it was. */
interface Found {
  readonly stored: Stored;
  readonly from: 'memory' | 'remote';
}

/** What a load brings; `value` is what every reader of the entry gets. */
interface Loaded {
  readonly value: unknown;
}

type Loader = () => unknown;

/**
 * Memory over a Valkey or Redis server. No fault of the server reaches a caller; what does are the loader's own errors, and
 * ControllerError `invalid` for keys, tags and times that make no sense. Values are JSON, and arrive as they would from JSON, frozen;
 * or bytes (Uint8Array), which callers must not change.
 */
export class Cache {
  readonly #clock: Clock;
  readonly #limits: EnvelopeLimits;
  readonly #onFault: (error: unknown) => void;
  readonly #memory: MemoryLevel;
  readonly #remote: RemoteLevel | null;
  readonly #lookups = new Flights<Found | Loaded>();
  readonly #loads = new Flights<Loaded>();
  /** Looks at the server that nobody else waits for. */
  readonly #looks = new Set<Flight>();
  readonly #count = new Counters();

  /** @throws ControllerError `invalid` for a namespace that cannot be one. */
  constructor(options: CacheOptions) {
    const { clock, onFault = () => {} } = options;
    const names = keyNames(options.namespace);
    this.#clock = clock;
    this.#onFault = onFault;
    this.#limits = {
      maxValueBytes: options.maxValueBytes ?? CACHE_DEFAULTS.limits.maxValueBytes,
      compressAboveBytes: options.compressAboveBytes ?? CACHE_DEFAULTS.limits.compressAboveBytes,
    };
    this.#memory = new MemoryLevel({ ...CACHE_DEFAULTS.memory, ...options.memory }, clock);
    this.#remote = remoteLevel(options, names, this.#limits, onFault);
  }

  /**
   * The value of a key, loaded if there is none: by one caller at a time in this process, whose options count. A value whose time is
   * over is served at once for `staleSeconds` more, while a newer one is loaded.
   */
  async getOrLoad<T>(key: string, loader: () => T | Promise<T>, options: LoadOptions): Promise<T> {
    checkKey(key);
    const near = this.#trusted(key);
    if (near !== undefined) return this.#serve({ stored: near.stored, from: 'memory' }, key, loader, options);
    checkLifetime(options);
    const found = await this.#lookups.join(key, options.tags ?? [], async (flight) => {
      return (await this.#find(key, flight)) ?? this.#load(key, loader, options);
    });
    if ('stored' in found) return this.#serve(found, key, loader, options);
    this.#count.served('miss');
    return found.value as T;
  }

  /** The value of a key while it is fresh; undefined when there is none. */
  async get<T>(key: string): Promise<T | undefined> {
    checkKey(key);
    const near = this.#trusted(key);
    const found: Found | null = near === undefined ? await this.#findAlone(key) : { ...near, from: 'memory' };
    const fresh = found !== null && this.#clock.now() < found.stored.freshUntil;
    this.#count.served(fresh ? found.from : 'miss');
    return fresh ? (found.stored.value as T) : undefined;
  }

  /** The entry of a key with its times and tags, fresh or stale; not counted as a read. Null when there is none. */
  async inspect(key: string): Promise<Found | null> {
    checkKey(key);
    const near = this.#trusted(key);
    return near === undefined ? this.#findAlone(key) : { stored: near.stored, from: 'memory' };
  }

  /** Stores a value. False when it is not kept everywhere: too large, not JSON, or the server did not answer. */
  async set(key: string, value: unknown, options: Keeping): Promise<boolean> {
    checkKey(key);
    checkLifetime(options);
    const { flight, versions } = await this.#begin(key, options.tags ?? []);
    this.#outdate((other) => other.key === key);
    const written = this.#written(value);
    if (written === null) {
      await this.delete(key);
      return false;
    }
    const kept = await this.#keep(flight, { written, versions, ttlSeconds: options.ttlSeconds, options });
    // The server may still have an earlier value, which this one contradicts.
    if (!kept.everywhere) await this.#remote?.invalidate({ kind: 'key', name: key });
    return kept.everywhere;
  }

  /** Invalidates a key. What another process is loading at this moment may still be stored: tags are safe against that. */
  async delete(key: string): Promise<Invalidated> {
    checkKey(key);
    this.#outdate((flight) => flight.key === key);
    const memory = this.#memory.delete(key) ? 1 : 0;
    return { memory, remote: await this.#tell('key', key) };
  }

  /** Invalidates every entry with a tag, in every process: at once on the server, within `trustSeconds` in the memory of others. */
  async invalidateTag(tag: string): Promise<Invalidated> {
    checkKey(tag, 'cache tag');
    this.#outdate((flight) => flight.tags.includes(tag));
    // What tags an entry has is known only when it is there.
    for (const look of this.#looks) look.outdated = true;
    const memory = this.#memory.deleteWhere((_key, stored) => stored.tags.some(([name]) => name === tag));
    return { memory, remote: await this.#tell('tag', tag) };
  }

  /** Invalidates keys that match a glob, found with SCAN; a key that another process stores meanwhile may stay. */
  async invalidatePattern(pattern: string): Promise<Invalidated> {
    checkKey(pattern, 'pattern');
    const matches = globMatches(pattern);
    this.#outdate((flight) => matches(flight.key));
    const memory = this.#memory.deleteWhere((key) => matches(key));
    return { memory, remote: await this.#tell('pattern', pattern) };
  }

  /** What the cache has done in this process. */
  statistics(): CacheStatistics {
    return this.#count.with(this.#memory.report, this.#remote?.report ?? null);
  }

  #trusted(key: string): Held | undefined {
    const held = this.#memory.get(key);
    return held !== undefined && (this.#remote === null || this.#clock.now() < held.trustedUntil)
      ? held
      : undefined;
  }

  async #findAlone(key: string): Promise<Found | null> {
    const look: Flight = { key, tags: [], outdated: false };
    this.#looks.add(look);
    try {
      return await this.#find(key, look);
    } finally {
      this.#looks.delete(look);
    }
  }

  /** What the server has, or, when it does not answer, what memory still has. */
  async #find(key: string, flight: Flight): Promise<Found | null> {
    if (this.#remote === null) return null;
    const far = await this.#remote.read(key);
    if (far === 'nothing') return null;
    if (far === 'unreached') {
      const held = this.#memory.get(key);
      return held === undefined ? null : { stored: held.stored, from: 'memory' };
    }
    if (!flight.outdated) this.#memory.put(key, far);
    return { stored: far, from: 'remote' };
  }

  #serve<T>({ stored, from }: Found, key: string, loader: () => T | Promise<T>, options: LoadOptions): T {
    const stale = this.#clock.now() >= stored.freshUntil;
    this.#count.served(stale ? 'stale' : from);
    // An error of this load has nobody to reach: its callers have been served.
    if (stale && !this.#loads.has(key)) this.#load(key, loader, options).catch(this.#onFault);
    return stored.value as T;
  }

  #load(key: string, loader: Loader, options: LoadOptions): Promise<Loaded> {
    const { tags = [] } = options;
    return this.#loads.join(key, tags, async (flight) => {
      checkLifetime(options);
      // Before the loader reads: an invalidation from now on makes the versions differ.
      const versions = await this.#versions(tags);
      const value = await this.#called(loader);
      const ttlSeconds = value === undefined ? options.absentTtlSeconds : options.ttlSeconds;
      const written = ttlSeconds === undefined ? null : this.#written(value);
      if (ttlSeconds === undefined || written === null) return { value };
      const { stored } = await this.#keep(flight, { written, versions, ttlSeconds, options });
      return { value: stored.value };
    });
  }

  async #called(loader: Loader): Promise<unknown> {
    this.#count.loads += 1;
    try {
      return await loader();
    } catch (error) {
      this.#count.loadErrors += 1;
      throw error;
    }
  }

  async #begin(key: string, tags: readonly string[]) {
    const flight: Flight = { key, tags, outdated: false };
    return { flight, versions: await this.#versions(tags) };
  }

  async #versions(tags: readonly string[]): Promise<readonly TagVersion[] | null> {
    return this.#remote === null ? tags.map((tag) => [tag, '']) : this.#remote.versions(tags);
  }

  async #keep(flight: Flight, { written, versions, ttlSeconds, options }: Keep) {
    const freshUntil = plusSeconds(this.#clock.now(), ttlSeconds);
    const staleUntil = plusSeconds(freshUntil, options.staleSeconds ?? 0);
    const tags = versions ?? (options.tags ?? []).map((tag): TagVersion => [tag, '']);
    const value = readValue(written);
    const stored: Stored = { value, freshUntil, staleUntil, tags, bytes: written.payload.length };
    if (flight.outdated) return { stored, everywhere: false };
    this.#memory.put(flight.key, stored);
    if (this.#remote === null) return { stored, everywhere: true };
    // Without the versions of its tags, an entry on the server could never be invalidated.
    return {
      stored,
      everywhere: versions !== null && (await this.#remote.write(flight.key, stored, written)),
    };
  }

  #written(value: unknown): Written | null {
    try {
      return writeValue(value, this.#limits);
    } catch (error) {
      this.#count.refused += 1;
      this.#onFault(error);
      return null;
    }
  }

  #outdate(which: (flight: Flight) => boolean): void {
    this.#lookups.outdate(which);
    this.#loads.outdate(which);
    for (const look of this.#looks) if (which(look)) look.outdated = true;
  }

  async #tell(kind: 'key' | 'tag' | 'pattern', name: string): Promise<Invalidated['remote']> {
    if (this.#remote === null) return 'none';
    return (await this.#remote.invalidate({ kind, name })) ? 'done' : 'pending';
  }
}

/** An entry about to be kept. */
interface Keep {
  readonly written: Written;
  /** null when the server could not be asked for them. */
  readonly versions: readonly TagVersion[] | null;
  readonly ttlSeconds: number;
  readonly options: Keeping;
}
