import { beforeEach, describe, expect, it } from 'vitest';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { type Target, targetId } from '../../shared/core/target.ts';
import { instant } from '../../shared/core/time.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld, TEN } from '../support/a-world.ts';

const policyFor = (service: string) =>
  aPolicy({ name: service, target: { kind: 'ecs-service', cluster: 'prod', service } });
const OWNER = 'Application Auto Scaling keeps it.';

let world: AWorld;
let owned: Set<string>;
let asked: number[];
let fault: ControllerError | null;
const deps = () => ({
  ...world.deps,
  ownership: {
    ownersOf: async (targets: readonly Target[]) => {
      asked.push(targets.length);
      if (fault !== null) throw fault;
      return new Map(
        targets.map(
          (target) =>
            [targetId(target), owned.has(targetId(target).split('/').at(-1) ?? '') ? OWNER : null] as const,
        ),
      );
    },
  },
});

beforeEach(() => {
  world = new AWorld(['api', 'web'].map(policyFor));
  world.measure('cpu', 140);
  owned = new Set();
  asked = [];
  fault = null;
});

const idOf = (service: string) => targetId(policyFor(service).target);
const alarm = (service: string) => handleSignal(deps(), { ...world.alarm(), target: idOf(service) });
const ownerOf = async (service: string) =>
  (await world.ledger.load([idOf(service)])).get(idOf(service))?.state.ownedBy;
const tick = async () => {
  world.pass(60);
  world.settle();
  return sweepTargets(deps());
};
/** Ticks until the minute in which owners are asked for, which it leaves out. */
const untilOwnersMinute = async () => {
  for (let minute = 0; minute < 15; minute += 1) {
    const before = asked.length;
    await tick();
    if (asked.slice(before).includes(2)) return;
  }
  throw new Error('nobody asked for the owners in a quarter of an hour');
};

describe('a target that somebody else scales', () => {
  it('is not touched from the first look on, and the event says who it is', async () => {
    owned.add('web');
    expect(await alarm('web')).toMatchObject({ kind: 'hold', reason: 'owned-elsewhere' });
    expect(await alarm('api')).toMatchObject({ kind: 'resize' });
    await world.relay();
    const { events } = await world.events.list({ order: 'oldest-first', limit: 9, target: idOf('web') });
    expect(events).toMatchObject([{ type: 'ScalingHeld', reason: expect.stringContaining(OWNER) }]);
  });

  it('is asked about once at first sight, and then once in 15 minutes for all targets at once', async () => {
    await alarm('web');
    await alarm('web');
    await alarm('api');
    expect(asked).toEqual([1, 1]);
    for (let minute = 0; minute < 30; minute += 1) await tick();
    expect(asked).toEqual([1, 1, 2, 2]);
  });

  it('is held when it is taken over, and resumes when it is handed back', async () => {
    await alarm('web');
    await alarm('api');
    world.measure('cpu', 70);
    owned.add('web');
    await untilOwnersMinute();
    expect(await ownerOf('web')).toBe(OWNER);
    expect(world.problems).toContain('Somebody else scales a target');
    world.measure('cpu', 140);
    const before = world.services.get(idOf('web'))?.desired;
    await tick();
    expect(world.services.get(idOf('web'))?.desired).toBe(before);
    owned.clear();
    await untilOwnersMinute();
    await tick();
    expect(await ownerOf('web')).toBeNull();
    expect(world.services.get(idOf('web'))?.desired).toBeGreaterThan(before ?? 0);
  });

  it('stays what it was known to be when the look fails, and that is reported', async () => {
    owned.add('web');
    await alarm('web');
    await alarm('api');
    owned.clear();
    fault = new ControllerError('denied', 'not authorized', { retryable: false });
    await untilOwnersMinute();
    expect(await ownerOf('web')).toBe(OWNER);
    expect(world.problems).toContain('It is not known who else scales the targets');
    fault = null;
    await untilOwnersMinute();
    expect(await ownerOf('web')).toBeNull();
  });

  it('is taken to be ours when the first look fails', async () => {
    fault = new ControllerError('throttled', 'slow down', { retryable: true });
    expect(await alarm('web')).toMatchObject({ kind: 'resize' });
  });

  it('that the slow pass sees for the first time is asked about in bulk', async () => {
    world.measure('cpu', 70);
    world.now = instant(TEN + 8 * 60_000);
    for (let minute = 0; minute < 13; minute += 1) await tick();
    expect(asked.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await ownerOf('web')).toBeNull();
  });
});
