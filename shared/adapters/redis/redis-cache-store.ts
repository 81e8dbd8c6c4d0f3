import { type IPolicy, TimeoutStrategy, timeout } from 'cockatiel';
import { Cluster, type Redis } from 'ioredis';
import type { CacheEntry, CacheServerInfo, CacheStore } from '../../ports/cache-store.ts';
import { type RedisClient, redisClient } from './redis-client.ts';
import { translateRedisError } from './redis-errors.ts';
import { serverInfo } from './redis-info.ts';
import type { RedisPlace } from './redis-place.ts';

/** Milliseconds that a command may take, connecting included. */
const COMMAND_MILLIS = 5_000;
const CLOSE_MILLIS = 1_000;
/** Keys that the server looks at in one step of a scan. */
const SCAN_COUNT = 1_000;
/** Commands on their way at once. */
const AT_ONCE = 1_000;

const DELETE_IF_EQUAL =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('UNLINK', KEYS[1]) end return 0";

/**
 * A Valkey or Redis server (6.0 or later), alone or in cluster mode. Every command names one key: the client gathers those of one
 * moment into a pipeline for each node, so that many keys cost a few round trips in either mode.
 */
export class RedisCacheStore implements CacheStore {
  readonly #client: RedisClient;
  readonly #limited: IPolicy;

  /** Makes no connection yet. */
  constructor(place: RedisPlace, { commandMillis = COMMAND_MILLIS } = {}) {
    this.#client = redisClient(place);
    this.#limited = timeout(commandMillis, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
  }

  get(key: string): Promise<Uint8Array | null> {
    return this.#run('read a key', () => this.#client.getBuffer(key));
  }

  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const values = await this.#each('read keys', keys, (key) => this.#client.getBuffer(key));
    return new Map(keys.flatMap((key, at) => pair(key, values[at] ?? null)));
  }

  async set(entry: CacheEntry): Promise<void> {
    await this.#run('store a key', () => this.#set(entry));
  }

  async setMany(entries: readonly CacheEntry[]): Promise<void> {
    await this.#each('store keys', entries, (entry) => this.#set(entry));
  }

  async setIfAbsent({ key, value, ttlSeconds }: CacheEntry): Promise<boolean> {
    const answer = await this.#run('store a key', () =>
      this.#client.set(key, bufferOf(value), 'PX', millisOf(ttlSeconds), 'NX'),
    );
    return answer === 'OK';
  }

  async delete(keys: readonly string[]): Promise<number> {
    const deleted = await this.#each('delete keys', keys, (key) => this.#client.unlink(key));
    return deleted.reduce((total, each) => total + each, 0);
  }

  async deleteIfEqual(key: string, value: Uint8Array): Promise<boolean> {
    const deleted = await this.#run('delete a key', () =>
      this.#client.eval(DELETE_IF_EQUAL, 1, key, bufferOf(value)),
    );
    return deleted === 1;
  }

  async *scan(pattern: string): AsyncIterable<readonly string[]> {
    for (const node of await this.#primaries()) {
      let cursor = '0';
      do {
        const from = cursor;
        const [next, keys] = await this.#run('scan keys', () =>
          node.scan(from, 'MATCH', pattern, 'COUNT', SCAN_COUNT),
        );
        cursor = next;
        if (keys.length > 0) yield keys;
      } while (cursor !== '0');
    }
  }

  async ping(): Promise<void> {
    await this.#run('reach the server', () => this.#client.ping());
  }

  async info(): Promise<CacheServerInfo> {
    return serverInfo(await this.#each('ask for INFO', await this.#primaries(), (node) => node.info()));
  }

  async close(): Promise<void> {
    const client = this.#client;
    if (client.status === 'ready') {
      const limited = timeout(CLOSE_MILLIS, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
      // A server that is gone needs no farewell.
      await limited.execute(() => client.quit()).catch(() => {});
    }
    client.disconnect();
  }

  #set({ key, value, ttlSeconds }: CacheEntry): Promise<unknown> {
    return this.#client.set(key, bufferOf(value), 'PX', millisOf(ttlSeconds));
  }

  async #primaries(): Promise<readonly Redis[]> {
    const client = this.#client;
    if (!(client instanceof Cluster)) return [client];
    // Which nodes there are is known once it is connected.
    await this.ping();
    return client.nodes('master');
  }

  async #each<A, B>(
    what: string,
    all: readonly A[],
    command: (each: A) => Promise<B>,
  ): Promise<readonly B[]> {
    const answers: B[] = [];
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const some = all.slice(at, at + AT_ONCE);
      answers.push(...(await this.#run(what, () => Promise.all(some.map(command)))));
    }
    return answers;
  }

  async #run<T>(what: string, command: () => Promise<T>): Promise<T> {
    try {
      return await this.#limited.execute(command);
    } catch (error) {
      throw translateRedisError(error, what);
    }
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

const millisOf = (seconds: number): number => Math.max(1, Math.round(seconds * 1_000));

const pair = (key: string, value: Uint8Array | null): (readonly [string, Uint8Array])[] =>
  value === null ? [] : [[key, value]];
