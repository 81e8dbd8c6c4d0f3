import { beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../../functions/runtime/api/app.ts';
import { type Instant, plusSeconds } from '../../../../shared/core/time.ts';
import { ALog } from '../../../support/a-log.ts';
import { aPolicy } from '../../../support/a-policy.ts';
import { aCache } from '../../../support/a-two-level-cache.ts';
import { AWorld } from '../../../support/a-world.ts';

const CACHE = '/api/infrastructure/cache';

let world: AWorld;
let reads = 0;
let opened = 0;

beforeEach(() => {
  world = new AWorld([aPolicy()]);
  [reads, opened] = [0, 0];
});

function api() {
  const { deps: controller, events, failover } = world;
  const { cache } = aCache();
  const list: typeof events.list = (query) => {
    reads += 1;
    return events.list(query);
  };
  return createApi({
    controller,
    events: { append: (added) => events.append(added), list },
    cache: async () => {
      opened += 1;
      return cache;
    },
    failover,
    version: '1.2.3',
    ownerOf: () => 'local',
    requestIdOf: () => 'request-7',
    log: new ALog(),
  });
}

const dataOf = async (response: Response) =>
  ((await response.json()) as { data: Record<string, unknown> }).data;
const time = (at: Instant): string => new Date(at).toISOString();
const eventsUntil = (seconds: number): string =>
  `/api/infrastructure/scaling/events?until=${time(plusSeconds(world.deps.clock.now(), seconds))}`;

describe('answers about the past', () => {
  it('are kept once their range has been closed for a quarter of an hour', async () => {
    const app = api();
    const first = await app.request(eventsUntil(-900));
    const again = await app.request(eventsUntil(-900));
    expect(reads).toBe(1);
    expect(first.headers.get('x-cache-key')).toMatch(/^events:[0-9a-f]{32}$/);
    expect(await again.json()).toEqual(await first.json());
  });

  it.each([
    ['a range that ended a moment ago', -899],
    ['a range that ends later', 60],
  ])('are read anew for %s', async (_name, seconds) => {
    const app = api();
    const answer = await app.request(eventsUntil(seconds));
    await app.request(eventsUntil(seconds));
    expect([reads, opened]).toEqual([2, 0]);
    expect(answer.headers.get('x-cache-key')).toBeNull();
  });

  it('are read anew without an end, and for another question', async () => {
    const app = api();
    await app.request('/api/infrastructure/scaling/events');
    await app.request(`${eventsUntil(-900)}&limit=5`);
    await app.request(`${eventsUntil(-900)}&limit=6`);
    expect(reads).toBe(3);
  });

  it('do not keep a refusal', async () => {
    const app = api();
    for (const _ of [1, 2]) {
      expect((await app.request(`${eventsUntil(-900)}&cursor=nonsense`)).status).toBe(400);
    }
    expect(reads).toBe(2);
  });

  it('are kept of receipts, too', async () => {
    const app = api();
    const path = `${eventsUntil(-900).replace('events', 'receipts')}&target=web`;
    expect((await app.request(path)).headers.get('x-cache-key')).toMatch(/^receipts:/);
  });
});

describe('the routes about the cache', () => {
  it('report what it has done', async () => {
    const app = api();
    expect(await dataOf(await app.request(`${CACHE}/stats`))).toMatchObject({
      hitRate: null,
      keys: 0,
      remote: null,
    });
    for (const _ of [1, 2, 3, 4]) await app.request(eventsUntil(-900));
    expect(await dataOf(await app.request(`${CACHE}/stats`))).toMatchObject({
      hits: 3,
      misses: 1,
      hitRate: 75,
      keys: 1,
      loads: 1,
      hitsByLevel: { memory: 3, remote: 0, stale: 0 },
      memory: { available: 16_777_216, percentage: 0 },
    });
  });

  it('show an entry, delete it, and say when there is none', async () => {
    const app = api();
    const key = (await app.request(eventsUntil(-900))).headers.get('x-cache-key') ?? '';
    expect(await dataOf(await app.request(`${CACHE}/keys/${key}`))).toMatchObject({
      key,
      level: 'memory',
      tags: ['events'],
      value: { events: [], cursor: null },
    });
    const deleted = await app.request(`${CACHE}/keys/${key}`, { method: 'DELETE' });
    expect(await dataOf(deleted)).toEqual({ deletedFromMemory: 1, remote: 'none' });
    const gone = await app.request(`${CACHE}/keys/${key}`);
    expect([gone.status, await gone.json()]).toMatchObject([404, { error: { code: 'not-cached' } }]);
    await app.request(eventsUntil(-900));
    expect(reads).toBe(2);
  });

  it.each(['', '?tag=events', '?pattern=events:*'])('clear%s', async (query) => {
    const app = api();
    await app.request(eventsUntil(-900));
    const cleared = await app.request(`${CACHE}/clear${query}`, { method: 'DELETE' });
    expect(await dataOf(cleared)).toEqual({ deletedFromMemory: 1, remote: 'none' });
  });

  it('refuse to clear by two things, by nothing, or by what they do not know', async () => {
    const app = api();
    for (const query of ['?tag=a&pattern=b', '?tag=', '?prefix=a']) {
      expect((await app.request(`${CACHE}/clear${query}`, { method: 'DELETE' })).status).toBe(400);
    }
  });

  it('let nobody store what others would read, nor name a key that cannot be one', async () => {
    const app = api();
    const stored = await app.request(`${CACHE}/keys/a`, { method: 'POST', body: '{"value":1}' });
    expect([stored.status, stored.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
    expect((await app.request(`${CACHE}/keys/${'k'.repeat(1_025)}`)).status).toBe(400);
  });

  it('work without a cache of the caller', async () => {
    const { deps: controller, events, failover } = world;
    const own = { ownerOf: () => 'local', requestIdOf: () => 'r', log: new ALog() };
    const app = createApi({ controller, events, failover, version: '1', ...own });
    await app.request(eventsUntil(-900));
    await app.request(eventsUntil(-900));
    expect(await dataOf(await app.request(`${CACHE}/stats`))).toMatchObject({ hits: 1, misses: 1 });
  });
});
