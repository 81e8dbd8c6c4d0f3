import { beforeEach, describe, expect, it } from 'vitest';
import { everyKind } from '../../shared/adapters/memory/every-kind.ts';
import { ACCOUNT } from '../../shared/core/account.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { clearEverywhere } from '../../shared/usecases/clear-everywhere.ts';
import { type ClearRequest, clearOverride } from '../../shared/usecases/clear-override.ts';
import { adapterOf } from '../../shared/usecases/deps.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { listOverrides } from '../../shared/usecases/list-overrides.ts';
import type { OverrideRequest, OverrideWish } from '../../shared/usecases/override-request.ts';
import { setOverride } from '../../shared/usecases/set-override.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld } from '../support/a-world.ts';
import { Crash, type CrashPoint, crashing } from '../support/crashing.ts';

let world: AWorld;
beforeEach(() => {
  world = new AWorld([aPolicy()]);
  world.measure('cpu', 70);
});

const set = (wish: OverrideWish, request: Partial<OverrideRequest> = {}) =>
  setOverride(world.deps, {
    subject: { service: 'web' },
    wish,
    owner: 'ada',
    reason: 'sale at noon',
    expiresInSeconds: 3600,
    ...request,
  });

const clear = (request: Partial<ClearRequest> = {}) =>
  clearOverride(world.deps, { service: 'web', kind: null, owner: 'grace', ...request });

const clearAll = (kind: ClearRequest['kind'] = null) => clearEverywhere(world.deps, { kind, owner: 'grace' });

const tick = async (seconds = 60) => {
  world.pass(seconds);
  world.settle();
  return sweepTargets(world.deps);
};

const floor = (size: number, force = false) => ({ kind: 'floor', size, force }) as const;
const PAUSE = { kind: 'pause', direction: 'both' } as const;
const EVERY = { subject: { all: true } } as const;

/** Types of the events, as often as they came. */
const counts = async (type: string) => (await world.history()).filter((each) => each === type).length;

describe('an override takes effect in the request that sets it', () => {
  it('a floor raises the size, past a cooldown', async () => {
    world.measure('cpu', 83.2);
    await handleSignal(world.deps, world.alarm());
    await tick();
    expect(world.service.desired).toBe(5);
    const outcome = await set(floor(8));
    expect(outcome).toMatchObject({
      kind: 'set',
      event: { type: 'OverrideSet', owner: 'ada', cause: 'override', from: 5, to: 8 },
      decision: { kind: 'resize', from: 5, to: 8, cause: 'override' },
    });
    expect(world.service.desired).toBe(8);
    expect(await world.state()).toMatchObject({ overrides: [{ kind: 'floor', size: 8 }] });
  });

  it('a ceiling lowers it, and a pin sets it', async () => {
    await set({ kind: 'ceiling', size: 3 });
    expect(world.service.desired).toBe(3);
    await tick();
    await clear();
    await tick();
    await set({ kind: 'pin', size: 6 });
    expect(world.service.desired).toBe(6);
  });

  it('a pause holds what would be done', async () => {
    await set({ kind: 'pause', direction: 'out' });
    world.measure('cpu', 140);
    expect(await handleSignal(world.deps, world.alarm())).toMatchObject({ kind: 'hold', reason: 'paused' });
  });

  it('a forced floor lifts the maximum while it lasts', async () => {
    await set(floor(25, true), { reason: 'the sale is bigger than planned' });
    expect(world.service.desired).toBe(25);
  });

  it('at a target that the ledger has never seen, too', async () => {
    expect(await world.version()).toBe(0);
    expect(await set(floor(8))).toMatchObject({ kind: 'set', decision: { kind: 'resize', to: 8 } });
  });

  it('or with the next tick when no metric can be read and nothing can be seen', async () => {
    await set(floor(3));
    const slow = new ControllerError('throttled', 'slow down', { retryable: true });
    let looks = 0;
    const services = adapterOf(world.deps.targets, 'ecs-service');
    const deps = {
      ...world.deps,
      targets: everyKind({
        ...services,
        describe: (targets, now) => {
          looks += 1;
          return looks > 1 ? Promise.reject(slow) : services.describe(targets, now);
        },
      }),
    };
    const request = {
      subject: { service: 'web' },
      wish: floor(8),
      owner: 'ada',
      reason: 'r',
      expiresInSeconds: 600,
    };
    expect(await setOverride(deps, request)).toMatchObject({ kind: 'set', decision: null });
    expect(world.service.desired).toBe(4);
    await tick(1);
    expect(world.service.desired).toBe(8);
  });

  it('a floor does not need the metrics', async () => {
    await set(floor(3));
    const deps = {
      ...world.deps,
      metrics: {
        read: () => Promise.reject(new ControllerError('throttled', 'slow down', { retryable: true })),
      },
    };
    const request = {
      subject: { service: 'web' },
      wish: floor(8),
      owner: 'ada',
      reason: 'r',
      expiresInSeconds: 600,
    };
    expect(await setOverride(deps, request)).toMatchObject({ decision: { kind: 'resize', to: 8 } });
  });
});

