import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/core/decide.ts';
import { tiersBefore } from '../../../shared/core/plan/order.ts';
import { outlineOf } from '../../../shared/core/plan/outline.ts';
import type { PlanStep } from '../../../shared/core/plan/plan-record.ts';
import { failure, tierPlan, untilAllAreAsked, waitsForLooks } from '../../../shared/core/plan/tier-limits.ts';
import { tierOf } from '../../../shared/core/plan/tier-view.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aSignal } from '../../support/a-signal.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { aResize, aState } from '../../support/a-state.ts';
import { type ATierSeen, anApplicationView } from '../../support/an-application-view.ts';
import { NOW } from '../../support/now.ts';
import { aTier, CACHE, DATABASE, SHOP, WEB } from '../../support/three-tiers.ts';

const failures = {
  count: 1,
  at: plusSeconds(NOW, -10),
  direction: 'out',
  why: 'no capacity in eu-west-1a.',
} as const;
const longAgo = { count: 2, at: plusSeconds(NOW, -9000), direction: 'out' } as const;
const grown = { at: plusSeconds(NOW, -60), from: 1, to: 2 };
const WARM = {
  ...SHOP,
  tiers: SHOP.tiers.map((tier) =>
    tier.name === 'cache' ? { ...tier, warm: { plan: 'popular', withinSeconds: 600 } } : tier,
  ),
};
const step = (from: number, to: number, cause: PlanStep['cause'] = 'policy'): PlanStep => ({
  ...{ at: NOW, target: aTier(DATABASE).target, from, to, cause },
});

type Case = readonly [string, Readonly<Record<string, ATierSeen>>, string | null];

const limitOf = (
  seen: Readonly<Record<string, ATierSeen>>,
  name: string,
  direction: 'out' | 'in',
  application = SHOP,
) =>
  tierPlan(anApplicationView(seen, application), name).limits.find(
    (limit) => limit.direction === direction && limit.reason !== 'connection-budget',
  )?.detail ?? null;

describe('a tier that wants to grow', () => {
  it.each<Case>([
    ['is free when all others are content', {}, null],
    [
      'waits for a tier ahead that wants more',
      { database: { wish: 3 } },
      'It waits for database: it has to grow from 1 to 3 first.',
    ],
    [
      'waits for one that is on its way',
      { database: { size: 3, ready: 2, state: { resize: aResize({ from: 2, to: 3 }) } } },
      'It waits for database: 2 of 3 replicas are ready.',
    ],
    [
      'waits no longer than twenty minutes for one that is on its way',
      {
        database: {
          size: 3,
          ready: 2,
          state: { resize: aResize({ from: 2, to: 3, startedAt: plusSeconds(NOW, -1200) }) },
        },
      },
      null,
    ],
    [
      'waits for one whose step is stored',
      { database: { steps: [step(1, 2)] } },
      'It waits for database: 1 of 2 replicas are ready.',
    ],
    ['does not wait for one that grows for the budget', { database: { steps: [step(1, 2, 'plan')] } }, null],
    [
      'does not wait for one that is at its service’s limit',
      {
        database: {
          wish: 3,
          limits: [{ direction: 'out', size: 1, reason: 'resource-limit', detail: '15' }],
        },
      },
      null,
    ],
    ['does not wait for a wish beyond the bounds', { cache: { size: 5, wish: 9 } }, null],
    [
      'waits for one that cannot be seen',
      { cache: { unseen: 'throttled' } },
      'It waits for cache: it cannot be seen (throttled).',
    ],
    [
      'stands still while a tier ahead has failed',
      { database: { state: { failures } } },
      'The plan stands still: database failed to scale out once, at 10:02:56 (no capacity in eu-west-1a).',
    ],
    [
      'still does when that one tries again',
      { database: { state: { failures: longAgo, resize: aResize({ from: 1, to: 2 }) } } },
      'The plan stands still: database failed to scale out 2 times in a row, last at 07:33:06.',
    ],
    [
      'still does when that one is short of units',
      { database: { ready: 0, state: { failures: longAgo } } },
      'The plan stands still: database failed to scale out 2 times in a row, last at 07:33:06.',
    ],
    [
      'still does when that one wants more',
      { database: { wish: 2, state: { failures: longAgo } } },
      'The plan stands still: database failed to scale out 2 times in a row, last at 07:33:06.',
    ],
    ['goes on when that one needs no more', { database: { state: { failures: longAgo } } }, null],
    [
      'goes on when that one failed to shrink',
      { database: { state: { failures: { ...failures, direction: 'in' } } } },
      null,
    ],
    ['goes on when nothing is known of the one ahead', { database: { state: null } }, null],
  ])('%s', (_, seen, detail) => {
    expect(limitOf(seen, 'web', 'out')).toBe(detail);
  });

  it('waits for a cache to be warm, and not for ever', () => {
    const cache = { state: { lastOut: grown } };
    const cold =
      'It waits for cache: its warm plan popular has not run since it grew; it is waited for until 10:12:06.';
    expect(limitOf({ cache }, 'web', 'out', WARM)).toBe(cold);
    expect(limitOf({ cache: { ...cache, warmedAt: plusSeconds(NOW, -90) } }, 'web', 'out', WARM)).toBe(cold);
    expect(limitOf({ cache: { ...cache, warmedAt: NOW } }, 'web', 'out', WARM)).toBeNull();
    const old = { state: { lastOut: { ...grown, at: plusSeconds(NOW, -600) } } };
    expect(limitOf({ cache: old }, 'web', 'out', WARM)).toBeNull();
  });

  it('has no limit of order where nobody knows its size', () => {
    expect(
      limitOf({ web: { unseen: 'throttled', state: null }, database: { wish: 3 } }, 'web', 'out'),
    ).toBeNull();
    expect(limitOf({ database: { unseen: 'throttled', state: null } }, 'database', 'in')).toBeNull();
    expect(
      untilAllAreAsked(anApplicationView({ database: { unseen: 'gone', state: null } }), 'database'),
    ).toBeNull();
    expect(untilAllAreAsked(anApplicationView(), 'web')).toBeNull();
    expect(untilAllAreAsked(anApplicationView(), 'database')).toMatchObject({ direction: 'in', size: 1 });
  });
});

