import { secondsBetween } from '../core/time.ts';
import type { CacheStore } from '../ports/cache-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import { CACHE_DEFAULTS, type CacheOptions } from './cache-options.ts';
import { type EnvelopeLimits, pack, type Stored, type TagVersion, unpack, type Written } from './envelope.ts';
import { GuardedStore, type Patience, type Reached } from './guarded-store.ts';
import { type KeyNames, MAX_TTL_SECONDS } from './keys.ts';
import { type Invalidation, Pending } from './pending.ts';

/** What the server says of a key: an entry, nothing, or it did not answer. */
export type Lookup = Stored | 'nothing' | 'unreached';

/** What a remote level is made of. */
interface RemoteParts {
  readonly store: CacheStore;
  readonly patience: Patience;
  readonly names: KeyNames;
  readonly limits: EnvelopeLimits;
  readonly clock: Clock;
  /** Makes versions of tags. They must not repeat in any process. */
  readonly ids: Ids;
  readonly onFault: (error: unknown) => void;
}

// When a version ends, entries that carry it are loaded once more: that should be rare.
const TAG_SECONDS = 3 * MAX_TTL_SECONDS;

/**
 * Entries on the server. A tag is one more key with a random version; an entry carries the versions that its tags had before it was
 * loaded, and is nothing once one of them differs. No command needs two keys in one slot, and an invalidation that comes while
 * another process is loading is seen. A version that was lost makes entries nothing; it never brings one back.
 */
export class RemoteLevel {
  readonly #parts: RemoteParts;
  readonly #server: GuardedStore;
  readonly #pending = new Pending();
  #telling: Promise<boolean> | null = null;
  #undecodable = 0;

  constructor(parts: RemoteParts) {
    this.#parts = parts;
    this.#server = new GuardedStore(parts.store, parts.patience, parts.onFault);
  }

