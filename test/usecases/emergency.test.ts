import { beforeEach, describe, expect, it } from 'vitest';
import { ControllerError } from '../../shared/core/controller-error.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { targetId } from '../../shared/core/target.ts';
import { type EmergencyRequest, emergency } from '../../shared/usecases/emergency.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import type { OverrideWish } from '../../shared/usecases/override-request.ts';
import { setOverride } from '../../shared/usecases/set-override.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld } from '../support/a-world.ts';

let world: AWorld;
beforeEach(() => {
  world = new AWorld([aPolicy({ coreSize: 3 })]);
  world.measure('cpu', 70);
});

const act = (request: Partial<EmergencyRequest> = {}, deps = world.deps) =>
  emergency(deps, {
    subject: { service: 'web' },
    action: 'boost',
    percent: 50,
    force: false,
    owner: 'ada',
    reason: 'the queue is running full',
    expiresInSeconds: 1800,
    ...request,
  });

const tick = async (seconds = 60) => {
  world.pass(seconds);
  world.settle();
  return sweepTargets(world.deps);
};

const set = (wish: OverrideWish, service = 'web') =>
  setOverride(world.deps, { subject: { service }, wish, owner: 'ada', reason: 'r', expiresInSeconds: 600 });

describe('a boost', () => {
  it('adds half the size at once, rounded up, and keeps it for its time', async () => {
    world.service.desired = 5;
    world.settle();
    const report = await act();
    expect(report).toMatchObject({
      outcomes: [
        {
          kind: 'done',
          policy: 'web',
          from: 5,
          to: 8,
          detail: '5 and 50 % more is 8, so not below 8.',
          override: {
            kind: 'floor',
            size: 8,
            force: false,
            reason: 'emergency boost: the queue is running full',
          },
          decision: { kind: 'resize', from: 5, to: 8 },
        },
      ],
    });
    expect(world.service.desired).toBe(8);
    world.measure('cpu', 10);
    for (let minute = 0; minute < 29; minute += 1) await tick();
    expect(world.service.desired).toBe(8);
    for (let minute = 0; minute < 6; minute += 1) await tick();
    expect(world.service.desired).toBeLessThan(8);
  });

  it('does not wait for a cooldown, nor for a scale-out in flight', async () => {
    world.measure('cpu', 83.2);
    await handleSignal(world.deps, world.alarm());
    expect(world.service.desired).toBe(5);
    await act();
    expect(world.service.desired).toBe(8);
    expect(await world.history()).toContain('ScalingSuperseded');
  });

  it('stops at the maximum and says so, unless it is forced', async () => {
    world.service.desired = 18;
    world.settle();
    expect(await act()).toMatchObject({
      outcomes: [
        { to: 20, detail: '18 and 50 % more is 27, and the maximum is 20, so 20; force lifts the maximum.' },
      ],
    });
    expect(world.service.desired).toBe(20);
    await tick();
    expect(await act({ force: true })).toMatchObject({
      outcomes: [{ from: 20, to: 30, override: { force: true } }],
    });
    expect(world.service.desired).toBe(30);
  });

  it('only ever raises a floor that is in force', async () => {
    await set({ kind: 'floor', size: 12, force: false });
    world.settle();
    await tick();
    expect(await act({ percent: 1 })).toMatchObject({ outcomes: [{ from: 12, to: 13 }] });
    await set({ kind: 'floor', size: 30, force: true });
    expect(await act({ percent: 1 })).toMatchObject({
      outcomes: [
        {
          to: 30,
          override: { force: true },
          detail: '30 and 1 % more is 31, and the maximum is 20, so 30; force lifts the maximum.',
        },
      ],
    });
  });

  it('takes the place of a pin and of a ceiling below it, each with its event, in one commit', async () => {
    await set({ kind: 'ceiling', size: 5 });
    await set({ kind: 'pin', size: 4 });
    await set({ kind: 'pause', direction: 'both' });
    const before = await world.version();
    expect(await act()).toMatchObject({
      outcomes: [
        {
          kind: 'done',
          to: 6,
          cleared: [{ kind: 'ceiling' }, { kind: 'pin' }],
          event: { type: 'OverrideSet', id: `ecs-service/prod/web@${before + 1}.2` },
          detail: expect.stringContaining('The pin of 4 that ada set until 10:10:00 ("r") makes way.'),
        },
      ],
    });
    expect(world.service.desired).toBe(6);
    expect((await world.state())?.overrides.map(({ kind }) => kind)).toEqual(['pause', 'floor']);
    await world.relay();
    const { events } = await world.events.list({ order: 'oldest-first', limit: 100 });
    expect(events.flatMap(({ type, reason }) => (type === 'OverrideCleared' ? [reason] : []))).toEqual([
      'ada clears the ceiling of 5 that ada had set: it makes way for a floor of 6.',
      'ada clears the pin of 4 that ada had set: it makes way for a floor of 6.',
    ]);
  });

  it('keeps what does not contradict it', async () => {
    await set({ kind: 'ceiling', size: 6 });
    expect(await act()).toMatchObject({ outcomes: [{ to: 6, cleared: [] }] });
    expect((await world.state())?.overrides.map(({ kind }) => kind)).toEqual(['ceiling', 'floor']);
  });

  it('neither shortens a floor that is as high, nor a forced one that is lower', async () => {
    const until = async (request: Partial<EmergencyRequest>) => {
      const report = await act(request);
      const [outcome] = report.kind === 'reported' ? report.outcomes : [];
      if (outcome?.kind !== 'done') throw new Error('it failed');
      return [outcome.to, (outcome.override.expiresAt - world.now) / 60_000];
    };
    expect(await until({ force: true, percent: 600, expiresInSeconds: 7200 })).toEqual([28, 120]);
    world.settle();
    expect(await until({})).toEqual([28, 120]);
    expect(await until({ force: true, expiresInSeconds: 600 })).toEqual([42, 10]);
    await set({ kind: 'floor', size: 10, force: true });
    expect(await until({ percent: 1, expiresInSeconds: 60 })).toEqual([20, 10]);
    await set({ kind: 'floor', size: 10, force: false });
    expect(await until({ percent: 1, expiresInSeconds: 60 })).toEqual([20, 1]);
    await set({ kind: 'floor', size: 20, force: false });
    expect(await until({ percent: 1, expiresInSeconds: 60 })).toEqual([20, 10]);
  });

  it('counts in whole percent without a rounding error', async () => {
    world.service.desired = 10;
    world.settle();
    expect(await act({ percent: 10 })).toMatchObject({ outcomes: [{ from: 10, to: 11 }] });
  });
});

