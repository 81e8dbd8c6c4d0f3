import { describe, expect, it } from 'vitest';
import { everyKind } from '../../shared/adapters/memory/every-kind.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { phaseOf } from '../../shared/core/transitions.ts';
import type { ControllerDeps, RelayDeps } from '../../shared/usecases/deps.ts';
import { adapterOf } from '../../shared/usecases/deps.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { relayEvents } from '../../shared/usecases/relay-events.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aFallback, aPolicy } from '../support/a-policy.ts';
import { aSchedule } from '../support/a-schedule.ts';
import { AWorld } from '../support/a-world.ts';
import { Crash, type CrashPoint, crashing } from '../support/crashing.ts';

const plain = aPolicy();
const everything = aPolicy({
  schedule: aSchedule([{ max: 18 }]),
  fallback: aFallback(),
  unitResources: { cpu: 1, memoryMiB: 512 },
  guardrails: { changeBudget: { units: 1, seconds: 3600 }, quota: { cpu: 12, memoryMiB: null } },
  receiptsOfHolds: 1,
});

function mortal(world: AWorld, point: CrashPoint): ControllerDeps & RelayDeps {
  const { deps } = world;
  return {
    ...deps,
    ledger: crashing(deps.ledger, point),
    outbox: crashing(deps.outbox, point),
    metrics: crashing(deps.metrics, point),
    events: crashing(deps.events, point),
    sinks: deps.sinks.map((sink) => crashing(sink, point)),
    targets: everyKind(crashing(adapterOf(deps.targets, 'ecs-service'), point)),
    ownership: crashing(deps.ownership, point),
    calendar: crashing(deps.calendar, point),
    receipts: crashing(deps.receipts, point),
  };
}

/** One resize from the alarm to the settled service, with the stream's relay after each step. */
async function oneResize(world: AWorld, deps: ControllerDeps & RelayDeps): Promise<void> {
  const relay = async () => {
    const entry = (await deps.ledger.load([world.target])).get(world.target);
    if (entry !== undefined) await relayEvents(deps, world.target, entry.outbox);
  };
  await handleSignal(deps, world.alarm());
  await relay();
  world.pass(60);
  world.settle();
  world.measure('cpu', 66);
  await sweepTargets(deps);
  await relay();
}

/** What AWS does after a crash: the queue delivers the alarm again, the schedule ticks on, tasks start. */
async function recover(world: AWorld): Promise<void> {
  await handleSignal(world.deps, world.alarm());
  for (let minute = 0; minute < 8; minute += 1) {
    world.pass(60);
    world.settle();
    if (world.service.running === 5) world.measure('cpu', 66);
    await sweepTargets(world.deps);
  }
}

const fresh = (policy: Policy): AWorld => {
  const world = new AWorld([policy]);
  world.measure('cpu', 83.2);
  return world;
};

async function survives(policy: Policy, at: number, when: CrashPoint['when']): Promise<void> {
  const world = fresh(policy);
  const died = await oneResize(world, mortal(world, { count: 0, at, when })).catch((error: unknown) => error);
  expect(died, `the run survived call ${at}`).toBeInstanceOf(Crash);
  await recover(world);
  const state = await world.state();
  expect(world.service.desired).toBe(5);
  expect(state?.resize).toBeNull();
  expect(state && phaseOf(state, policy, world.now)).toBe('idle');
  // Not relayed by the test: stragglers are the sweep's own business.
  const { events } = await world.events.list({ order: 'oldest-first', limit: 100 });
  expect(events.map(({ type }) => type)).toEqual(['ScalingStarted', 'ScalingCompleted']);
  expect((await world.ledger.load([world.target])).get(world.target)?.outbox).toEqual([]);
  const decided = events.map(({ decisionId }) => decisionId);
  const kept = await world.receipts.list({ target: world.target, limit: 100 });
  expect(kept.receipts.map(({ id }) => id)).toEqual(expect.arrayContaining(decided));
}

describe('a controller that dies at any await', () => {
  it.each([
    ['a policy of one metric', plain, 12],
    ['a schedule, a fallback, limits over all targets, and a receipt of every decision', everything, 20],
  ])(
    'ends with the right size, one started and one completed event, and an idle ledger: %s',
    async (_, policy, awaits) => {
      const world = fresh(policy);
      const point: CrashPoint = { count: 0, at: null, when: 'before' };
      await oneResize(world, mortal(world, point));
      expect(point.count).toBeGreaterThan(awaits);
      for (let at = 0; at < point.count; at += 1) {
        await survives(policy, at, 'before');
        await survives(policy, at, 'after');
      }
    },
  );
});
