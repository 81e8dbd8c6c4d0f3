import { beforeEach, describe, expect, it } from 'vitest';
import { staticPolicies } from '../../shared/adapters/memory/static-policies.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { type Instant, instant } from '../../shared/core/time.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { SLOW_PASS_MINUTES } from '../../shared/usecases/slow-pass.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aSchedule } from '../support/a-schedule.ts';
import { AWorld } from '../support/a-world.ts';

const at = (iso: string): Instant => instant(Date.parse(iso));

/** Business hours in Berlin, an hour ahead of UTC in November. */
const policy = (window: Parameters<typeof aSchedule>[0][number], more: Partial<Policy> = {}): Policy =>
  aPolicy({ schedule: aSchedule([window]), ...more });

/** A world that is asleep at 07:59 in Berlin: CPU in its band, and nothing to do. */
async function asleep(policies: readonly Policy[], cpu = 70): Promise<AWorld> {
  const world = new AWorld(policies);
  world.now = at('2026-11-20T06:40Z');
  world.measure('cpu', cpu);
  await handleSignal(world.deps, { kind: 'drift', id: 'first', target: world.target, at: world.now });
  while (world.now < at('2026-11-20T06:59Z')) {
    world.pass(60);
    await sweepTargets(world.deps);
  }
  return world;
}

const tick = async (world: AWorld) => {
  world.pass(60);
  const report = await sweepTargets(world.deps);
  world.settle();
  return report;
};

const sizeAfter = async (world: AWorld, minutes: number) => {
  for (let minute = 0; minute < minutes; minute++) await tick(world);
  return world.service.desired;
};

describe('a target asleep before its window opens', () => {
  let world: AWorld;
  beforeEach(async () => {
    world = await asleep([policy({ min: 8 })]);
  });

  it('sleeps until exactly the edge', async () => {
    expect(world.service.desired).toBe(4);
    expect((await world.state())?.wakeAt).toBe(at('2026-11-20T07:00Z'));
    const version = await world.version();
    expect(await world.ledger.due(instant(at('2026-11-20T07:00Z') - 1))).toEqual([]);
    expect(await world.version()).toBe(version);
  });

  it('is looked at in the very tick of the edge, and grows in it', async () => {
    expect(await tick(world)).toMatchObject({ due: 1, evaluated: 1 });
    expect(world.now).toBe(at('2026-11-20T07:00Z'));
    expect(world.service.desired).toBe(8);
    expect(world.decisions.at(-1)).toMatchObject({ kind: 'resize', cause: 'schedule', from: 4, to: 8 });
  });

  it('wakes again when the window closes, and may shrink from then on', async () => {
    expect(await sizeAfter(world, 10)).toBe(8);
    world.measure('cpu', 20);
    world.now = at('2026-11-20T16:58Z');
    await tick(world);
    expect(world.service.desired).toBe(8);
    expect((await world.state())?.wakeAt).toBeLessThanOrEqual(at('2026-11-20T17:00Z'));
    await tick(world);
    expect(world.now).toBe(at('2026-11-20T17:00Z'));
    expect(world.service.desired).toBeLessThan(8);
  });
});

it('a size is proposed in the tick of the edge, and kept while the window is open', async () => {
  const world = await asleep([policy({ desired: 10 })], 20);
  expect(await sizeAfter(world, 1)).toBe(10);
  expect(await sizeAfter(world, 30)).toBe(10);
});

it('a policy of windows alone sleeps at its minimum between their edges, and is no blind one', async () => {
  const world = await asleep([policy({ desired: 10 }, { strategies: [] })]);
  expect(world.service.desired).toBe(2);
  expect((await world.state())?.wakeAt).toBe(at('2026-11-20T07:00Z'));
  expect(await sizeAfter(world, 1)).toBe(10);
  expect(await sizeAfter(world, 5)).toBe(10);
  expect((await world.state())?.wakeAt).toBe(at('2026-11-20T17:00Z'));
});

it('a freeze ends in the tick in which its window closes', async () => {
  const world = await asleep([policy({ freeze: 'both' })]);
  await tick(world);
  world.measure('cpu', 140);
  world.now = at('2026-11-20T16:58Z');
  await handleSignal(world.deps, world.alarm());
  expect(world.service.desired).toBe(4);
  expect(world.decisions.at(-1)).toMatchObject({ kind: 'hold', reason: 'frozen' });
  expect(await sizeAfter(world, 1)).toBe(4);
  expect(await sizeAfter(world, 1)).toBe(8);
});

it('a schedule that is new in a policy is seen by the slow pass', async () => {
  const world = await asleep([aPolicy()]);
  expect((await world.state())?.wakeAt).toBeNull();
  const deps = { ...world.deps, policies: staticPolicies([policy({ min: 8 })]) };
  world.now = at('2026-11-20T09:00Z');
  for (let minute = 0; minute < SLOW_PASS_MINUTES; minute++) {
    world.pass(60);
    await sweepTargets(deps);
  }
  expect(world.service.desired).toBe(8);
});