  /** The entry of a key, fresh or stale. */
  async read(key: string): Promise<Lookup> {
    if (!(await this.#caughtUp())) return 'unreached';
    const answer = await this.#server.call((store) => store.get(this.#parts.names.value(key)));
    if (!answer.reached) return 'unreached';
    if (answer.value === null) return 'nothing';
    const stored = await this.#unpacked(answer.value);
    if (stored === null || this.#parts.clock.now() >= stored.staleUntil) return 'nothing';
    return this.#current(stored);
  }

  /** The versions of tags now, made where there are none; null when the server cannot be asked. */
  async versions(tags: readonly string[]): Promise<readonly TagVersion[] | null> {
    if (tags.length === 0) return [];
    if (!(await this.#caughtUp())) return null;
    const known = await this.#versionsOf(tags);
    if (known === null) return null;
    const missing = tags.filter((tag) => !known.has(tag));
    if (missing.length === 0) return pairs(tags, known);
    const made = await Promise.all(
      missing.map((tag) => this.#server.call((store) => this.#begin(store, tag))),
    );
    if (!made.every(({ reached }) => reached)) return null;
    const now = await this.#versionsOf(tags);
    return now === null ? null : pairs(tags, now);
  }

  /** Stores an entry; whether the server has it. */
  async write(key: string, stored: Stored, written: Written): Promise<boolean> {
    const { names, limits, clock } = this.#parts;
    const ttlSeconds = secondsBetween(clock.now(), stored.staleUntil);
    if (ttlSeconds < 0.001 || !(await this.#caughtUp())) return false;
    const value = await pack(stored, written, limits);
    return (await this.#server.call((store) => store.set({ key: names.value(key), value, ttlSeconds })))
      .reached;
  }

  /** Tells the server of an invalidation, now or, when it cannot be asked, before anything is read from it again. */
  async invalidate(invalidation: Invalidation): Promise<boolean> {
    this.#pending.add(invalidation);
    return this.#caughtUp();
  }

  /** What `statistics` says of the server. */
  get report() {
    const { breaker, errors, opened } = this.#server;
    return {
      breaker,
      errors,
      opened,
      undecodable: this.#undecodable,
      pendingInvalidations: this.#pending.size,
    };
  }

  /** Whether nothing waits to be told; tells it, once for all who ask. */
  async #caughtUp(): Promise<boolean> {
    while (this.#pending.size > 0) {
      this.#telling ??= this.#tell().finally(() => {
        this.#telling = null;
      });
      if (!(await this.#telling)) return false;
    }
    return true;
  }

  async #tell(): Promise<boolean> {
    for (const invalidation of this.#pending.all) {
      if (!(await this.#told(invalidation))) return false;
      this.#pending.done(invalidation);
    }
    return true;
  }

  async #told({ kind, name }: Invalidation): Promise<boolean> {
    const { names, ids } = this.#parts;
    switch (kind) {
      case 'key':
        return (await this.#server.call((store) => store.delete([names.value(name)]))).reached;
      case 'tag': {
        const entry = { key: names.tag(name), value: Buffer.from(ids.next()), ttlSeconds: TAG_SECONDS };
        return (await this.#server.call((store) => store.set(entry))).reached;
      }
      case 'pattern':
        return this.#deleteMatching(names.value(name));
    }
  }

  // Batch by batch, as the time for a call is not the time for a whole scan.
  async #deleteMatching(pattern: string): Promise<boolean> {
    const scan = this.#parts.store.scan(pattern)[Symbol.asyncIterator]();
    for (;;) {
      const batch: Reached<IteratorResult<readonly string[]>> = await this.#server.call(() => scan.next());
      if (!batch.reached) return false;
      if (batch.value.done === true) return true;
      const keys = batch.value.value;
      if (!(await this.#server.call((store) => store.delete(keys))).reached) return false;
    }
  }

  async #unpacked(bytes: Uint8Array): Promise<Stored | null> {
    try {
      return await unpack(bytes, this.#parts.limits);
    } catch (error) {
      this.#undecodable += 1;
      this.#parts.onFault(error);
      return null;
    }
  }

  async #current(stored: Stored): Promise<Lookup> {
    if (stored.tags.length === 0) return stored;
    const versions = await this.#versionsOf(stored.tags.map(([tag]) => tag));
    if (versions === null) return 'unreached';
    return stored.tags.every(([tag, version]) => versions.get(tag) === version) ? stored : 'nothing';
  }

  async #versionsOf(tags: readonly string[]): Promise<ReadonlyMap<string, string> | null> {
    const { tag: nameOf } = this.#parts.names;
    const answer = await this.#server.call((store) => store.getMany(tags.map(nameOf)));
    if (!answer.reached) return null;
    return new Map(
      tags.flatMap((tag) => {
        const version = answer.value.get(nameOf(tag));
        return version === undefined ? [] : [[tag, Buffer.from(version).toString()] as const];
      }),
    );
  }

  #begin(store: CacheStore, tag: string): Promise<boolean> {
    const { names, ids } = this.#parts;
    return store.setIfAbsent({
      key: names.tag(tag),
      value: Buffer.from(ids.next()),
      ttlSeconds: TAG_SECONDS,
    });
  }
}

// A tag whose version was pushed out at this very moment has none: then the entry will be nothing, which is safe.
const pairs = (tags: readonly string[], versions: ReadonlyMap<string, string>): readonly TagVersion[] =>
  tags.map((tag) => [tag, versions.get(tag) ?? '']);

/** The level over the store of a cache; null where there is none. */
export function remoteLevel(
  { store, patience, clock, ids }: CacheOptions,
  names: KeyNames,
  limits: EnvelopeLimits,
  onFault: (error: unknown) => void,
): RemoteLevel | null {
  if (store === undefined) return null;
  const patient = { ...CACHE_DEFAULTS.patience, ...patience };
  return new RemoteLevel({ store, patience: patient, names, limits, clock, ids, onFault });
}