describe('there is one override of a kind', () => {
  it('and a new one takes its place', async () => {
    await set(floor(5));
    await tick();
    await set(floor(6), { owner: 'grace' });
    expect(await world.state()).toMatchObject({ overrides: [{ kind: 'floor', size: 6, owner: 'grace' }] });
  });

  it('beside one of each other kind', async () => {
    await set(floor(4));
    await set({ kind: 'ceiling', size: 8 });
    await set(PAUSE);
    expect((await world.state())?.overrides.map(({ kind }) => kind)).toEqual(['floor', 'ceiling', 'pause']);
  });

  it('and what contradicts another is refused, and nothing is written', async () => {
    await set({ kind: 'ceiling', size: 8 });
    const before = await world.version();
    expect(await set(floor(9))).toEqual({
      kind: 'contradiction',
      detail:
        'A floor of 9 contradicts the ceiling of 8 that ada set until 11:00:00 ("sale at noon"). Clear that ceiling first, or ask for another size.',
    });
    expect(await set(floor(21))).toMatchObject({ kind: 'contradiction' });
    expect(await world.version()).toBe(before);
  });

  it('and one that has ended contradicts nothing, and its end is an event', async () => {
    await set({ kind: 'ceiling', size: 8 }, { expiresInSeconds: 60 });
    world.pass(60);
    expect(await set(floor(9))).toMatchObject({ kind: 'set' });
    expect(await counts('OverrideExpired')).toBe(1);
  });

  it('and a size for every target is refused', async () => {
    expect(await set(floor(9), EVERY)).toEqual({ kind: 'not-for-all' });
    expect(await set(floor(9), { subject: { service: 'shop' } })).toEqual({
      kind: 'unknown-target',
      known: ['web'],
    });
  });

  it('and none of a service that is gone', async () => {
    world.service.gone = true;
    await expect(set(floor(9))).rejects.toMatchObject({ code: 'target-missing' });
    expect(await world.version()).toBe(0);
  });
});