describe('a tier that wants to shrink', () => {
  const database = { size: 3 };
  it.each<Case>([
    ['is free when all others are content', {}, null],
    [
      'waits for a tier behind that wants to shrink',
      { web: { size: 10, wish: 6 } },
      'It waits for web: it shrinks from 10 to 6 first.',
    ],
    [
      'waits for one that wants to grow',
      { web: { wish: 6 } },
      'It waits for web: it has to grow from 4 to 6.',
    ],
    [
      'waits for one that grows',
      { web: { state: { resize: aResize({ from: 4, to: 6 }) } } },
      'It waits for web: it grows to 6 tasks.',
    ],
    [
      'waits for one that shrinks',
      { cache: { state: { resize: aResize({ from: 2, to: 1 }) } } },
      'It waits for cache: it shrinks to 1 replica per shard first.',
    ],
    [
      'waits for one that cannot be seen',
      { cache: { unseen: 'throttled' } },
      'It waits for cache: it cannot be seen (throttled).',
    ],
    [
      'does not wait for one that cannot get smaller',
      {
        cache: {
          size: 2,
          wish: 1,
          limits: [{ direction: 'in', size: 2, reason: 'resource-limit', detail: 'memory' }],
        },
      },
      null,
    ],
  ])('%s', (_, seen, detail) => {
    expect(limitOf({ database, ...seen }, 'database', 'in')).toBe(detail);
  });
});

const budgetOf = (seen: Readonly<Record<string, ATierSeen>>, name: string, application = SHOP) => {
  const { limits, floor } = tierPlan(anApplicationView(seen, application), name);
  return { limit: limits.find(({ reason }) => reason === 'connection-budget'), floor };
};

