import { randomUUID } from 'node:crypto';
import { MemoryCacheStore } from '../../shared/adapters/memory/memory-cache-store.ts';
import { Cache } from '../../shared/cache/cache.ts';
import type { CacheOptions } from '../../shared/cache/cache-options.ts';
import type { CacheStore } from '../../shared/ports/cache-store.ts';
import { HandClock } from '../contracts/store.ts';

/** A cache with a clock that a test moves, and the faults that no caller was told of. */
export interface ACache {
  readonly cache: Cache;
  readonly clock: HandClock;
  readonly faults: unknown[];
}

/** A cache; in memory alone unless a store is given. */
export function aCache(options: Partial<CacheOptions> & { readonly clock?: HandClock } = {}): ACache {
  const { clock = new HandClock() } = options;
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const cache = new Cache({ namespace: 'test', ids: { next: randomUUID }, onFault, ...options, clock });
  return { cache, clock, faults };
}

/** Two processes with one server. */
export function twoProcesses(options: Partial<CacheOptions> = {}) {
  const clock = new HandClock();
  const server = new FaultyStore(new MemoryCacheStore(clock));
  const process = () => aCache({ ...options, clock, store: server.store });
  return { clock, server, one: process(), other: process() };
}

/** A store that a test may break: while it is down, every call fails. */
export class FaultyStore {
  down = false;
  calls = 0;
  readonly store: CacheStore;

  constructor(inner: CacheStore) {
    this.store = new Proxy(inner, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...args: readonly unknown[]) => {
          this.calls += 1;
          if (!this.down) return method.apply(target, args) as unknown;
          return name === 'scan' ? failingScan() : Promise.reject(new Error('the server is down'));
        };
      },
    });
  }
}

async function* failingScan(): AsyncIterable<readonly string[]> {
  yield await Promise.reject(new Error('the server is down'));
}

/** A promise that a test settles. */
export function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
