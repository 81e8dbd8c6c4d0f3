import { randomUUID } from 'node:crypto';
import { RedisCacheStore } from '../shared/adapters/redis/redis-cache-store.ts';
import { Cache } from '../shared/cache/cache.ts';
import { instant } from '../shared/core/time.ts';
import { startRedis, stopRedis } from '../test/support/redis-server.ts';
import { zipf } from '../test/support/zipf.ts';

/**
 * What the cache costs and saves, with a real redis-server on this machine: the way to the server is the loopback interface, so on AWS
 * each round trip takes a few tenths of a millisecond more.
 */
const KEYS = 10_000;
const AT_ONCE = 100;
const VALUE = { id: 1, name: 'a value of about two hundred bytes', text: 'x'.repeat(140) };
const TTL = { ttlSeconds: 600 };

const clock = { now: () => instant(Date.now()) };
const server = await startRedis();
const store = new RedisCacheStore({ host: '127.0.0.1', port: server.port, cluster: false, tls: null });

const cacheOf = (maxEntries: number, trustSeconds = 600, remote = true): Cache =>
  new Cache({
    namespace: 'bench',
    clock,
    ids: { next: randomUUID },
    memory: { maxEntries, trustSeconds },
    ...(remote ? { store } : {}),
  });

/** Runs a call many times, some at once; calls a second and microseconds a call. */
async function measure(name: string, times: number, atOnce: number, call: (n: number) => Promise<unknown>) {
  const rounds = times / atOnce;
  const started = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(Array.from({ length: atOnce }, (_, at) => call(round * atOnce + at)));
  }
  const millis = performance.now() - started;
  const perSecond = Math.round((times / millis) * 1_000);
  console.log(`| ${name} | ${perSecond.toLocaleString('en')} | ${((millis * 1_000) / times).toFixed(1)} |`);
}

const fill = async (cache: Cache, tags: readonly string[] = []): Promise<void> => {
  for (let from = 0; from < KEYS; from += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, at) => `k${from + at}`);
    await Promise.all(some.map((key) => cache.getOrLoad(key, () => VALUE, { ...TTL, tags })));
  }
};

console.log('| read | calls a second | µs a call |\n| --- | --- | --- |');
const near = cacheOf(KEYS);
await fill(near);
await measure('from memory, one by one', 500_000, 1, (n) => near.getOrLoad(`k${n % KEYS}`, () => VALUE, TTL));
const far = cacheOf(1, 0);
await measure('from the server, 100 at once', 50_000, AT_ONCE, (n) =>
  far.getOrLoad(`k${n % KEYS}`, () => VALUE, TTL),
);
await measure('from the server, one by one', 5_000, 1, (n) =>
  far.getOrLoad(`k${n % KEYS}`, () => VALUE, TTL),
);

await near.invalidatePattern('*');
await fill(far, ['tag']);
await measure('from the server with a tag, 100 at once', 50_000, AT_ONCE, (n) =>
  far.getOrLoad(`k${n % KEYS}`, () => VALUE, { ...TTL, tags: ['tag'] }),
);
const alone = cacheOf(KEYS, 600, false);
await measure('a miss, loaded and kept in memory alone', 50_000, AT_ONCE, (n) =>
  alone.getOrLoad(`m${n}`, () => VALUE, TTL),
);
await measure('a miss, loaded and kept on the server too', 50_000, AT_ONCE, (n) =>
  far.getOrLoad(`m${n}`, () => VALUE, TTL),
);

await near.invalidatePattern('*');
const zipfian = cacheOf(1_000, 30);
await fill(zipfian);
const next = zipf(KEYS, 1);
const before = zipfian.statistics();
for (let batch = 0; batch < 2_000; batch += 1) {
  await Promise.all(
    Array.from({ length: AT_ONCE }, () => zipfian.getOrLoad(`k${next() - 1}`, () => VALUE, TTL)),
  );
}
const after = zipfian.statistics();
const share = (hits: number): string => `${((hits / 200_000) * 100).toFixed(2)} %`;
const [memory, remote] = [after.hits.memory - before.hits.memory, after.hits.remote - before.hits.remote];
console.log(
  `\nZipf (s = 1), ${KEYS} keys, 1,000 of them in memory, 200,000 reads: hit rate ${share(memory + remote)}, ` +
    `${share(memory)} from memory, ${share(remote)} from the server; ${after.remote?.errors ?? 0} errors.`,
);

await store.close();
await stopRedis();
