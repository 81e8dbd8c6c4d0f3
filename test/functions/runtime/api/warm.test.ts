import { beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../../functions/runtime/api/app.ts';
import { MemoryCacheStore } from '../../../../shared/adapters/memory/memory-cache-store.ts';
import { warmId } from '../../../../shared/core/warm-state.ts';
import { ALog } from '../../../support/a-log.ts';
import { aPolicy } from '../../../support/a-policy.ts';
import { aWarmPlan } from '../../../support/a-warm-plan.ts';
import { warm, warmDeps } from '../../../support/a-warmer.ts';
import { AWorld } from '../../../support/a-world.ts';

const PATH = '/api/infrastructure/cache/warm';
const plan = aWarmPlan({ name: 'popular' });

let world: AWorld;
beforeEach(() => {
  world = new AWorld([aPolicy()]);
});

async function call(path: string, body?: object) {
  const app = createApi({
    controller: world.deps,
    events: world.events,
    failover: world.failover,
    warmPlans: [plan],
    version: '1.2.3',
    ownerOf: () => 'ada',
    requestIdOf: () => 'request-7',
    log: new ALog(),
  });
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await app.request(path, init);
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

describe('POST /api/infrastructure/cache/warm', () => {
  it('asks for a run with an event, and starts nothing itself', async () => {
    const { status, body } = await call(PATH, { plan: 'popular', reason: 'prices were imported' });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      data: { event: { type: 'WarmRequested', target: 'warm/popular', policy: 'popular', owner: 'ada' } },
    });
    const head = (await world.ledger.load([warmId('popular')])).get(warmId('popular'));
    expect(head?.outbox.map(({ type, reason }) => [type, reason])).toEqual([
      ['WarmRequested', 'prices were imported'],
    ]);
  });

  it('refuses a plan that there is not, and a wish without a reason', async () => {
    const unknown = await call(PATH, { plan: 'populr', reason: 'x' });
    expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'unknown-plan' } } });
    expect(await call(PATH, { plan: 'popular' })).toMatchObject({ status: 400 });
  });
});

describe('GET /api/infrastructure/cache/warm', () => {
  it('tells what each plan does and what its last run came to', async () => {
    expect((await call(PATH)).body).toEqual({
      success: true,
      data: { plans: [{ plan: 'popular', warmedAt: null, run: null, last: null }] },
    });
    const source = {
      page: async () => ({ kind: 'page', rows: [{ id: 1 }], next: null, queries: 1 }) as const,
      ask: null,
      close: async () => undefined,
    };
    const openCache = async () => new MemoryCacheStore(world.deps.clock);
    await warm(warmDeps({ ledger: world.ledger, sources: { open: async () => source }, openCache }), plan);
    const { body } = await call(`${PATH}?plan=popular`);
    expect(body).toMatchObject({
      data: { plans: [{ run: null, last: { outcome: 'completed', keys: 1, items: [{ state: 'done' }] } }] },
    });
    expect(await call(`${PATH}?plan=populr`)).toMatchObject({ status: 404 });
  });
});
