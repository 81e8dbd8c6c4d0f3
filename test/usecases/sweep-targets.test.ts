import { beforeEach, describe, expect, it } from 'vitest';
import { everyKind } from '../../shared/adapters/memory/every-kind.ts';
import { staticPolicies } from '../../shared/adapters/memory/static-policies.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { type TargetId, targetId } from '../../shared/core/target.ts';
import type { CapacityTarget, Observation } from '../../shared/ports/capacity-target.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { MetricSource } from '../../shared/ports/metric-source.ts';
import type { ControllerDeps, RelayDeps } from '../../shared/usecases/deps.ts';
import { adapterOf } from '../../shared/usecases/deps.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { type SweepReport, sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld } from '../support/a-world.ts';

type Deps = ControllerDeps & RelayDeps;

const policyFor = (service: string): Policy =>
  aPolicy({
    name: service,
    target: { kind: 'ecs-service', cluster: 'prod', service },
    evaluation: 'everyMinute',
  });
const idOf = (service: string): TargetId => targetId(policyFor(service).target);
const SERVICES = ['api', 'shop', 'web'];

let world: AWorld;
beforeEach(async () => {
  world = new AWorld(SERVICES.map(policyFor));
  world.measure('cpu', 70);
  // Everybody is awake, and the first look is over.
  for (const target of world.services.keys()) {
    await handleSignal(world.deps, { kind: 'drift', id: 'first', target, at: world.now });
  }
  await world.relay();
  world.measure('cpu', 83.2);
});

const tick = async (deps: Deps = world.deps): Promise<SweepReport> => {
  world.pass(60);
  return sweepTargets(deps);
};

const sizes = () => [...world.services.values()].map(({ desired }) => desired);

const slowDown = new ControllerError('throttled', 'slow down', { retryable: true });

const services = () => adapterOf(world.deps.targets, 'ecs-service');

/** The world, but for one part of its services. */
const withServices = (part: Partial<CapacityTarget>): Deps => ({
  ...world.deps,
  targets: everyKind({ ...services(), ...part }),
});

const withLedger = (part: Partial<Ledger>): Deps => {
  const { ledger } = world.deps;
  const whole: Ledger = {
    load: (targets) => ledger.load(targets),
    due: (now) => ledger.due(now),
    commit: (commit) => ledger.commit(commit),
  };
  return { ...world.deps, ledger: { ...whole, ...part } };
};

describe('a tick in which something fails', () => {
  it('goes on with the others when the ledger fails for one, who stays due', async () => {
    const down = new ControllerError('unavailable', 'no answer', { retryable: true });
    const deps = withLedger({
      commit: (commit) =>
        commit.target === idOf('shop') ? Promise.reject(down) : world.deps.ledger.commit(commit),
    });
    const report = await tick(deps);
    expect(report).toMatchObject({
      due: 3,
      evaluated: 3,
      failed: [{ target: idOf('shop'), error: 'unavailable: no answer' }],
    });
    expect(sizes()).toEqual([5, 4, 5]);
    expect(world.problems).toEqual(['A target could not be evaluated']);
    expect(await tick()).toMatchObject({ due: 3, failed: [] });
    expect(sizes()).toEqual([5, 5, 5]);
  });

  it('goes on with the others when a bug strikes at one', async () => {
    const bug = new TypeError('undefined is not a size');
    const resize: CapacityTarget['resize'] = (target, order) =>
      targetId(target) === idOf('api') ? Promise.reject(bug) : services().resize(target, order);
    const { failed } = await tick(withServices({ resize }));
    expect(failed).toEqual([{ target: idOf('api'), error: 'TypeError: undefined is not a size' }]);
    expect(sizes()).toEqual([4, 5, 5]);
  });

  it('asks again about a service that was not described: it is not missing', async () => {
    const describeAll: CapacityTarget['describe'] = async (targets, now) => {
      const seen = await services().describe(targets, now);
      const unknown: Observation = { kind: 'unknown', error: slowDown };
      return new Map([...seen].map(([id, found]) => [id, id === idOf('web') ? unknown : found]));
    };
    const { failed } = await tick(withServices({ describe: describeAll }));
    expect(failed).toEqual([{ target: idOf('web'), error: 'throttled: slow down' }]);
    expect(sizes()).toEqual([5, 5, 4]);
    expect(await world.history()).not.toContain('TargetMissing');
    await tick();
    expect(sizes()).toEqual([5, 5, 5]);
  });

  it('leaves everybody due when the ledger does not answer, and holds everybody when no metric can be read', async () => {
    const deaf = withLedger({ due: () => Promise.reject(slowDown) });
    await expect(tick(deaf)).rejects.toBe(slowDown);
    const read: MetricSource['read'] = () => Promise.reject(slowDown);
    expect(await tick({ ...world.deps, metrics: { read } })).toMatchObject({ due: 3, evaluated: 3 });
    expect(sizes()).toEqual([4, 4, 4]);
    expect(await tick()).toMatchObject({ due: 3, evaluated: 3 });
    expect(sizes()).toEqual([5, 5, 5]);
  });

  it('leaves a target that somebody else decided meanwhile to the next tick', async () => {
    const conflict = new ControllerError('conflict', 'somebody was first', { retryable: true });
    const deps = withLedger({ commit: () => Promise.reject(conflict) });
    expect((await tick(deps)).failed).toHaveLength(3);
    expect(world.calls.filter((call) => call.startsWith('resize'))).toEqual([]);
    expect((await tick()).failed).toEqual([]);
  });
});

