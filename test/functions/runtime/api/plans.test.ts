import { beforeEach, describe, expect, it } from 'vitest';
import { planList } from '../../../../events/contracts/plans.ts';
import { createApi } from '../../../../functions/runtime/api/app.ts';
import { handleSignal } from '../../../../shared/usecases/handle-signal.ts';
import { ALog } from '../../../support/a-log.ts';
import { AShop } from '../../../support/three-tiers.ts';

let shop: AShop;
beforeEach(() => {
  shop = new AShop();
});

const get = (query: string) =>
  createApi({
    ...{ controller: shop.deps, events: shop.events, version: '1.2.3', log: new ALog() },
    failover: shop.failover,
    ...{ ownerOf: () => 'local', requestIdOf: () => 'request-7' },
  }).request(`/api/infrastructure/scaling/plans${query}`);

describe('GET /api/infrastructure/scaling/plans', () => {
  it('shows what every tier does, what it waits for, and the arithmetic of the budget', async () => {
    shop.wish({ database: 2, cache: 1, web: 30 });
    const signal = { kind: 'alarm', id: 'alarm-1', alarm: 'plimsoll-web', state: 'ALARM' } as const;
    await handleSignal(shop.deps, { ...signal, target: shop.idOf('web'), at: shop.now });
    const response = await get('');
    expect(response.status).toBe(200);
    const body = (await response.json()) as { data: unknown };
    const [plan] = planList.parse(body.data).plans;
    expect(plan).toMatchObject({ application: 'shop', status: 'running' });
    expect(plan?.tiers).toMatchObject([
      {
        tier: 'database',
        state: 'running',
        from: 1,
        to: 2,
        ready: 1,
        why: 'From 1 to 2; 1 of 2 replicas are ready.',
      },
      { tier: 'cache', state: 'idle', from: 1, to: 1, ready: 1, why: '' },
      {
        tier: 'web',
        state: 'waiting',
        from: 4,
        to: 30,
        why: 'It waits for database: 1 of 2 replicas are ready.',
      },
    ]);
    const budget = plan?.tiers[2]?.limits.find(({ reason }) => reason === 'connection-budget');
    expect(budget?.detail).toBe(
      '12 tasks × 20 × 2 = 480 of 1 × 600 × 0.8 = 480 connections; one more replica of database allows 24.',
    );
  });

  it('refuses an application that is not there, and a field that it does not know', async () => {
    const unknown = await get('?application=market');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      error: { code: 'unknown-application', message: 'No application is named "market"; there are: shop.' },
    });
    expect((await get('?colour=red')).status).toBe(400);
    expect((await get('?application=shop')).status).toBe(200);
  });
});
