import { describe, expect, it } from 'vitest';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { AShop } from '../support/three-tiers.ts';

/** Every tier has been seen once, and the shop is at rest. */
async function atRest(sizes = { database: 1, cache: 1, web: 4 }): Promise<AShop> {
  const shop = new AShop(sizes);
  shop.wish(sizes);
  for (const name of Object.keys(sizes)) await look(shop, name);
  return shop;
}

const look = (shop: AShop, name: string) =>
  handleSignal(shop.deps, { kind: 'sweep', id: `look-${name}`, target: shop.idOf(name), at: shop.now });

/** Minutes of a life with constant wishes; every minute what was asked for is there. */
async function live(shop: AShop, wishes: Readonly<Record<string, number>>, minutes: number) {
  const way: string[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    shop.wish(wishes);
    await sweepTargets(shop.deps);
    const { used, allowed } = shop.connections();
    expect(used).toBeLessThanOrEqual(allowed);
    way.push(Object.values(shop.sizes()).join('/'));
    shop.pass(60);
    shop.settle();
  }
  return way;
}

const alarm = (shop: AShop, name: string) =>
  handleSignal(shop.deps, {
    ...{ kind: 'alarm', id: `alarm-${name}`, target: shop.idOf(name), at: shop.now },
    ...{ alarm: `plimsoll-${name}`, state: 'ALARM' },
  });

/** A way without the minutes in which nothing changed. */
const steps = (way: readonly string[]) => way.filter((sizes, minute) => sizes !== way[minute - 1]);

const PEAK = { database: 3, cache: 2, web: 10 };

describe('a plan of three tiers', () => {
  it('grows the database, then the cache, then the tasks, whoever said so first', async () => {
    for (const first of ['web', 'cache', 'database']) {
      const shop = await atRest();
      shop.wish(PEAK);
      await alarm(shop, first);
      expect(shop.sizes()).toEqual({ database: 3, cache: 1, web: 4 });
      shop.pass(60);
      shop.settle();
      const way = await live(shop, PEAK, 8);
      expect(steps(way)).toEqual(['3/2/4', '3/2/10']);
      expect(await shop.planHistory()).toEqual(['PlanStarted', 'PlanCompleted']);
    }
  });

  it('shrinks the tasks, then the cache, then the database', async () => {
    const shop = await atRest(PEAK);
    shop.wish({ database: 1, cache: 1, web: 4 });
    await alarm(shop, 'database');
    expect(shop.sizes()).toEqual(PEAK);
    expect(steps(await live(shop, { database: 1, cache: 1, web: 4 }, 12))).toEqual([
      '3/2/4',
      '3/1/4',
      '1/1/4',
    ]);
    expect(await shop.planHistory()).toEqual(['PlanStarted', 'PlanCompleted']);
  });

  it('takes what the budget allows at once, and pulls up a database that is content', async () => {
    const shop = await atRest();
    const wishes = { cache: 1, web: 30 };
    shop.wish(wishes);
    shop.measure('databaseCpu', 60);
    await alarm(shop, 'web');
    expect(shop.sizes()).toEqual({ database: 3, cache: 1, web: 12 });
    shop.pass(60);
    shop.settle();
    expect(steps(await live(shop, wishes, 6))).toEqual(['3/1/30']);
  });
});