describe('an override expires by itself within one tick, with its event', () => {
  const wishes: readonly OverrideWish[] = [
    { kind: 'pin', size: 6 },
    floor(6),
    { kind: 'ceiling', size: 3 },
    { kind: 'pause', direction: 'out' },
    { kind: 'pause', direction: 'in' },
    PAUSE,
  ];

  it.each(wishes)('%j', async (wish) => {
    await set(wish, { expiresInSeconds: 600 });
    for (let minute = 0; minute < 9; minute += 1) await tick();
    expect((await world.state())?.overrides).toHaveLength(1);
    expect(await counts('OverrideExpired')).toBe(0);
    await tick();
    expect((await world.state())?.overrides).toEqual([]);
    expect(await counts('OverrideExpired')).toBe(1);
  });

  it('which says what stays: on the target, or on every one', async () => {
    await set({ kind: 'pin', size: 6 });
    await set(floor(5), { expiresInSeconds: 60 });
    await set(PAUSE, { ...EVERY, expiresInSeconds: 120 });
    await tick();
    await tick();
    await set({ kind: 'ceiling', size: 8 }, { expiresInSeconds: 60 });
    await tick();
    await clear({ kind: 'pin' });
    await set(floor(5), { expiresInSeconds: 60 });
    await tick();
    await world.relay();
    const { events } = await world.events.list({ order: 'oldest-first', limit: 100 });
    expect(events.flatMap(({ type, reason }) => (type === 'OverrideExpired' ? [reason] : []))).toEqual([
      'The floor of 5 set by ada has expired; the pause of every target stays until 10:02:00 and the pin of 6 until 11:00:00.',
      'The pause set by ada has expired; automation resumes wherever a target has no override of its own.',
      'The ceiling of 8 set by ada has expired; the pin of 6 stays until 11:00:00.',
      'The floor of 5 set by ada has expired; automation resumes.',
    ]);
  });

  it('although the target sleeps', async () => {
    await handleSignal(world.deps, world.alarm());
    await set({ kind: 'ceiling', size: 9 }, { expiresInSeconds: 3600 });
    for (let minute = 0; minute < 15; minute += 1) await tick();
    expect(await world.state()).toMatchObject({ wakeAt: plusSeconds(world.now, 45 * 60) });
    for (let minute = 0; minute < 45; minute += 1) await tick();
    expect(await counts('OverrideExpired')).toBe(1);
  });
});

describe('an override that is cleared', () => {
  it('is an event, and automation resumes in the same request', async () => {
    world.measure('cpu', 140);
    await set(PAUSE);
    await handleSignal(world.deps, world.alarm());
    expect(world.service.desired).toBe(4);
    expect(await clear({ kind: 'pause' })).toMatchObject({
      kind: 'cleared',
      overrides: [{ kind: 'pause' }],
      events: [{ type: 'OverrideCleared', owner: 'grace' }],
      decision: { kind: 'resize', to: 8 },
    });
    expect(world.service.desired).toBe(8);
  });

  it('is of the kind that was named, or all of them', async () => {
    await set(floor(4));
    await set({ kind: 'ceiling', size: 8 });
    await clear({ kind: 'floor' });
    expect((await world.state())?.overrides).toMatchObject([{ kind: 'ceiling' }]);
    await set(floor(4));
    expect(await clear()).toMatchObject({ overrides: [{ kind: 'ceiling' }, { kind: 'floor' }] });
    expect(await counts('OverrideCleared')).toBe(3);
  });

  it('says what stays until when, and that automation resumes only when nothing does', async () => {
    await set({ kind: 'pin', size: 6 }, { expiresInSeconds: 7200 });
    await set(floor(5));
    await set(PAUSE, EVERY);
    const sentences = async (kind: ClearRequest['kind']) => {
      const outcome = await clear({ kind });
      return outcome.kind === 'cleared' ? outcome.events.map(({ reason }) => reason) : [];
    };
    expect(await sentences('floor')).toEqual([
      'grace clears the floor of 5 that ada had set; the pause of every target stays until 11:00:00 and the pin of 6 until 12:00:00.',
    ]);
    await clearAll('pause');
    expect(await sentences('pin')).toEqual([
      'grace clears the pin of 6 that ada had set; automation resumes.',
    ]);
  });

  it('must be there', async () => {
    expect(await clear()).toEqual({ kind: 'nothing-to-clear' });
    await set(floor(4), { expiresInSeconds: 60 });
    world.pass(60);
    expect(await clear()).toEqual({ kind: 'nothing-to-clear' });
    expect(await clear({ kind: 'pin' })).toEqual({ kind: 'nothing-to-clear' });
    expect(await clearAll()).toEqual({ kind: 'nothing-to-clear' });
    expect(await clear({ service: 'shop' })).toMatchObject({ kind: 'unknown-target' });
  });
});