describe('the budget of connections', () => {
  it('says how far a client may go, and what one more node would allow', () => {
    expect(budgetOf({ database: { size: 3, ready: 2 } }, 'web').limit).toMatchObject({
      ...{ direction: 'out', size: 24 },
      detail:
        '24 tasks × 20 × 2 = 960 of 2 × 600 × 0.8 = 960 connections; one more replica of database allows 36.',
    });
    expect(budgetOf({ database: { size: 5 } }, 'web').limit?.detail).toContain(
      '; database is at its maximum of 5 replicas.',
    );
  });

  it('counts no node that is on its way out, and none that cannot be seen', () => {
    expect(budgetOf({ database: { size: 3, steps: [step(3, 2)] } }, 'web').limit?.size).toBe(24);
    expect(
      budgetOf({ database: { size: 3, state: { resize: aResize({ from: 3, to: 1 }) } } }, 'web').limit?.size,
    ).toBe(12);
    expect(budgetOf({ database: { unseen: 'throttled' } }, 'web').limit).toMatchObject({
      ...{ size: 4, detail: 'database cannot be seen (throttled), so no connection is added.' },
    });
    expect(budgetOf({ web: { unseen: 'throttled' }, database: { size: 3 } }, 'database').limit).toMatchObject(
      {
        ...{ size: 3, detail: 'web cannot be seen (throttled), so no connection is taken away.' },
      },
    );
    expect(budgetOf({ database: { unseen: 'gone', state: null } }, 'database').limit?.size).toBe(6);
  });

  it('gives the database a floor for what clients want, and keeps what they have', () => {
    expect(budgetOf({ web: { wish: 30 } }, 'database').floor).toEqual({
      size: 3,
      detail: '30 tasks × 20 × 2 need 1200 connections, and 3 × 600 × 0.8 = 1440',
    });
    expect(budgetOf({ web: { size: 20 }, database: { size: 4, ready: 3 } }, 'database').limit).toMatchObject({
      ...{ direction: 'in', size: 3 },
      detail:
        '20 tasks × 20 × 2 need 800 connections, and 2 × 600 × 0.8 = 960, while 1 replica is not ready.',
    });
    expect(
      budgetOf({ web: { size: 20 }, database: { size: 5, ready: 3 } }, 'database').limit?.detail,
    ).toContain('while 2 replicas are not ready');
    expect(budgetOf({}, 'cache')).toEqual({ limit: undefined, floor: undefined });
  });

  it('makes no node for a client that nobody has ever seen, and lets none go', () => {
    const seen = { web: { unseen: 'there is no such service', state: null }, database: { size: 3 } };
    expect(budgetOf(seen, 'database').floor).toBeUndefined();
    expect(budgetOf(seen, 'database').limit).toMatchObject({ direction: 'in', size: 3 });
    // The other clients must not live on what it may turn out to hold.
    expect(budgetOf(seen, 'web').limit).toMatchObject({ direction: 'out' });
  });

  it('counts fixed nodes, several databases and other clients', () => {
    const databases = [
      { tier: null, fixedNodes: 1, maxConnections: 100 },
      { tier: 'database', fixedNodes: 1, maxConnections: 600 },
      { tier: 'cache', fixedNodes: 0, maxConnections: 100 },
    ];
    const clients = [{ tier: 'web', poolSize: 20, deploymentFactor: 2 }];
    const mixed = { ...SHOP, budget: { share: 0.8, databases, clients } };
    expect(budgetOf({}, 'web', mixed).limit).toMatchObject({
      ...{ size: 28 },
      detail:
        '28 tasks × 20 × 2 = 1120 of (1 × 100 + 2 × 600 + 1 × 100) × 0.8 = 1120 connections; one more replica of database allows 40.',
    });
    expect(budgetOf({ web: { wish: 60 } }, 'database', mixed).floor).toEqual({
      size: 4,
      detail: '60 tasks × 20 × 2 need 2400 connections, and (4 + 1) × 600 × 0.8 = 2400',
    });
    expect(budgetOf({ web: { wish: 60 } }, 'cache', mixed).floor).toBeUndefined();
    const fixed = {
      ...SHOP,
      budget: {
        share: 1,
        databases: [{ tier: null, fixedNodes: 2, maxConnections: 100 }],
        clients: [...clients, { tier: 'cache', poolSize: 10, deploymentFactor: 1 }],
      },
    };
    expect(budgetOf({}, 'web', fixed).limit).toMatchObject({
      ...{ size: 4 },
      detail:
        '4 tasks × 20 × 2 = 160 and 10 of other tiers of 2 × 100 × 1 = 200 connections; no policy scales the database.',
    });
  });

  it('is not asked of an application that has none', () => {
    const without = { ...SHOP, budget: null };
    expect(tierPlan(anApplicationView({}, without), 'database')).toEqual({
      limits: [],
      floor: undefined,
    });
    expect(limitOf({ web: { wish: 6 } }, 'cache', 'in', without)).toBe(
      'It waits for web: it has to grow from 4 to 6.',
    );
  });
});

