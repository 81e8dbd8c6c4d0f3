import { loadavg } from 'node:os';
import { Redis } from 'ioredis';
import type { WarmPlan } from '../shared/core/warm-plan.ts';
import { aSqlItem, aWarmPlan } from '../test/support/a-warm-plan.ts';
import { warm, warmDeps } from '../test/support/a-warmer.ts';
import { startPostgres, stopPostgres } from '../test/support/postgres-server.ts';
import { startRedis, stopRedis } from '../test/support/redis-server.ts';

/**
 * Warming with a real PostgreSQL and a real redis-server on this machine: keys a second, and what the database was asked against the
 * bound of the plan, as the database itself counts it.
 */
const ROWS = 10_000;

const [database, server] = await Promise.all([startPostgres(), startRedis()]);
const redis = new Redis(server.port, '127.0.0.1');
await database.query(
  `CREATE TABLE things AS SELECT n AS id, repeat('x', 200) AS title FROM generate_series(1, ${ROWS}) AS n;
   ALTER TABLE things ADD PRIMARY KEY (id)`,
);

const EACH = { query: 'SELECT * FROM things WHERE id = $1', parameters: ['id'], rows: 'one' } as const;
const item = (rows: number, each: typeof EACH | null) =>
  aSqlItem({ query: `SELECT id, title FROM things WHERE id <= ${rows}`, each }, { port: database.port });
const plan = (overrides: Parameters<typeof aWarmPlan>[0]): WarmPlan =>
  aWarmPlan({
    ...overrides,
    cache: { host: '127.0.0.1', port: server.port, tls: false, clusterMode: false, auth: { kind: 'none' } },
  });

async function measure(name: string, given: WarmPlan): Promise<void> {
  const seen = database.statements('plimsoll-warm').length;
  const outcome = await warm(warmDeps(), given);
  if (outcome.kind !== 'ended') throw new Error(outcome.kind);
  const { keys, kept, queries, errors, startedAt, endedAt, hitRateBefore, hitRateAfter } = outcome.report;
  const seconds = (endedAt - startedAt) / 1000;
  const times = database.statements('plimsoll-warm').slice(seen);
  const most = Math.max(
    ...times.map((from, at) => times.slice(at).filter((time) => time < from + 1000).length),
  );
  const rate = (of: number | null) => (of === null ? '' : `${(of * 100).toFixed(1)} %`);
  const perSecond = Math.round((keys + kept) / seconds).toLocaleString('en');
  console.log(
    `| ${name} | ${keys} | ${kept} | ${queries} | ${errors} | ${seconds.toFixed(2)} | ${perSecond} | ${most} of ${given.limits.queriesPerSecond} | ${rate(hitRateBefore)} | ${rate(hitRateAfter)} |`,
  );
}

console.log(
  '| plan | written | kept | queries | errors | s | keys a second | most statements in a second | hit rate before | after |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
await measure('10,000 rows, in pages', plan({ items: [item(ROWS, null)] }));
await measure('again, all there', plan({ items: [item(ROWS, null)] }));
await measure('again, refreshed', plan({ items: [item(ROWS, null)], mode: 'refresh' }));
await redis.flushall();
await measure(
  '2,000 rows, a query each',
  plan({ items: [item(2_000, EACH)], limits: { concurrency: 8 }, connections: 8 }),
);
await redis.flushall();
await measure(
  '500 rows, a query each, 50 a second',
  plan({ items: [item(500, EACH)], limits: { queriesPerSecond: 50 } }),
);
await redis.flushall();
const reader = setInterval(() => void redis.get(`row:${1 + Math.floor(Math.random() * ROWS)}`), 5);
await measure('10,000 rows, with readers', plan({ items: [item(ROWS, null)], sampleSeconds: 2 }));
clearInterval(reader);
console.log(`\n(Load ${loadavg()[0]?.toFixed(1)}.)`);
redis.disconnect();
await Promise.all([stopPostgres(), stopRedis()]);