describe('freeze all', () => {
  const SERVICES = ['api', 'shop', 'web'];
  beforeEach(() => {
    world = new AWorld(
      SERVICES.map((service) =>
        aPolicy({ name: service, target: { kind: 'ecs-service', cluster: 'prod', service } }),
      ),
    );
    world.measure('cpu', 140);
  });
  const alarmAll = async () => {
    for (const target of world.services.keys()) await handleSignal(world.deps, { ...world.alarm(), target });
  };
  const sizes = () => [...world.services.values()].map(({ desired }) => desired);

  it('holds every target, and lets an operator act', async () => {
    expect(await set(PAUSE, EVERY)).toMatchObject({
      kind: 'set',
      target: 'account/all',
      policy: '*',
      event: { target: 'account/all', policy: '*', type: 'OverrideSet' },
    });
    await alarmAll();
    expect(sizes()).toEqual([4, 4, 4]);
    expect(world.decisions.every(({ kind }) => kind === 'hold')).toBe(true);
    await set(floor(6), { subject: { service: 'api' } });
    expect(sizes()).toEqual([6, 4, 4]);
  });

  it('ends within one tick, with its event, and everybody is asked again', async () => {
    await set(PAUSE, { ...EVERY, expiresInSeconds: 600 });
    await alarmAll();
    for (let minute = 0; minute < 9; minute += 1) await tick();
    expect(sizes()).toEqual([4, 4, 4]);
    await tick();
    expect(sizes()).toEqual([8, 8, 8]);
    await world.relay();
    const { events } = await world.events.list({ order: 'oldest-first', limit: 100, target: ACCOUNT });
    expect(events.map(({ type }) => type)).toEqual(['OverrideSet', 'OverrideExpired']);
    const account = (await world.ledger.load([ACCOUNT])).get(ACCOUNT);
    expect(account?.state.overrides).toEqual([]);
  });

  it('is not retired by the sweep, and sleeps when it has nothing left to do', async () => {
    await set(PAUSE, { ...EVERY, expiresInSeconds: 120 });
    await world.relay();
    for (let minute = 0; minute < 5; minute += 1) {
      await tick();
      await world.relay();
    }
    const account = (await world.ledger.load([ACCOUNT])).get(ACCOUNT);
    expect(account?.state).toMatchObject({ wakeAt: null, overrides: [] });
  });

  it('can be cleared, and those that it put to sleep are woken', async () => {
    await set(PAUSE, { ...EVERY, expiresInSeconds: 86_400 });
    await alarmAll();
    for (let minute = 0; minute < 15; minute += 1) await tick();
    const asleep = async () =>
      [...(await world.ledger.load([...world.services.keys()])).values()].map(({ state }) => state.wakeAt);
    expect((await asleep()).every((at) => at === null || at > world.now)).toBe(true);
    expect(await clearAll('pause')).toMatchObject({ outcomes: [{ kind: 'cleared', target: 'account/all' }] });
    await tick();
    expect(sizes()).toEqual([8, 8, 8]);
  });

  it('cleared by a function that dies before it woke anybody wakes them with the sweep', async () => {
    await set(PAUSE, { ...EVERY, expiresInSeconds: 86_400 });
    await alarmAll();
    for (let minute = 0; minute < 15; minute += 1) {
      await tick();
      await world.relay();
    }
    const point: CrashPoint = { count: 0, at: 2, when: 'after' }; // all heads and the account are read, and it is committed
    const mortal = { ...world.deps, ledger: crashing(world.deps.ledger, point) };
    const died = clearEverywhere(mortal, { kind: null, owner: 'grace' });
    await expect(died).rejects.toBeInstanceOf(Crash);
    expect(await clearAll()).toEqual({ kind: 'nothing-to-clear' });
    await tick();
    await tick();
    expect(sizes()).toEqual([8, 8, 8]);
  });

  it('replaced by a shorter one ends with that', async () => {
    await set(PAUSE, { ...EVERY, expiresInSeconds: 86_400 });
    await alarmAll();
    for (let minute = 0; minute < 15; minute += 1) await tick();
    await set(PAUSE, { ...EVERY, expiresInSeconds: 120 });
    await tick();
    await tick();
    expect(sizes()).toEqual([8, 8, 8]);
  });

  describe('and everything else is cleared at once', () => {
    beforeEach(async () => {
      await set(PAUSE, EVERY);
      await set(floor(6), { subject: { service: 'api' } });
      await set({ kind: 'pin', size: 5 }, { subject: { service: 'web' } });
      world.settle();
      world.measure('cpu', 140);
    });

    it('each with its event, and each target is asked in the same request', async () => {
      expect(await clearAll()).toMatchObject({
        kind: 'reported',
        outcomes: [
          { kind: 'cleared', policy: '*', overrides: [PAUSE], events: [{ type: 'OverrideCleared' }] },
          { kind: 'cleared', policy: 'api', overrides: [{ kind: 'floor' }], events: [{ owner: 'grace' }] },
          {
            kind: 'cleared',
            policy: 'web',
            overrides: [{ kind: 'pin' }],
            decision: { kind: expect.any(String) },
          },
        ],
      });
      expect(await counts('OverrideCleared')).toBe(3);
      expect(await listOverrides(world.deps, null)).toMatchObject({ overrides: [] });
      expect(await clearAll()).toEqual({ kind: 'nothing-to-clear' });
    });

    it('but for other kinds than the one that was named', async () => {
      expect(await clearAll('floor')).toMatchObject({ outcomes: [{ policy: 'api' }] });
      expect(await clearAll('floor')).toEqual({ kind: 'nothing-to-clear' });
      expect(await listOverrides(world.deps, null)).toMatchObject({
        overrides: [{ policy: '*' }, { policy: 'web' }],
      });
    });

    it('and one that fails is told of, and stops none of the others', async () => {
      const { ledger } = world.deps;
      const commit = (wish: Parameters<typeof ledger.commit>[0]) => {
        if (wish.target === ACCOUNT)
          return Promise.reject(new ControllerError('throttled', 'slow down', { retryable: true }));
        if (wish.target === 'ecs-service/prod/api') return Promise.reject(new TypeError('a bug'));
        return ledger.commit(wish);
      };
      const load: typeof ledger.load = (targets) => ledger.load(targets);
      const deps = { ...world.deps, ledger: { load, due: ledger.due.bind(ledger), commit } };
      expect(await clearEverywhere(deps, { kind: null, owner: 'grace' })).toMatchObject({
        outcomes: [
          { kind: 'failed', policy: '*', detail: 'slow down' },
          { kind: 'failed', policy: 'api', detail: 'It failed inside the controller.' },
          { kind: 'cleared', policy: 'web' },
        ],
      });
      expect(world.problems).toContain('Overrides could not be cleared');
    });
  });

  it('is listed first, before what single targets have', async () => {
    await set(floor(4), { subject: { service: 'web' } });
    await set(PAUSE, EVERY);
    const list = await listOverrides(world.deps, null);
    expect(list).toMatchObject({
      overrides: [
        { target: 'account/all', policy: '*', override: { kind: 'pause' } },
        { target: 'ecs-service/prod/web', policy: 'web', override: { kind: 'floor' } },
      ],
    });
    expect(await listOverrides(world.deps, 'api')).toMatchObject({ overrides: [{ policy: '*' }] });
    expect(await listOverrides(world.deps, 'nobody')).toMatchObject({ kind: 'unknown-target' });
  });
});
