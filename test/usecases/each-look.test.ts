import { beforeEach, describe, expect, it } from 'vitest';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { targetId } from '../../shared/core/target.ts';
import type { CapacityTarget, PresentResource, ResizeOrder } from '../../shared/ports/capacity-target.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { scaleByHand } from '../../shared/usecases/scale-by-hand.ts';
import { settleResize } from '../../shared/usecases/settle-resize.ts';
import { SLOW_PASS_MINUTES } from '../../shared/usecases/slow-pass.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld } from '../support/a-world.ts';
import { aReplicasTarget } from '../support/database-policies.ts';

const REPLICAS = aPolicy({
  name: 'readers',
  target: aReplicasTarget(),
  bounds: { min: 0, max: 9 },
  resizeTimeoutSeconds: 1200,
});
const WEB = aPolicy();

/** Replicas that do nothing by themselves: a test says what is seen, and how the next calls are answered. */
class Fleet {
  capacity = { desired: 4, running: 4, ready: 4, pending: 0 };
  unfinished: string | null = null;
  failed: string | null = null;
  readonly orders: ResizeOrder[] = [];
  readonly refusals: ControllerError[] = [];
  readonly rollBacks: (ControllerError | string | null)[] = [];

  adapter(asks: CapacityTarget['asks'], goesBack: boolean): CapacityTarget {
    const { rollBacks } = this;
    return {
      asks,
      describe: async (targets) => new Map(targets.map((target) => [targetId(target), this.#seen()])),
      resize: async (_target, order) => {
        this.orders.push(order);
        const refusal = this.refusals.shift();
        if (refusal !== undefined) throw refusal;
      },
      ...(goesBack && {
        rollBack: async () => {
          const answer = rollBacks.shift() ?? null;
          if (answer instanceof ControllerError) throw answer;
          return answer;
        },
      }),
    };
  }

  #seen(): PresentResource {
    const { capacity, unfinished, failed } = this;
    return { kind: 'present', capacity, deployment: 'none', unfinished, failed };
  }
}

const busy = () => new ControllerError('unavailable', 'the source is busy', { retryable: true });
const refused = () => new ControllerError('rejected', 'no such class', { retryable: false });

let world: AWorld;
let fleet: Fleet;

/** Replicas beside a service, in one world. */
function open(asks: CapacityTarget['asks'] = 'each-look', goesBack = false): void {
  fleet = new Fleet();
  world = new AWorld([REPLICAS, WEB]);
  world.measure('cpu', 70);
  const { targets } = world.deps;
  Object.assign(world.deps, { targets: { ...targets, 'rds-replicas': fleet.adapter(asks, goesBack) } });
}

beforeEach(() => open());

const ask = (instances: number) =>
  scaleByHand(world.deps, {
    service: 'readers',
    instances,
    reason: 'a test',
    owner: 'ada',
    expiresInSeconds: 86_400,
  });

/** A minute later. */
async function settle(seconds = 60) {
  world.pass(seconds);
  return settleResize(world.deps, world.target);
}

async function sweep(minutes = 1) {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.pass(60);
    await sweepTargets(world.deps);
  }
}

async function lastEvent() {
  await world.relay();
  const { events } = await world.events.list({ order: 'newest-first', limit: 1 });
  return events[0];
}

const see = (desired: number, running = desired, ready = running, pending = 0) => {
  fleet.capacity = { desired, running, ready, pending };
};

describe('a resize that takes several calls', () => {
  it('is asked for again at each look, always in the same words, until it is there', async () => {
    await ask(6);
    for (const [desired, running] of [
      [4, 4],
      [5, 4],
      [6, 5],
    ] as const) {
      see(desired, running, running, desired - running);
      expect(await settle()).toBe('in-progress');
    }
    see(6);
    expect(await settle()).toBe('settled');
    expect(fleet.orders).toHaveLength(4);
    const [first] = fleet.orders;
    for (const order of fleet.orders) expect(order).toEqual({ ...first, now: order.now });
    expect(first).toMatchObject({ size: 6, from: 4, policy: 'readers' });
    expect(await world.history()).toEqual(['OverrideSet', 'ScalingStarted', 'ScalingCompleted']);
  });

  it('takes a size on its way for nobody else, and gives up in time alone', async () => {
    await ask(6);
    see(5);
    for (let minute = 1; minute < 20; minute += 1) expect(await settle()).toBe('in-progress');
    expect(await settle()).toBe('settled');
    expect(await lastEvent()).toMatchObject({
      type: 'ScalingFailed',
      reason: 'Not settled within 1200 s: 5 running and 0 pending of 6, desired 5.',
    });
    expect(fleet.orders).toHaveLength(20);
    expect((await world.state())?.size).toBe(5);
  });

  it('stands while it is refused for now, and starts when it is accepted', async () => {
    fleet.refusals.push(busy(), busy());
    await ask(5);
    expect((await world.state())?.resize).toMatchObject({ acceptedAt: null });
    see(5);
    expect(await settle()).toBe('in-progress');
    expect(await settle()).toBe('in-progress');
    expect((await world.state())?.resize?.acceptedAt).toBe(world.now);
    expect(await settle()).toBe('settled');
    expect(world.problems).toEqual(['The resize was not accepted yet', 'The resize was not accepted yet']);
  });

  it('stands when a later call is refused for now', async () => {
    await ask(6);
    fleet.refusals.push(busy());
    expect(await settle()).toBe('in-progress');
    expect((await world.state())?.resize).toMatchObject({ acceptedAt: expect.any(Number) });
    expect(await settle()).toBe('in-progress');
    expect(fleet.orders).toHaveLength(3);
  });

  it('ends with the first refusal for good, and what it made so far is nobody else’s', async () => {
    await ask(6);
    see(5);
    fleet.refusals.push(refused());
    await settle();
    expect(await lastEvent()).toMatchObject({ type: 'ScalingFailed', reason: 'no such class' });
    expect(await world.state()).toMatchObject({ resize: null, size: null });
    await sweep();
    expect(await world.history()).not.toContain('TargetDrifted');
  });

  it('waits for what was added until it serves, and not for what did not serve before', async () => {
    see(4, 4, 3);
    await ask(5);
    see(5, 5, 3);
    expect(await settle()).toBe('in-progress');
    see(5, 5, 4);
    expect(await settle()).toBe('settled');
  });

  it('waits for nothing to serve on the way in', async () => {
    await ask(3);
    see(3, 3, 0);
    expect(await settle()).toBe('settled');
    expect(await lastEvent()).toMatchObject({ type: 'ScalingCompleted' });
  });

  it('leaves the service beside it alone, which is asked once', async () => {
    const web = targetId(WEB.target);
    await ask(6);
    world.measure('cpu', 140);
    await handleSignal(world.deps, { ...world.alarm(), target: web });
    const service = world.services.get(web);
    expect(service).toMatchObject({ desired: 8, running: 4 });
    const before = world.calls.filter((call) => call.startsWith('resize')).length;
    world.measure('cpu', 70);
    await sweep(2);
    expect(world.calls.filter((call) => call.startsWith('resize'))).toHaveLength(before);
    expect(fleet.orders).toHaveLength(3);
  });
});

describe('a resize that replaces something', () => {
  it.each(['once', 'each-look'] as const)(
    'says what was put back when it is given up (asked %s)',
    async (asks) => {
      open(asks, true);
      await ask(5);
      see(5, 4, 4, 1);
      fleet.rollBacks.push('Rolled back to web:1.');
      expect(await settle(1200)).toBe('settled');
      expect(await lastEvent()).toMatchObject({
        type: 'ScalingFailed',
        reason: 'Not settled within 1200 s: 4 running and 1 pending of 5, desired 5. Rolled back to web:1.',
      });
      // What is undone in several steps leaves a size that only the next look knows.
      expect((await world.state())?.size).toBe(asks === 'once' ? 4 : null);
    },
  );

  it('is not taken for somebody else’s change once it is put back: what was seen before says nothing', async () => {
    open('once', true);
    await ask(5);
    see(5, 4, 4, 1);
    world.pass(1140);
    fleet.rollBacks.push('Rolled back to web:1.');
    await sweep();
    expect((await world.state())?.size).toBe(4);
    see(4);
    await sweep(2);
    expect(await world.history()).not.toContain('TargetDrifted');
  });

  it('says nothing more where there was nothing to put back', async () => {
    open('once', true);
    await ask(5);
    see(5, 4, 4, 1);
    await settle(1200);
    expect((await lastEvent())?.reason).toMatch(/desired 5\.$/);
    expect((await world.state())?.size).toBe(5);
  });

  it('stays in flight until what it replaced is back', async () => {
    open('once', true);
    await ask(5);
    see(5, 4, 4, 1);
    fleet.rollBacks.push(busy(), 'Rolled back.');
    await expect(settle(1200)).rejects.toMatchObject({ retryable: true });
    expect((await world.state())?.resize).not.toBeNull();
    expect(await settle()).toBe('settled');
    expect((await lastEvent())?.reason).toMatch(/Rolled back\.$/);
  });

  it('ends all the same when it can never be put back, and says why', async () => {
    open('once', true);
    await ask(5);
    see(5, 4, 4, 1);
    fleet.rollBacks.push(refused());
    expect(await settle(1200)).toBe('settled');
    expect((await lastEvent())?.reason).toMatch(/desired 5\. It stays as it is: no such class$/);
    expect(await world.state()).toMatchObject({ resize: null, size: 5 });
  });

  it('ends as soon as its service says that it failed', async () => {
    open('once', true);
    await ask(5);
    see(5, 4, 4, 1);
    fleet.failed = 'The deployment failed: tasks failed to start.';
    fleet.rollBacks.push('Rolled back to web:1.');
    expect(await settle(5)).toBe('settled');
    expect((await lastEvent())?.reason).toBe(
      'The deployment failed: tasks failed to start. Rolled back to web:1.',
    );
  });

  it('does not end for a failure of before, which is described for a while', async () => {
    open('once', true);
    fleet.failed = 'The deployment failed: an older one.';
    await ask(5);
    expect(await settle(5)).toBe('in-progress');
    fleet.failed = null;
    see(5);
    expect(await settle()).toBe('settled');
    expect(await lastEvent()).toMatchObject({ type: 'ScalingCompleted' });
  });
});

describe('what an earlier resize left behind', () => {
  it('is carried on by every sweep, at the size that is there, and keeps the target awake', async () => {
    await ask(3);
    see(3);
    await settle();
    fleet.unfinished = 'orders-4 is on its way out.';
    const before = fleet.orders.length;
    await sweep(30);
    const later = fleet.orders.slice(before);
    expect(later).toHaveLength(30);
    expect(later[0]).toMatchObject({ size: 3, from: 3, resizeId: 'leftovers', policy: 'readers' });
    expect(later.at(-1)?.now).toBe(world.now);
    expect(await world.state()).toMatchObject({ resize: null, wakeAt: expect.any(Number) });

    fleet.unfinished = null;
    await sweep(5);
    expect((await world.state())?.wakeAt).not.toBe(world.now);
    expect(fleet.orders).toHaveLength(before + 30);
  });

  it('is met again when it cannot be carried on now, and is said', async () => {
    await ask(3);
    see(3);
    await settle();
    fleet.unfinished = 'orders-4 is on its way out.';
    fleet.refusals.push(busy(), refused());
    const before = fleet.orders.length;
    await sweep(3);
    expect(fleet.orders).toHaveLength(before + 3);
    expect(world.problems).toEqual(
      Array(2).fill('What an earlier resize left behind could not be carried on'),
    );
    expect(await world.history()).not.toContain('ScalingFailed');
  });

  it('waits while a resize is in flight, which carries it on itself', async () => {
    fleet.unfinished = 'orders-4 is on its way out.';
    await ask(6);
    await sweep(2);
    expect(new Set(fleet.orders.map(({ size }) => size))).toEqual(new Set([6]));
  });

  it('wakes a target that sleeps within one slow pass', async () => {
    await sweep(SLOW_PASS_MINUTES + 5);
    expect((await world.state())?.wakeAt).toBeNull();
    expect(fleet.orders).toEqual([]);
    fleet.unfinished = 'an endpoint names a replica that is gone.';
    await sweep(SLOW_PASS_MINUTES + 1);
    expect(fleet.orders.length).toBeGreaterThan(0);
    expect((await world.state())?.wakeAt).not.toBeNull();
  });
});
