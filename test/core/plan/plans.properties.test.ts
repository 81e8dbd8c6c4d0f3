import { describe, expect, it } from 'vitest';
import type { Application } from '../../../shared/core/application.ts';
import { inOrder, tiersAfter, tiersBefore } from '../../../shared/core/plan/order.ts';
import { tierPlan } from '../../../shared/core/plan/tier-limits.ts';
import { anApplicationView } from '../../support/an-application-view.ts';
import { fc } from '../../support/fast-check.ts';
import { aTier, aTierPolicy } from '../../support/three-tiers.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

/** An application of up to five tiers; the first is the database, the others open connections. Later ones come after earlier ones. */
const anyApplication = fc
  .record({
    count: fc.integer({ min: 2, max: 5 }),
    edges: fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 8 }),
    pool: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 5, maxLength: 5 }),
    share: fc.constantFrom(0.5, 0.7, 0.8, 1),
  })
  .map(({ count, edges, pool, share }) => {
    const names = NAMES.slice(0, count);
    const policies = names.map((name) =>
      aTierPolicy(
        name,
        { kind: 'ecs-service', cluster: 'prod', service: name },
        { bounds: { min: 1, max: 12 } },
      ),
    );
    const tiers = policies.map((policy, index) => {
      const after = names.filter((_, other) =>
        edges.some(([from, to]) => to === index && from === other && from < to),
      );
      return aTier(policy, { after });
    });
    const clients = names
      .slice(1)
      .map((tier, index) => ({ tier, poolSize: pool[index] ?? 1, deploymentFactor: 2 }));
    const databases = [{ tier: 'a', fixedNodes: 0, maxConnections: 400 }];
    const application: Application = { name: 'any', tiers, budget: { share, databases, clients } };
    return { application, policies };
  });

const anySizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 5, maxLength: 5 });

const used = ({ budget }: Application, sizes: Readonly<Record<string, number>>): number =>
  (budget?.clients ?? []).reduce(
    (sum, { tier, poolSize, deploymentFactor }) => sum + (sizes[tier] ?? 0) * poolSize * deploymentFactor,
    0,
  );
const allowed = ({ budget }: Application, nodes: number): number => nodes * 400 * (budget?.share ?? 0);

/** What a tier may go to when it wants this size. */
function goes(limits: ReturnType<typeof tierPlan>['limits'], size: number, wish: number): number {
  const out = limits.filter(({ direction }) => direction === 'out').map((limit) => limit.size);
  const inward = limits.filter(({ direction }) => direction === 'in').map((limit) => limit.size);
  return wish > size ? Math.max(size, Math.min(wish, ...out)) : Math.min(size, Math.max(wish, ...inward));
}

const zip = (sizes: readonly number[]) =>
  Object.fromEntries(NAMES.map((name, index) => [name, sizes[index] ?? 1]));
const seenOf = (sizes: Readonly<Record<string, number>>, wishes: Readonly<Record<string, number>>) =>
  Object.fromEntries(NAMES.map((name) => [name, { size: sizes[name] ?? 1, wish: wishes[name] ?? 1 }]));

describe('whatever the application, its sizes and its wishes are', () => {
  it('no step that is permitted takes a budget that holds beyond what its ready nodes carry', () => {
    fc.assert(
      fc.property(
        anyApplication,
        anySizes,
        anySizes,
        fc.nat(4),
        ({ application, policies }, start, wish, turn) => {
          const [sizes, wishes] = [zip(start), zip(wish)];
          const holds = used(application, sizes) <= allowed(application, sizes['a'] ?? 0);
          const { name } = application.tiers[turn % application.tiers.length] ?? { name: 'a' };
          const { limits } = tierPlan(anApplicationView(seenOf(sizes, wishes), application, policies), name);
          const next = { ...sizes, [name]: goes(limits, sizes[name] ?? 1, wishes[name] ?? 1) };
          const grows = (next[name] ?? 0) > (sizes[name] ?? 0);
          const ready = name === 'a' && grows ? (sizes['a'] ?? 0) : (next['a'] ?? 0);
          if (holds) expect(used(application, next)).toBeLessThanOrEqual(allowed(application, ready) + 1e-6);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('constant wishes that fit are all reached, whoever is asked first', () => {
    fc.assert(
      fc.property(
        anyApplication,
        anySizes,
        anySizes,
        fc.boolean(),
        ({ application, policies }, start, wish, reverse) => {
          const wishes = zip(wish);
          let sizes = zip(start);
          fc.pre(used(application, wishes) <= allowed(application, 12));
          fc.pre(used(application, sizes) <= allowed(application, sizes['a'] ?? 0));
          const names = application.tiers.map(({ name }) => name);
          for (let round = 0; round < 40; round += 1) {
            for (const name of reverse ? [...names].reverse() : names) {
              const { limits, floor } = tierPlan(
                anApplicationView(seenOf(sizes, wishes), application, policies),
                name,
              );
              const goal = Math.max(wishes[name] ?? 1, floor?.size ?? 1);
              sizes = { ...sizes, [name]: goes(limits, sizes[name] ?? 1, goal) };
            }
          }
          for (const name of names.slice(1)) expect(sizes[name], name).toBe(wishes[name]);
          expect(sizes['a']).toBeGreaterThanOrEqual(wishes['a'] ?? 1);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a tier stands behind all that it comes after, and before all that come after it', () => {
    fc.assert(
      fc.property(anyApplication, ({ application }) => {
        const order = inOrder(application).map(({ name }) => name);
        for (const name of order) {
          for (const before of tiersBefore(application, name)) {
            expect(order.indexOf(before)).toBeLessThan(order.indexOf(name));
            expect(tiersAfter(application, before)).toContain(name);
          }
        }
      }),
    );
  });
});
