import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { instant } from '../../shared/core/time.ts';
import { warmId, warmOf } from '../../shared/core/warm-state.ts';
import type { WarmOutcome } from '../../shared/usecases/warm-cache.ts';
import { aSqlItem, aWarmPlan } from '../support/a-warm-plan.ts';
import { warm, warmDeps } from '../support/a-warmer.ts';
import { Crash } from '../support/crashing.ts';
import {
  type PostgresServer,
  startPostgres,
  stopPostgres,
  withPostgres,
} from '../support/postgres-server.ts';
import { type RedisServer, startRedis, stopRedis, withPrograms } from '../support/redis-server.ts';

const ROWS = 10_000;
const WARMER = 'plimsoll-warm';

withPrograms(['redis-server'], 'warming with a real cache', () => {
  withPostgres('and a real PostgreSQL', () => {
    let database: PostgresServer;
    let server: RedisServer;
    let redis: Redis;

    beforeAll(async () => {
      [database, server] = await Promise.all([startPostgres(), startRedis()]);
      redis = new Redis(server.port, '127.0.0.1');
      await database.query(
        `CREATE TABLE things AS SELECT n AS id, 'thing ' || n AS title, n % 7 AS shelf FROM generate_series(1, ${ROWS}) AS n;
         ALTER TABLE things ADD PRIMARY KEY (id)`,
      );
    }, 60_000);
    beforeEach(() => redis.flushall());
    afterAll(async () => {
      redis.disconnect();
      await Promise.all([stopPostgres(), stopRedis()]);
    });

    const item = (overrides = {}, place = {}) => aSqlItem(overrides, { port: database.port, ...place });
    const plan = (overrides: Parameters<typeof aWarmPlan>[0] = {}) =>
      aWarmPlan({
        items: [item()],
        ...overrides,
        cache: {
          host: '127.0.0.1',
          port: server.port,
          tls: false,
          clusterMode: false,
          auth: { kind: 'none' },
        },
      });
    const reportOf = (outcome: WarmOutcome) => {
      if (outcome.kind !== 'ended') throw new Error(`It ${outcome.kind}.`);
      return outcome.report;
    };

    it('fills 10,000 keys, page by page', async () => {
      const report = reportOf(await warm(warmDeps(), plan()));
      expect(report).toMatchObject({ outcome: 'completed', keys: ROWS, kept: 0, errors: 0, queries: 51 });
      expect(await redis.dbsize()).toBe(ROWS);
      expect(JSON.parse((await redis.get('row:4711')) ?? '')).toEqual({ id: 4711, title: 'thing 4711' });
    }, 60_000);

    it('spreads the end of the keys by the jitter', async () => {
      await warm(warmDeps(), plan({ items: [item({ query: 'SELECT * FROM things WHERE id <= 500' })] }));
      const keys = await redis.keys('row:*');
      const ends = await Promise.all(keys.map((key) => redis.pttl(key)));
      expect(Math.max(...ends)).toBeLessThanOrEqual(600_000);
      expect(Math.min(...ends)).toBeGreaterThan(535_000);
      expect(Math.max(...ends) - Math.min(...ends)).toBeGreaterThan(40_000);
    });

    it('asks the database no more often than the plan allows', async () => {
      const seen = database.statements(WARMER).length;
      const each = { query: 'SELECT * FROM things WHERE id = $1', parameters: ['id'], rows: 'one' as const };
      const items = [item({ query: 'SELECT id FROM things WHERE id <= 120', each })];
      const limits = { queriesPerSecond: 40 };
      const report = reportOf(await warm(warmDeps(), plan({ items, limits })));
      const asked = database.statements(WARMER).slice(seen);
      expect(report).toMatchObject({ keys: 120, queries: 121 });
      expect(asked).toHaveLength(121);
      // Starts are 25 ms apart on our side; the server may hear of two a moment closer.
      expect(busiest(asked, 1000)).toBeLessThanOrEqual(42);
      expect(asked.at(-1)! - asked[0]!).toBeGreaterThan(2_800);
    }, 30_000);

    it('opens no more connections than the plan may have', async () => {
      const each = {
        query: 'SELECT pg_sleep(0.05), $1::int AS id',
        parameters: ['id'],
        rows: 'one' as const,
      };
      const items = [item({ query: 'SELECT id FROM things WHERE id <= 40', each })];
      const running = warm(warmDeps(), plan({ items, connections: 3, limits: { concurrency: 20 } }));
      let most = 0;
      const watch = async () => {
        const [row] = await database.query(
          `SELECT count(*)::int AS open FROM pg_stat_activity WHERE application_name = '${WARMER}'`,
        );
        most = Math.max(most, Number(row?.['open']));
      };
      for (let look = 0; look < 6; look += 1) {
        await pause(60);
        await watch();
      }
      await running;
      expect(most).toBe(3);
    }, 30_000);

    it('goes on after a crash where progress was last stored', async () => {
      const dying = dies(3_900);
      // Every look at the clock is ten seconds later, so that progress is stored with every page.
      const deps = warmDeps({ openCache: dying.openCache, clock: tenSecondsALook() });
      await expect(
        warm(deps, plan({ limits: { seconds: 86_400 } }), { deadline: instant(1e15) }),
      ).rejects.toThrow(Crash);
      const before = database.statements(WARMER).length;
      const later = warmDeps({ ledger: deps.ledger, clock: { now: () => instant(Date.now() + 50_000_000) } });
      const run = warmOf((await deps.ledger.load([warmId('popular')])).get(warmId('popular'))!.state).run;
      expect(run?.items[0]).toMatchObject({ state: 'open', rows: 3_800 });
      const report = reportOf(
        await warm(later, plan({ limits: { seconds: 864_000_000 } }), { deadline: instant(1e15) }),
      );
      expect(report.keys + report.kept).toBe(ROWS);
      expect(await redis.dbsize()).toBe(ROWS);
      // 31 pages of the 6,200 rows that were left, and the empty one at the end.
      expect(database.statements(WARMER).length - before).toBe(32);
    }, 60_000);

    it('stops when its time is over, and continues in the next process', async () => {
      const deps = warmDeps();
      const limits = { queriesPerSecond: 50 };
      const first = await warm(deps, plan({ limits }), { deadline: instant(Date.now() + 400) });
      expect(first.kind).toBe('continues');
      const entry = (await deps.ledger.load([warmId('popular')])).get(warmId('popular'))!;
      expect(entry.outbox.map(({ type }) => type)).toEqual(['WarmStarted', 'WarmRequested']);
      const report = reportOf(await warm(deps, plan()));
      expect(report).toMatchObject({ outcome: 'completed', keys: ROWS, queries: 51 });
    }, 60_000);

    it('runs once at a time', async () => {
      const deps = warmDeps();
      const limits = { queriesPerSecond: 50 };
      const [one, other] = await Promise.all([warm(deps, plan({ limits })), warm(deps, plan({ limits }))]);
      expect([one.kind, other.kind].sort()).toEqual(['busy', 'ended']);
      expect(await redis.dbsize()).toBe(ROWS);
    }, 60_000);

    it('lets a statement go that takes too long, and does the other items', async () => {
      const slow = item(
        { name: 'slow', query: 'SELECT 1 AS id, pg_sleep(30)' },
        { statementTimeoutSeconds: 1 },
      );
      const report = reportOf(await warm(warmDeps(), plan({ items: [slow, item()] })));
      expect(report).toMatchObject({ outcome: 'partly', keys: ROWS, errors: 1 });
      expect(report.items[0]).toMatchObject({ state: 'failed', faults: { timeout: 1 } });
      expect(report.items[0]?.said).toEqual(['A statement took longer than 1 s.']);
    }, 60_000);

    it('refuses a result that is too large, a column that there is not, and a statement that writes', async () => {
      const items = [
        item({ name: 'many', by: [], maxRows: 99 }),
        item({ name: 'column', key: 'row:{uuid}' }),
        item({
          name: 'long',
          key: `row:{id}${'x'.repeat(120)}`,
          query: 'SELECT id FROM things WHERE id < 5',
        }),
        item({ name: 'wide', query: "SELECT 1 AS id, repeat('x', 20000) AS text" }),
        item({ name: 'writes', query: "SELECT nextval('s') AS id" }),
      ];
      await database.query('CREATE SEQUENCE s');
      const report = reportOf(await warm(warmDeps(), plan({ items })));
      expect(report.outcome).toBe('failed');
      expect(report.items.map(({ name, faults, said }) => [name, faults, said[0]])).toEqual([
        ['many', { 'too-much': 1 }, 'Its query returned more than 99 rows.'],
        ['column', { 'unknown-column': 1 }, 'Its rows have no column uuid.'],
        ['long', { 'key-too-long': 4 }, expect.stringContaining('has 125 bytes, more than 100.')],
        ['wide', { 'value-too-large': 1 }, 'A value has 20018 bytes, more than 10000.'],
        ['writes', { source: 1 }, expect.stringContaining('warming only reads (25006)')],
      ]);
      expect(await redis.dbsize()).toBe(0);
    }, 60_000);

    it('takes the primary where the replica cannot be reached', async () => {
      const hosts = ['no-such-host.invalid', '127.0.0.1'];
      const report = reportOf(await warm(warmDeps(), plan({ items: [item({}, { hosts })] })));
      expect(report.keys).toBe(ROWS);
    }, 60_000);

    it('keeps what is in the cache, or replaces it, as the plan says', async () => {
      await redis.set('row:1', 'fresher');
      const few = { items: [item({ query: 'SELECT id, title FROM things WHERE id <= 3' })] };
      expect(reportOf(await warm(warmDeps(), plan(few)))).toMatchObject({ keys: 2, kept: 1 });
      expect(await redis.get('row:1')).toBe('fresher');
      expect(reportOf(await warm(warmDeps(), plan({ ...few, mode: 'refresh' })))).toMatchObject({
        keys: 3,
        kept: 0,
      });
      expect(await redis.get('row:1')).toBe('{"id":1,"title":"thing 1"}');
    });

    it('tells the hit rate of everybody before and after', async () => {
      const reader = setInterval(() => void redis.get(`row:${1 + Math.floor(Math.random() * ROWS)}`), 5);
      const report = reportOf(await warm(warmDeps(), plan({ sampleSeconds: 1 })));
      clearInterval(reader);
      expect(report.hitRateBefore).toBe(0);
      expect(report.hitRateAfter).toBe(1);
    }, 60_000);

    it('fails when nothing can be written, and says so in an event', async () => {
      const deps = warmDeps();
      const unreachable = { ...plan().cache!, port: 1 };
      const report = reportOf(await warm(deps, { ...plan(), cache: unreachable }));
      expect(report).toMatchObject({ outcome: 'failed', keys: 0, errors: 1 });
      const entry = (await deps.ledger.load([warmId('popular')])).get(warmId('popular'))!;
      expect(entry.outbox.map(({ type }) => type)).toEqual(['WarmStarted', 'WarmFailed']);
    }, 60_000);

    /** A cache in a process that dies when it has written so many keys. */
    function dies(after: number) {
      let written = 0;
      const openCache = async (cache: Parameters<ReturnType<typeof warmDeps>['openCache']>[0]) => {
        const store = await warmDeps().openCache(cache);
        const setIfAbsent: typeof store.setIfAbsent = async (entry) => {
          written += 1;
          if (written > after) throw new Crash('the process died');
          return store.setIfAbsent(entry);
        };
        return new Proxy(store, {
          get: (target, name) => {
            if (name === 'setIfAbsent') return setIfAbsent;
            const value: unknown = Reflect.get(target, name);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        });
      };
      return { openCache };
    }
  });
});

function tenSecondsALook() {
  let now = Date.now();
  return {
    now: () => {
      now += 10_000;
      return instant(now);
    },
  };
}

/** The most of these times in any stretch of so many milliseconds. */
function busiest(times: readonly number[], stretch: number): number {
  return Math.max(
    ...times.map((from, index) => times.slice(index).filter((at) => at < from + stretch).length),
  );
}
