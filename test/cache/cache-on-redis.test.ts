import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RedisCacheStore } from '../../shared/adapters/redis/redis-cache-store.ts';
import { Cache } from '../../shared/cache/cache.ts';
import type { CacheOptions } from '../../shared/cache/cache-options.ts';
import { instant } from '../../shared/core/time.ts';
import {
  type RedisServer,
  startRedis,
  startRedisCluster,
  stopRedis,
  withPrograms,
} from '../support/redis-server.ts';
import { zipf } from '../support/zipf.ts';

const stores: RedisCacheStore[] = [];
const clock = { now: () => instant(Date.now()) };

function cacheAt(port: number, options: Partial<CacheOptions> = {}, cluster = false): Cache {
  const store = new RedisCacheStore({ host: '127.0.0.1', port, cluster, tls: null });
  stores.push(store);
  return new Cache({ namespace: `t-${randomUUID()}`, clock, ids: { next: randomUUID }, store, ...options });
}

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await stopRedis();
});

withPrograms(['redis-server'], 'a cache on a real server', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });

  it('serves at least 95 % of a Zipf load once it is warm', async () => {
    const cache = cacheAt(server.port, { memory: { maxEntries: 1_000, trustSeconds: 30 } });
    const next = zipf(10_000, 1);
    const load = (key: number) => cache.getOrLoad(`k${key}`, () => ({ key }), { ttlSeconds: 600 });
    for (let from = 1; from <= 10_000; from += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, at) => load(from + at)));
    }
    const before = cache.statistics();
    for (let batch = 0; batch < 200; batch += 1) {
      await Promise.all(Array.from({ length: 100 }, () => load(next())));
    }
    const after = cache.statistics();
    const near = after.hits.memory - before.hits.memory;
    const far = after.hits.remote - before.hits.remote;
    expect((near + far) / 20_000).toBeGreaterThanOrEqual(0.95);
    // The head of the distribution is in memory: 1,000 of 10,000 keys are three quarters of the load.
    expect(near / 20_000).toBeGreaterThan(0.5);
    expect(after.memory.entries).toBeLessThanOrEqual(1_000);
  });

  it('loses no call while its server is killed and started again under load', async () => {
    const own = await startRedis();
    const patience = { timeoutMillis: 200, failures: 5, firstPauseMillis: 50, longestPauseMillis: 200 };
    const cache = cacheAt(own.port, { patience, memory: { maxEntries: 100, trustSeconds: 0.05 } });
    const next = zipf(2_000, 2);
    const seen = new Set<string | undefined>();
    let running = true;
    let [calls, wrong] = [0, 0];
    const caller = async (): Promise<void> => {
      while (running) {
        const key = next();
        const value = await cache.getOrLoad(`k${key}`, () => key, { ttlSeconds: 60, tags: ['all'] });
        calls += 1;
        if (value !== key) wrong += 1;
        seen.add(cache.statistics().remote?.breaker);
        if (calls % 50 === 0) await pause(1);
      }
    };
    const callers = Promise.all(Array.from({ length: 20 }, caller));
    for (let round = 0; round < 2; round += 1) {
      await pause(500);
      await own.kill();
      await expect.poll(() => cache.statistics().remote?.breaker, { timeout: 5_000 }).not.toBe('closed');
      await pause(300);
      await own.start();
      await expect.poll(() => cache.statistics().remote?.breaker, { timeout: 10_000 }).toBe('closed');
    }
    const { hits } = cache.statistics();
    await pause(500);
    running = false;
    await callers;
    expect(wrong).toBe(0);
    expect(calls).toBeGreaterThan(2_000);
    expect(seen).toContain('open');
    expect(cache.statistics().loadErrors).toBe(0);
    // It is used again, not only alive.
    expect(cache.statistics().hits.remote).toBeGreaterThan(hits.remote);
  });
});

withPrograms(['redis-server', 'redis-cli'], 'a cache on a real cluster', () => {
  let port = 0;
  beforeAll(async () => {
    port = await startRedisCluster();
  });

  it('invalidates by tag and by pattern, whatever the slots', async () => {
    const one = cacheAt(port, { memory: { trustSeconds: 0 }, namespace: 'both' }, true);
    const other = cacheAt(port, { memory: { trustSeconds: 0 }, namespace: 'both' }, true);
    const keys = Array.from({ length: 300 }, (_, at) => `${at % 3 === 0 ? 'a' : 'b'}:${at}`);
    const tagged = (key: string) => ({ ttlSeconds: 60, tags: [key.slice(0, 1), 'all'] });
    await Promise.all(keys.map((key) => one.set(key, key, tagged(key))));
    const left = async () =>
      (await Promise.all(keys.map((key) => other.get(key)))).filter((value) => value !== undefined);
    expect(await left()).toHaveLength(300);
    expect(await one.invalidateTag('a')).toMatchObject({ remote: 'done' });
    expect(await left()).toHaveLength(200);
    expect(await one.invalidatePattern('b:1*')).toMatchObject({ remote: 'done' });
    expect((await left()).length).toBe(keys.filter((key) => /^b:(?!1)/.test(key)).length);
    expect(await one.invalidatePattern('*')).toMatchObject({ remote: 'done' });
    expect(await left()).toEqual([]);
  });
});