describe('a circuit breaker', () => {
  it('pins the core size at once', async () => {
    expect(await act({ action: 'circuit-breaker' })).toMatchObject({
      outcomes: [{ kind: 'done', from: 4, to: 3, override: { kind: 'pin', size: 3 } }],
    });
    expect(world.service.desired).toBe(3);
  });

  it('is refused with a fix where no core size is declared', async () => {
    world = new AWorld([aPolicy()]);
    expect(await act({ action: 'circuit-breaker' })).toMatchObject({
      outcomes: [{ kind: 'failed', code: 'no-core-size', detail: expect.stringContaining('add coreSize') }],
    });
    expect(await world.version()).toBe(0);
  });

  it.each([false, true])('takes the place of a floor above it, forced: %s', async (force) => {
    await set({ kind: 'floor', size: 5, force });
    await tick();
    expect(await act({ action: 'circuit-breaker' })).toMatchObject({
      outcomes: [
        {
          kind: 'done',
          to: 3,
          cleared: [{ kind: 'floor', size: 5 }],
          detail:
            'The core size of the policy is 3. The floor of 5 that ada set until 10:10:00 ("r") makes way.',
        },
      ],
    });
    expect(world.service.desired).toBe(3);
    expect((await world.state())?.overrides).toMatchObject([{ kind: 'pin', size: 3 }]);
  });

  it('comes after a boost, and a boost after it', async () => {
    await act();
    await tick();
    await act({ action: 'circuit-breaker' });
    expect(world.service.desired).toBe(3);
    await tick();
    expect(await act()).toMatchObject({ outcomes: [{ kind: 'done', from: 3, to: 5 }] });
    expect(world.service.desired).toBe(5);
    expect((await world.state())?.overrides).toMatchObject([{ kind: 'floor', size: 5 }]);
  });
});

describe('an emergency of every target', () => {
  const policyFor = (service: string): Policy =>
    aPolicy({ name: service, target: { kind: 'ecs-service', cluster: 'prod', service } });
  const SERVICES = ['api', 'shop', 'web'];
  beforeEach(() => {
    world = new AWorld(SERVICES.map(policyFor));
    world.measure('cpu', 70);
  });
  const idOf = (service: string) => targetId(policyFor(service).target);
  const sizes = () => [...world.services.values()].map(({ desired }) => desired);

  it('tells the outcome of each, and one that fails does not stop the others', async () => {
    const shop = world.services.get(idOf('shop'));
    if (shop !== undefined) shop.gone = true;
    await set({ kind: 'ceiling', size: 5 }, 'web');
    expect(await act({ subject: { all: true } })).toMatchObject({
      outcomes: [
        { policy: 'api', kind: 'done', to: 6 },
        { policy: 'shop', kind: 'failed', code: 'target-missing' },
        { policy: 'web', kind: 'done', to: 6, cleared: [{ kind: 'ceiling', size: 5 }] },
      ],
    });
    expect(sizes()).toEqual([6, 4, 6]);
  });

  it('reports those whose ledger does not answer, and a bug at one', async () => {
    const { ledger } = world.deps;
    const deps = {
      ...world.deps,
      ledger: {
        load: ledger.load.bind(ledger),
        due: ledger.due.bind(ledger),
        commit: (commit: Parameters<typeof ledger.commit>[0]) => {
          if (commit.target === idOf('api')) return Promise.reject(new TypeError('a bug'));
          if (commit.target === idOf('web'))
            return Promise.reject(new ControllerError('throttled', 'slow down', { retryable: true }));
          return ledger.commit(commit);
        },
      },
    };
    expect(await act({ subject: { all: true } }, deps)).toMatchObject({
      outcomes: [
        { policy: 'api', kind: 'failed', code: 'unavailable', detail: 'It failed inside the controller.' },
        { policy: 'shop', kind: 'done' },
        { policy: 'web', kind: 'failed', code: 'unavailable', detail: 'slow down' },
      ],
    });
    expect(world.problems).toContain('An emergency action failed');
  });

  it('knows the names of all when it is for one that no policy has', async () => {
    expect(await act({ subject: { service: 'nobody' } })).toEqual({
      kind: 'unknown-target',
      known: SERVICES,
    });
  });
});
