import { beforeEach, describe, expect, it } from 'vitest';
import { plusSeconds } from '../../shared/core/time.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld } from '../support/a-world.ts';

let world: AWorld;
beforeEach(() => {
  world = new AWorld([aPolicy()]);
  world.measure('cpu', 83.2);
});

/** A tick of the sweep, a minute later. */
const tick = async (seconds = 60) => {
  world.pass(seconds);
  return sweepTargets(world.deps);
};

describe('the line from an alarm to a scaling event', () => {
  it('stores the intent before the resource is asked, and the result after', async () => {
    const decision = await handleSignal(world.deps, world.alarm());
    expect(decision).toMatchObject({ kind: 'resize', from: 4, to: 5, direction: 'out' });
    expect(world.service.desired).toBe(5);
    expect((await world.state())?.resize).toMatchObject({ from: 4, to: 5, acceptedAt: world.now });
    expect(await world.history()).toEqual(['ScalingStarted']);
  });

  it('follows the resize to its end and reports how long it took from the signal on', async () => {
    await handleSignal(world.deps, world.alarm());
    await tick();
    expect((await world.state())?.resize).not.toBeNull();
    world.settle();
    world.measure('cpu', 66);
    await tick();
    expect(await world.history()).toEqual(['ScalingStarted', 'ScalingCompleted']);
    expect(world.durations).toEqual([{ target: world.target, outcome: 'completed', seconds: 120 }]);
  });

  it('goes to sleep once all is quiet, and then a tick is one look at the index', async () => {
    await handleSignal(world.deps, world.alarm());
    world.settle();
    world.measure('cpu', 66);
    for (let minute = 0; minute < 4; minute += 1) {
      await tick();
      await world.relay();
    }
    expect((await world.state())?.wakeAt).toBeNull();
    const version = await world.version();
    world.calls.length = 0;
    for (let minute = 0; minute < 14; minute += 1) await tick();
    expect(world.calls.filter((call) => call !== 'describe')).toEqual([]);
    expect(world.calls.length).toBeLessThanOrEqual(1);
    expect(await world.version()).toBe(version);
  });

  it('acts on an alarm that fired once, during a cooldown, within a tick after the cooldown ends', async () => {
    await handleSignal(world.deps, world.alarm());
    world.settle();
    world.measure('cpu', 60);
    await tick();
    // The alarm fires now, and will never fire again: it stays red.
    world.measure('cpu', 95);
    world.pass(10);
    const held = await handleSignal(world.deps, world.alarm('plimsoll-web-cpu-out', 'alarm-2'));
    expect(held).toMatchObject({ kind: 'hold', reason: 'cooldown-out' });
    await tick(50);
    expect(world.service.desired).toBe(7);
    expect(await world.history()).toEqual([
      'ScalingStarted',
      'ScalingCompleted',
      'ScalingHeld',
      'ScalingStarted',
    ]);
  });

  it('raises a scale-out in flight when the load still grows, and records that it was superseded', async () => {
    await handleSignal(world.deps, world.alarm());
    world.measure('cpu', 140);
    await tick();
    expect(world.service.desired).toBe(8);
    world.settle();
    world.measure('cpu', 66);
    await tick();
    expect(await world.history()).toEqual([
      'ScalingStarted',
      'ScalingSuperseded',
      'ScalingStarted',
      'ScalingCompleted',
    ]);
  });

  it('shrinks when the cooldown on scale-in has passed, and not before', async () => {
    await handleSignal(world.deps, world.alarm());
    world.settle();
    world.measure('cpu', 20);
    const sizes: number[] = [];
    for (let minute = 0; minute < 7; minute += 1) {
      await tick();
      sizes.push(world.service.desired);
      world.settle();
    }
    expect(sizes).toEqual([5, 5, 5, 5, 5, 2, 2]);
  });

  it('stays awake while the metric is missing, holds, and grows as soon as it is back', async () => {
    world.measure('cpu', null);
    expect(await handleSignal(world.deps, world.alarm())).toMatchObject({ kind: 'hold', reason: 'blind' });
    await tick();
    expect(world.service.desired).toBe(4);
    world.measure('cpu', 140);
    await tick();
    expect(world.service.desired).toBe(8);
  });

  it('notices a size that somebody else changed, says so, and corrects what left the bounds', async () => {
    world.measure('cpu', 70);
    for (let minute = 0; minute < 20; minute += 1) await tick();
    world.service.desired = 40;
    world.service.running = 40;
    for (let minute = 0; minute < 16; minute += 1) {
      await tick();
      world.settle();
    }
    expect(world.service.desired).toBeLessThanOrEqual(20);
    expect(await world.history()).toContain('TargetDrifted');
  });

  it('reports a vanished service once, and takes up again when it is back', async () => {
    world.service.gone = true;
    await handleSignal(world.deps, world.alarm());
    for (let minute = 0; minute < 31; minute += 1) await tick();
    expect(await world.history()).toEqual(['TargetMissing']);
    world.service.gone = false;
    world.measure('cpu', 140);
    for (let minute = 0; minute < 16; minute += 1) await tick();
    expect(world.service.desired).toBe(8);
  });

  it('fails a resize that does not settle in time, and waits before the next attempt', async () => {
    world = new AWorld([aPolicy({ resizeTimeoutSeconds: 120 })]);
    world.measure('cpu', 83.2);
    await handleSignal(world.deps, world.alarm());
    await tick();
    await tick();
    expect(await world.history()).toEqual(['ScalingStarted', 'ScalingFailed']);
  });

  it('completes a scale-out in the middle of a deployment, whose old tasks run beside the new ones', async () => {
    await handleSignal(world.deps, world.alarm());
    world.service.deployment = 'in-progress';
    world.service.running = 9;
    world.measure('cpu', 66);
    await tick();
    expect(await world.history()).toEqual(['ScalingStarted', 'ScalingCompleted']);
  });

  it('does not ask again for units that the metric has not seen yet', async () => {
    world = new AWorld([aPolicy({ cooldownSeconds: { out: 0 } })]);
    world.measure('cpu', 140);
    await handleSignal(world.deps, world.alarm());
    world.pass(60);
    world.settle();
    // The newest datapoint is still the one from before the new tasks.
    world.measuredAt = plusSeconds(world.now, -150);
    await sweepTargets(world.deps);
    expect(world.service.desired).toBe(8);
  });

  it('leaves the call to settle when it was frozen after the commit and thaws later', async () => {
    const { ledger } = world.deps;
    const frozen = {
      ...ledger,
      load: ledger.load.bind(ledger),
      due: ledger.due.bind(ledger),
      commit: async (commit: Parameters<typeof ledger.commit>[0]) => {
        const entry = await ledger.commit(commit);
        world.pass(600);
        return entry;
      },
    };
    await handleSignal({ ...world.deps, ledger: frozen }, world.alarm());
    expect(world.service.desired).toBe(4);
    await tick();
    expect(world.service.desired).toBe(5);
  });

  it('does not act on what it saw more than a tick ago', async () => {
    world.measure('cpu', null);
    await handleSignal(world.deps, world.alarm());
    world.measure('cpu', 140);
    world.pass(60);
    const metrics = {
      read: async (...args: Parameters<typeof world.deps.metrics.read>) => {
        const readings = await world.deps.metrics.read(...args);
        world.pass(61);
        return readings;
      },
    };
    const { failed } = await sweepTargets({ ...world.deps, metrics });
    expect(failed[0]?.error).toMatch(/looked at 61 s ago/);
    expect(world.service.desired).toBe(4);
    await tick();
    expect(world.service.desired).toBe(8);
  });
});
