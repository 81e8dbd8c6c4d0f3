import { describe, expect, it } from 'vitest';
import { ACCOUNT } from '../../shared/core/account.ts';
import type { Guardrails, Policy, UnitResources } from '../../shared/core/policy.ts';
import { targetId } from '../../shared/core/target.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld } from '../support/a-world.ts';
import { HandClock, type OpenStore, RETENTION_SECONDS } from './store.ts';

const TARGETS = 50;
const SIZE = 4;
const EACH: UnitResources = { cpu: 0.5, memoryMiB: 512 };

const policiesUnder = (guardrails: Guardrails, unitResources: UnitResources | null): readonly Policy[] =>
  Array.from({ length: TARGETS }, (_, index) => {
    const name = `svc-${index}`;
    const target = { kind: 'ecs-service', cluster: 'prod', service: name } as const;
    return aPolicy({ name, target, guardrails, unitResources, evaluation: 'everyMinute' });
  });

/** The limits over all targets, on any ledger: fifty targets that all want to grow at the same moment. */
export function limitsContract(openStore: OpenStore): void {
  const open = async (policies: readonly Policy[]) => {
    const { ledger } = await openStore(new HandClock(), RETENTION_SECONDS);
    const world = new AWorld(policies, SIZE);
    world.measure('cpu', 140);
    const deps = { ...world.deps, ledger, outbox: ledger };
    const grown = () => [...world.services.values()].reduce((sum, { desired }) => sum + desired - SIZE, 0);
    const all = () =>
      Promise.allSettled(
        [...world.services.keys()].map((target) =>
          handleSignal(deps, { kind: 'drift', id: `look-${target}`, target, at: world.now }),
        ),
      );
    return { world, deps, ledger, grown, all };
  };

  describe('fifty targets that want to grow at the same moment', () => {
    it('never exceed the change budget, and use all of it', async () => {
      const { grown, all, ledger } = await open(
        policiesUnder({ changeBudget: { units: 10, seconds: 300 }, quota: null }, null),
      );
      await all();
      expect(grown()).toBeGreaterThan(0);
      expect(grown()).toBeLessThanOrEqual(10);
      await all();
      expect(grown()).toBeLessThanOrEqual(10);
      const account = (await ledger.load([ACCOUNT])).get(ACCOUNT);
      const reserved = account?.state.reservations?.reduce((sum, { from, to }) => sum + to - from, 0);
      expect(reserved).toBe(10);
    });

    it('may change again when the budget has aged out', async () => {
      const { world, deps, grown, all } = await open(
        policiesUnder({ changeBudget: { units: 10, seconds: 300 }, quota: null }, null),
      );
      await all();
      world.pass(299);
      world.settle();
      await sweepTargets(deps);
      expect(grown()).toBeLessThanOrEqual(10);
      world.pass(60);
      world.settle();
      await sweepTargets(deps);
      expect(grown()).toBeGreaterThan(10);
      expect(grown()).toBeLessThanOrEqual(20);
    });

    it('never exceed the quota', async () => {
      // 50 × 4 units take 100 vCPU: room for 14 units more.
      const { grown, all, world, deps } = await open(
        policiesUnder({ changeBudget: null, quota: { cpu: 107, memoryMiB: null } }, EACH),
      );
      await all();
      expect(grown()).toBeGreaterThan(0);
      expect(grown()).toBeLessThanOrEqual(14);
      for (let minute = 0; minute < 3; minute += 1) {
        world.pass(60);
        world.settle();
        await sweepTargets(deps);
        expect(grown()).toBeLessThanOrEqual(14);
      }
      expect(grown()).toBe(14);
    });
  });

  it('keep no reservation of a target under no limit', async () => {
    const { all, ledger } = await open(policiesUnder({ changeBudget: null, quota: null }, EACH));
    await all();
    expect((await ledger.load([ACCOUNT])).size).toBe(0);
    expect(targetId(aPolicy().target)).not.toBe(ACCOUNT);
  });
}