describe('a policy that was taken away', () => {
  it('lets its target go to sleep with its history, and the others go on', async () => {
    const left = [policyFor('api'), policyFor('web')];
    const deps = { ...world.deps, policies: staticPolicies(left) };
    const report = await tick(deps);
    expect(report).toMatchObject({ due: 3, evaluated: 2, failed: [] });
    const [entry] = (await world.ledger.load([idOf('shop')])).values();
    expect(entry?.state).toMatchObject({ size: 4, wakeAt: null });
    expect(sizes()).toEqual([5, 4, 5]);
    expect(await tick(deps)).toMatchObject({ due: 2 });
  });

  it('lets its target go only when its events are out, relay or not', async () => {
    await handleSignal(world.deps, world.alarm());
    const deps = { ...world.deps, policies: staticPolicies([]) };
    world.pass(30);
    expect(await sweepTargets(deps)).toMatchObject({ due: 3 });
    expect(world.sink.published).toEqual([]);
    await tick(deps);
    expect(world.sink.published.map(({ type }) => type)).toEqual(['ScalingStarted']);
    await tick(deps);
    expect(await tick(deps)).toMatchObject({ due: 0 });
  });

  it('is taken up by the slow pass when it comes back, although nothing has changed and no alarm fires', async () => {
    await tick({ ...world.deps, policies: staticPolicies([]) });
    expect(await tick()).toMatchObject({ due: 0 });
    for (let minute = 0; minute < 15; minute += 1) await tick();
    expect(sizes()).toEqual([5, 5, 5]);
    expect(await tick()).toMatchObject({ due: 3 });
  });
});

describe('events that no relay has taken', () => {
  it('are taken by the sweep after a minute, once', async () => {
    await handleSignal(world.deps, world.alarm());
    const types = async () =>
      (await world.events.list({ order: 'oldest-first', limit: 100 })).events.map(({ type }) => type);
    expect(await types()).toEqual([]);
    world.pass(59);
    await sweepTargets(world.deps);
    expect(await types()).toEqual([]);
    world.pass(1);
    await sweepTargets(world.deps);
    expect(await types()).toContain('ScalingStarted');
    for (let minute = 0; minute < 5; minute += 1) await tick();
    const ids = world.sink.published.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('do not stop the evaluation for ever: once the sink is back, the target goes on', async () => {
    await handleSignal(world.deps, world.alarm());
    const deaf = { publish: () => Promise.reject(new Error('the bus is down')) };
    const { failed } = await tick({ ...world.deps, sinks: [deaf] });
    expect(failed).toEqual([{ target: idOf('api'), error: 'Error: the bus is down' }]);
    expect(await tick()).toMatchObject({ failed: [] });
    expect(world.sink.published.map(({ type }) => type)).toContain('ScalingStarted');
  });
});

describe('a resize that the service does not take', () => {
  const asks = (answer: () => Promise<void>): Deps =>
    withServices({
      resize: (target, order) => {
        world.calls.push(`asked for ${order.size}`);
        return targetId(target) === idOf('api') ? answer() : services().resize(target, order);
      },
    });
  const api = async () => (await world.ledger.load([idOf('api')])).get(idOf('api'))?.state;
  const eventsOfApi = async () => {
    await world.relay();
    const { events } = await world.events.list({ target: idOf('api'), order: 'oldest-first', limit: 100 });
    return events.map(({ type }) => type);
  };

  it('because of throttling stays an intent, is asked for again each minute, and comes to its end', async () => {
    const throttled = asks(() => Promise.reject(slowDown));
    await tick(throttled);
    expect(await api()).toMatchObject({ resize: { to: 5, acceptedAt: null }, failures: null });
    expect(world.problems).toEqual(['The resize was not accepted yet']);
    await tick(throttled);
    expect((await api())?.resize?.acceptedAt).toBeNull();
    await tick();
    expect(sizes()[0]).toBe(5);
    expect(await api()).toMatchObject({ resize: { to: 5, acceptedAt: world.now } });
    world.settle();
    await tick();
    expect((await eventsOfApi()).slice(0, 2)).toEqual(['ScalingStarted', 'ScalingCompleted']);
  });

  it('because of throttling for longer than it may take counts as failed', async () => {
    const throttled = asks(() => Promise.reject(slowDown));
    for (let minute = 0; minute < 16; minute += 1) await tick(throttled);
    expect((await eventsOfApi()).slice(0, 2)).toEqual(['ScalingStarted', 'ScalingFailed']);
  });

  it('because it refuses counts as failed at once, and the next attempts wait longer and longer', async () => {
    const refused = asks(() =>
      Promise.reject(new ControllerError('rejected', 'the quota is used up', { retryable: false })),
    );
    const attempts: number[] = [];
    for (let minute = 1; minute <= 20; minute += 1) {
      world.calls.length = 0;
      await tick(refused);
      // The others reached their size in the first minute.
      if (world.calls.some((call) => call === 'asked for 5' && minute > 1) || minute === 1)
        attempts.push(minute);
      for (const target of ['shop', 'web']) settleOne(target);
    }
    expect(attempts).toEqual([1, 2, 4, 8, 16]);
    expect(await api()).toMatchObject({ size: 4, resize: null, failures: { count: 5 } });
    const [first] = world.sink.published.filter(({ type }) => type === 'ScalingFailed');
    expect(first).toMatchObject({ from: 4, to: 5, reason: 'the quota is used up' });
  });

  function settleOne(service: string): void {
    const found = world.services.get(idOf(service));
    if (found !== undefined) Object.assign(found, { desired: 20, running: 20 });
  }
});
