import { describe, expect, it } from 'vitest';
import type { Application } from '../../../shared/core/application.ts';
import { inOrder, tiersAfter, tiersBefore } from '../../../shared/core/plan/order.ts';
import { tierPlan } from '../../../shared/core/plan/tier-limits.ts';
import type { Policy } from '../../../shared/core/policy.ts';
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

/** A size by the name of its tier. */
const at = (sizes: Readonly<Record<string, number>>, name: string): number => sizes[name] ?? 1;

const zip = (sizes: readonly number[]) =>
  Object.fromEntries(NAMES.map((name, index) => [name, sizes[index] ?? 1]));
const seenOf = (sizes: Readonly<Record<string, number>>, wishes: Readonly<Record<string, number>>) =>
  Object.fromEntries(NAMES.map((name) => [name, { size: at(sizes, name), wish: at(wishes, name) }]));

type Any = { readonly application: Application; readonly policies: readonly Policy[] };
type Sizes = Readonly<Record<string, number>>;

/** Sizes after forty rounds in which every tier goes where it wants and may. */
function livedOn(
  { application, policies }: Any,
  start: Sizes,
  wishes: Sizes,
  names: readonly string[],
): Sizes {
  let sizes = start;
  for (let round = 0; round < 40; round += 1) {
    for (const name of names) {
      const view = anApplicationView(seenOf(sizes, wishes), application, policies);
      const { limits, floor } = tierPlan(view, name);
      const goal = Math.max(at(wishes, name), floor?.size ?? 1);
      sizes = { ...sizes, [name]: goes(limits, at(sizes, name), goal) };
    }
  }
  return sizes;
}

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
          const holds = used(application, sizes) <= allowed(application, at(sizes, 'a'));
          const { name } = application.tiers[turn % application.tiers.length] ?? { name: 'a' };
          const { limits } = tierPlan(anApplicationView(seenOf(sizes, wishes), application, policies), name);
          const next = { ...sizes, [name]: goes(limits, at(sizes, name), at(wishes, name)) };
          const grows = at(next, name) > at(sizes, name);
          const ready = name === 'a' && grows ? at(sizes, 'a') : at(next, 'a');
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
          fc.pre(used(application, sizes) <= allowed(application, at(sizes, 'a')));
          const names = application.tiers.map(({ name }) => name);
          sizes = livedOn({ application, policies }, sizes, wishes, reverse ? [...names].reverse() : names);
          for (const name of names.slice(1)) expect(sizes[name], name).toBe(wishes[name]);
          expect(sizes['a']).toBeGreaterThanOrEqual(at(wishes, 'a'));
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
