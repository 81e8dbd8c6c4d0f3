import { beforeEach, describe, expect, it } from 'vitest';
import { everyKind } from '../../shared/adapters/memory/every-kind.ts';
import { staticPolicies } from '../../shared/adapters/memory/static-policies.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { type TargetId, targetId } from '../../shared/core/target.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import type { ControllerDeps, RelayDeps } from '../../shared/usecases/deps.ts';
import { adapterOf } from '../../shared/usecases/deps.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld } from '../support/a-world.ts';

const denied = new ControllerError('denied', 'not authorized', { retryable: false });
const unreadable = new ControllerError('invalid', 'the head lacks its state.', { retryable: false });
const web = aPolicy();
const api = aPolicy({ name: 'api', target: { kind: 'ecs-service', cluster: 'prod', service: 'api' } });
const [WEB, API] = [targetId(web.target), targetId(api.target)];

let world: AWorld;
beforeEach(() => {
  world = new AWorld([web, api]);
  world.measure('cpu', 83.2);
});

const signalFor = (target: TargetId) => ({ ...world.alarm(), target });

const stateOf = async (target: TargetId) => (await world.ledger.load([target])).get(target)?.state;

/** A tick of the sweep with parts that fail. */
const tick = async (broken: Partial<ControllerDeps & RelayDeps> = {}) => {
  world.pass(60);
  return sweepTargets({ ...world.deps, ...broken });
};

describe('a sweep in which one thing fails', () => {
  it('follows a resize to its end although its events cannot be announced', async () => {
    await handleSignal(world.deps, signalFor(WEB));
    world.settle();
    const mute = { sinks: [{ publish: () => Promise.reject(denied) }] };
    await tick(mute);
    expect((await stateOf(WEB))?.resize).toBeNull();
    expect(world.problems).toContain('Events could not be relayed');
    expect((await world.ledger.load([WEB])).get(WEB)?.outbox.length).toBeGreaterThan(0);
  });

  it('asks the other targets although one head cannot be read', async () => {
    await handleSignal(world.deps, signalFor(WEB));
    await handleSignal(world.deps, signalFor(API));
    world.settle();
    const { ledger } = world;
    const load = async (targets: readonly TargetId[]) => {
      if (targets.includes(API)) throw unreadable;
      return ledger.load(targets);
    };
    const report = await tick({
      ledger: { load, due: (now) => ledger.due(now), commit: (commit) => ledger.commit(commit) },
    });
    expect((await stateOf(WEB))?.resize).toBeNull();
    expect(report.failed).toEqual([{ target: API, error: expect.stringContaining('lacks its state') }]);
  });

  it('settles resizes and keeps the bounds although no metric can be read', async () => {
    await handleSignal(world.deps, signalFor(WEB));
    world.settle();
    const blind = { metrics: { read: () => Promise.reject(denied) } };
    await tick(blind);
    expect((await stateOf(WEB))?.resize).toBeNull();
    expect(world.problems).toContain('No metric could be read');
    expect(world.decisions.at(-1)).toMatchObject({ kind: 'hold', reason: 'blind' });
  });

  it('relays what is left over although no service can be described', async () => {
    await handleSignal(world.deps, signalFor(WEB));
    const describe = () => Promise.reject(denied);
    const services = adapterOf(world.deps.targets, 'ecs-service');
    const report = await tick({ targets: everyKind({ ...services, describe }) });
    expect(world.sink.published.map(({ type }) => type)).toEqual(['ScalingStarted']);
    expect(report.failed.map(({ target }) => target)).toContain(WEB);
  });

  it('counts a lost race as a conflict, not as a problem', async () => {
    await handleSignal(world.deps, signalFor(WEB));
    world.settle();
    const conflicts: TargetId[] = [];
    const first = new ControllerError('conflict', 'another writer was first', { retryable: true });
    const { ledger } = world;
    const report = await tick({
      ledger: {
        load: (targets) => ledger.load(targets),
        due: (now) => ledger.due(now),
        commit: () => Promise.reject(first),
      },
      telemetry: { ...world.deps.telemetry, ledgerConflict: (target) => conflicts.push(target) },
    });
    expect(conflicts).toContain(WEB);
    expect(world.problems).toEqual([]);
    expect(report.failed.map(({ target }) => target)).toContain(WEB);
  });
});

describe('how late a sweep is', () => {
  it('is counted from the tick on for a target that has been awake for an hour', async () => {
    const lags: number[] = [];
    const telemetry = { ...world.deps.telemetry, swept: (_: number, lag: number) => lags.push(lag) };
    await handleSignal(world.deps, signalFor(WEB));
    for (let minute = 0; minute < 60; minute += 1) await tick({ telemetry });
    expect(Math.max(...lags)).toBe(0);
    world.pass(60);
    await sweepTargets({ ...world.deps, telemetry }, plusSeconds(world.now, -42));
    expect(lags.at(-1)).toBe(42);
  });
});

describe('an alarm that nobody could answer', () => {
  it('leaves its target awake, so that the sweep answers when the queue has given up', async () => {
    world.measure('cpu', 70);
    for (let minute = 0; minute < 20; minute += 1) await tick();
    expect((await stateOf(WEB))?.wakeAt).toBeNull();
    world.measure('cpu', 140);
    const outage = { ...world.deps, metrics: { read: () => Promise.reject(denied) } };
    await expect(handleSignal(outage, signalFor(WEB))).rejects.toThrow('not authorized');
    await tick();
    expect(world.services.get(WEB)?.desired).toBe(8);
  });
});

describe('a service that vanishes while it is resized', () => {
  const history = async () => {
    await world.relay();
    const { events } = await world.events.list({ order: 'oldest-first', limit: 100, target: WEB });
    return events.map(({ type }) => type);
  };

  beforeEach(async () => {
    await handleSignal(world.deps, signalFor(WEB));
    const service = world.services.get(WEB);
    if (service !== undefined) service.gone = true;
  });

  it('ends the resize and reports the service, when the sweep notices', async () => {
    for (let minute = 0; minute < 20; minute += 1) await tick();
    expect(await history()).toEqual(['ScalingStarted', 'ScalingFailed', 'TargetMissing']);
  });

  it('ends the resize and reports the service, when an alarm notices', async () => {
    world.pass(10);
    await handleSignal(world.deps, signalFor(WEB));
    expect(await history()).toEqual(['ScalingStarted', 'ScalingFailed', 'TargetMissing']);
    expect((await stateOf(WEB))?.resize).toBeNull();
  });
});

describe('a policy that is removed during a resize and added again', () => {
  it('has its target looked at by the next slow pass, although the policy is the same', async () => {
    await handleSignal(world.deps, signalFor(WEB));
    await world.relay();
    const without = staticPolicies([]);
    await tick({ policies: without });
    expect((await stateOf(WEB))?.wakeAt).toBeNull();
    world.settle();
    world.measure('cpu', 70);
    for (let minute = 0; minute < 20; minute += 1) await tick();
    expect((await stateOf(WEB))?.resize).toBeNull();
  });
});
