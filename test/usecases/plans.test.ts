import { describe, expect, it } from 'vitest';
import { everyKind } from '../../shared/adapters/memory/every-kind.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { adapterOf, type ControllerDeps, type RelayDeps } from '../../shared/usecases/deps.ts';
import { evaluateSignal, handleSignal } from '../../shared/usecases/handle-signal.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { Crash, type CrashPoint, crashing } from '../support/crashing.ts';
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

function mortal(shop: AShop, point: CrashPoint): ControllerDeps & RelayDeps {
  const { deps } = shop;
  return {
    ...deps,
    ledger: crashing(deps.ledger, point),
    metrics: crashing(deps.metrics, point),
    targets: everyKind(crashing(adapterOf(deps.targets, 'ecs-service'), point)),
    ownership: crashing(deps.ownership, point),
    receipts: crashing(deps.receipts, point),
  };
}

/** Minutes of a plan until one of its processes dies; then the others, with nobody there to help. */
async function survives(wishes: Readonly<Record<string, number>>, from: typeof PEAK, point: CrashPoint) {
  const shop = await atRest(from);
  shop.wish(wishes);
  const deps = mortal(shop, point);
  const run = async () => {
    await handleSignal(deps, {
      ...{ kind: 'alarm', id: 'alarm-1', target: shop.idOf('web'), at: shop.now },
      ...{ alarm: 'plimsoll-web', state: 'ALARM' },
    });
    for (let minute = 0; minute < 6; minute += 1) {
      shop.pass(60);
      shop.settle();
      shop.wish(wishes);
      await sweepTargets(deps);
    }
  };
  await run().catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
  shop.pass(60);
  shop.settle();
  await alarm(shop, 'web');
  await live(shop, wishes, 14);
  expect(shop.sizes()).toEqual(wishes);
  expect((await shop.plan())?.status).toBe('done');
  const history = await shop.planHistory();
  expect(history.filter((type) => type === 'PlanStarted').length).toBe(
    history.filter((type) => type === 'PlanCompleted').length,
  );
}

describe('a plan whose controller dies at any await', () => {
  it.each([
    [
      'outwards, beyond what the database carries',
      { database: 3, cache: 2, web: 30 },
      { database: 1, cache: 1, web: 4 },
    ],
    ['inwards', { database: 1, cache: 1, web: 4 }, { database: 3, cache: 2, web: 30 }],
  ])(
    'ends all the same, and the budget holds at every minute: %s',
    async (_, wishes, from) => {
      const point: CrashPoint = { count: 0, at: null, when: 'before' };
      await survives(wishes, from, point);
      expect(point.count).toBeGreaterThan(60);
      for (let at = 0; at < point.count; at += 1) {
        await survives(wishes, from, { count: 0, at, when: 'before' });
        await survives(wishes, from, { count: 0, at, when: 'after' });
      }
    },
    120_000,
  );
});

describe('many who decide at the same moment', () => {
  it('never break the budget together', async () => {
    const shop = await atRest({ database: 2, cache: 1, web: 20 });
    // The database is content with one replica, and the tasks want more than two replicas carry.
    shop.wish({ database: 1, cache: 1, web: 24 });
    const asked = Array.from({ length: 50 }, (_, turn) =>
      evaluateSignal(shop.deps, {
        ...{ kind: 'sweep', id: `at-once-${turn}`, at: shop.now },
        target: shop.idOf(turn % 2 === 0 ? 'web' : 'database'),
      }),
    );
    await Promise.allSettled(asked);
    const { used, allowed } = shop.connections();
    expect(used).toBeLessThanOrEqual(allowed);
    expect(shop.sizes()['web'] === 24 || shop.sizes()['database'] === 1).toBe(true);
  });

  it("see each other's steps before these are in the heads", async () => {
    const shop = await atRest({ database: 2, cache: 1, web: 12 });
    shop.wish({ database: 1, cache: 1 });
    let reached = () => {};
    let release = () => {};
    const atTheHead = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { ledger } = shop.deps;
    const slow: typeof ledger = {
      load: (targets) => ledger.load(targets),
      due: (now) => ledger.due(now),
      commit: async (commit) => {
        if (commit.target === shop.idOf('database')) {
          reached();
          await gate;
        }
        return ledger.commit(commit);
      },
    };
    const sweep = (name: string) =>
      ({ kind: 'sweep', id: name, target: shop.idOf(name), at: shop.now }) as const;
    const shrinking = evaluateSignal({ ...shop.deps, ledger: slow }, sweep('database'));
    await atTheHead;
    shop.wish({ web: 24 });
    const { decision } = await evaluateSignal(shop.deps, { ...sweep('web'), id: 'web-2' });
    expect(decision).toMatchObject({ kind: 'hold', reason: 'connection-budget' });
    release();
    await shrinking;
    expect(shop.sizes()).toEqual({ database: 1, cache: 1, web: 12 });
  });
});

describe('a tier that fails', () => {
  it('stops those that come after it, says why, and lets them go on when it succeeds', async () => {
    const shop = await atRest();
    let refuses = true;
    const tiers = adapterOf(shop.deps.targets, 'rds-replicas');
    const targets = everyKind({
      ...tiers,
      resize: async (target, order) => {
        if (refuses && target.kind === 'rds-replicas') {
          throw new ControllerError('rejected', 'no capacity in any zone', { retryable: false });
        }
        return tiers.resize(target, order);
      },
    });
    const tick = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        shop.wish(PEAK);
        await sweepTargets({ ...shop.deps, targets });
        const { used, allowed } = shop.connections();
        expect(used).toBeLessThanOrEqual(allowed);
        shop.pass(60);
        shop.settle();
      }
    };
    await tick(3);
    expect(shop.sizes()).toEqual({ database: 1, cache: 1, web: 4 });
    expect(await shop.planHistory()).toContain('PlanStopped');
    refuses = false;
    await tick(15);
    expect(shop.sizes()).toEqual(PEAK);
    expect((await shop.planHistory()).slice(-2)).toEqual(['PlanResumed', 'PlanCompleted']);
  });
});