describe('the outline of a plan', () => {
  const of = (seen: Readonly<Record<string, ATierSeen>>, application = SHOP) =>
    outlineOf(anApplicationView(seen, application));

  it('is done when every tier has what it needs', () => {
    expect(of({})).toMatchObject({
      status: 'done',
      tiers: [{ state: 'idle' }, { state: 'idle' }, { state: 'idle' }],
    });
    expect(of({ database: { unseen: 'gone', state: null } }).tiers[0]).toMatchObject({
      from: null,
      ready: null,
      state: 'idle',
    });
  });

  it('runs while a tier moves or waits, and says what for', () => {
    const { status, tiers } = of({
      database: { state: { resize: aResize({ from: 1, to: 2 }) } },
      web: { wish: 10 },
    });
    expect(status).toBe('running');
    expect(tiers).toMatchObject([
      { state: 'running', why: 'From 1 to 2; 1 of 2 replicas are ready.' },
      { state: 'idle' },
      { state: 'waiting', from: 4, to: 10, why: 'It waits for database: 1 of 2 replicas are ready.' },
    ]);
    expect(
      of({ web: { size: 9, wish: 7, state: { held: { reason: 'cooldown-in', since: NOW } } } }).tiers[2]?.why,
    ).toBe('It is held back from going from 9 to 7: cooldown-in.');
    expect(of({ web: { wish: 7 } }).tiers[2]?.why).toBe('It goes from 4 to 7 at its next look.');
    expect(
      of({ database: { size: 2, unseen: 'gone', state: { resize: aResize({ from: 2, to: 1 }) } } }).tiers[0]
        ?.why,
    ).toBe('From 2 to 1; an unknown number of 1 replica is ready.');
    expect(of({ cache: { state: { lastOut: grown } } }, WARM).tiers[1]).toMatchObject({
      state: 'waiting',
      why: 'Its warm plan popular has not run yet.',
    });
  });

  it('is stopped when a tier has failed', () => {
    const { status, why, tiers } = of({ database: { state: { failures } }, web: { wish: 30 } });
    expect({ status, why }).toEqual({
      status: 'stopped',
      why: 'database failed to scale out once, at 10:02:56 (no capacity in eu-west-1a).',
    });
    expect(tiers[0]).toMatchObject({ state: 'failed', from: 1, to: 3 });
  });
});

it('a tier without a name, a size or a failure holds nobody up', () => {
  expect(tiersBefore(SHOP, 'nobody')).toEqual([]);
  const [database] = anApplicationView().tiers;
  expect(database && failure(database)).toBe('database is well');
  const [unknown] = anApplicationView({ database: { state: null } }).tiers;
  expect(unknown && failure(unknown)).toBe('database is well');
  const lost = { unseen: 'gone', state: { size: null, failures: longAgo } };
  expect(limitOf({ database: lost, web: { wish: 9 } }, 'web', 'out')).toContain('The plan stands still');
  expect(
    limitOf(
      { database: { unseen: 'gone', state: null }, web: { unseen: 'gone', state: null } },
      'cache',
      'out',
    ),
  ).toContain('cannot be seen');
});

it('a decision that waits for looks alone is told from others', () => {
  const first = untilAllAreAsked(anApplicationView({ database: { size: 4 } }), 'database');
  const held = (limits: readonly NonNullable<typeof first>[]) =>
    decide(
      aPolicy(),
      { ...aSnapshot(), metrics: { cpu: { kind: 'value', value: 10, at: NOW } }, limits },
      aState(),
      aSignal(),
      NOW,
    );
  expect(waitsForLooks(held(first === null ? [] : [first]))).toBe(true);
  expect(waitsForLooks(held([]))).toBe(false);
});

it('an outline says what keeps a tier from shrinking', () => {
  const { tiers } = outlineOf(anApplicationView({ database: { size: 3, wish: 1 }, web: { wish: 6 } }));
  const unseen = outlineOf(anApplicationView({ database: { unseen: 'throttled', wish: 3 } }));
  expect(unseen.tiers[0]).toMatchObject({ state: 'waiting', from: 1, to: 3, ready: null });
  expect(tiers[0]).toMatchObject({ state: 'waiting', why: 'It waits for web: it has to grow from 4 to 6.' });
});

it('a view that lacks a tier of its application is a bug, and says so', () => {
  expect(() => tierOf(anApplicationView({}, SHOP, [DATABASE, CACHE]), WEB.name)).toThrow(
    'Application shop has no tier web.',
  );
});
