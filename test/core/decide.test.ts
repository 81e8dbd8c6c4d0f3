import { describe, expect, it, test } from 'vitest';
import type { Signal } from '../../shared/core/signal.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { aFallback, aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aManualSignal, anAlarmSignal } from '../support/a-signal.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aPin, aResize, aState } from '../support/a-state.ts';
import { someRules } from '../support/behaviors.ts';
import { type Circumstances, decideIn, inShort } from '../support/deciding.ts';
import { NOW } from '../support/now.ts';

const cpu = aTargetTracking();
const memory = aTargetTracking({ metric: { ...cpu.metric, id: 'memory', label: 'Memory' }, target: 80 });
const both = aPolicy({ strategies: [cpu, memory] });
const fallback = aFallback({ size: 10, afterMisses: 3 });
const ago = (seconds: number) => plusSeconds(NOW, -seconds);
const at = (value: number, desired = 4) => aSnapshot({ desired, metrics: { cpu: value } });

describe('one metric', () => {
  test.each([
    { says: '4 -> 5', cpu: 83.2 },
    { says: '4 -> 2', cpu: 35 },
    { says: 'hold at 4: within-tolerance', cpu: 77 },
    { says: 'hold at 4: within-tolerance', cpu: 63 },
    { says: 'hold at 4: at-desired', cpu: 62 },
    { says: '4 -> 20', cpu: 3500 },
    { says: '4 -> 2', cpu: 0 },
    { says: 'hold at 2: at-minimum', cpu: 20, desired: 2 },
    { says: 'hold at 2: at-minimum', cpu: 45, desired: 2 },
    { says: 'hold at 20: at-maximum', cpu: 99, desired: 20 },
  ])('CPU $cpu %: $says', ({ says, cpu: value, desired }) => {
    expect(inShort(decideIn({ snapshot: at(value, desired) }))).toBe(says);
  });

  it('carries the whole arithmetic in its trace', () => {
    expect(decideIn({ snapshot: at(3500), signal: anAlarmSignal() })).toEqual({
      kind: 'resize',
      from: 4,
      to: 20,
      direction: 'out',
      cause: 'policy',
      wish: 200,
      limitedBy: 'at-maximum',
      trace: [
        expect.objectContaining({ step: 'proposal', metric: 'cpu', value: 3500, exact: 200, wish: 200 }),
        { step: 'merge', wish: 200, from: 'cpu', blind: [] },
        {
          step: 'guard',
          guard: 'bounds',
          effect: 'amend',
          reason: 'at-maximum',
          from: 200,
          to: 20,
          until: null,
          detail: 'The maximum is 20, so 20, not 200.',
        },
      ],
    });
  });
});

describe('several metrics', () => {
  const metrics = (values: Parameters<typeof aSnapshot>[0]) => aSnapshot(values);

  test.each([
    { says: '4 -> 8', cpu: 140, memory: 20 },
    { says: '4 -> 6', cpu: 20, memory: 120 },
    { says: 'hold at 4: within-tolerance', cpu: 20, memory: 80 },
    { says: '4 -> 2', cpu: 20, memory: 20 },
    { says: '4 -> 8', cpu: 140, memory: 'no-data' },
    { says: 'hold at 4: within-tolerance', cpu: 70, memory: 'no-data' },
    { says: 'hold at 4: metric-missing', cpu: 20, memory: 'no-data' },
    { says: 'hold at 4: blind', cpu: 'stale', memory: 'read-failed' },
  ] as const)('CPU $cpu and memory $memory: $says', ({ says, cpu: one, memory: other }) => {
    const snapshot = metrics({ metrics: { cpu: one, memory: other } });
    expect(inShort(decideIn({ policy: both, snapshot }))).toBe(says);
  });
});

describe('without any metric', () => {
  const blind = aSnapshot({ metrics: {} });

  it('holds, and has no wish', () => {
    expect(decideIn({ snapshot: blind })).toMatchObject({
      kind: 'hold',
      reason: 'blind',
      wish: null,
      size: 4,
    });
  });

  test.each([
    { misses: 0, says: 'hold at 4: blind' },
    { misses: 1, says: 'hold at 4: blind' },
    { misses: 2, says: '4 -> 10' },
    { misses: 3, says: '4 -> 10' },
  ])('with a fallback after three misses, after $misses before this one: $says', ({ misses, says }) => {
    const decision = decideIn({ policy: aPolicy({ fallback }), snapshot: blind, state: aState({ misses }) });
    expect(inShort(decision)).toBe(says);
    if (decision.kind === 'resize') expect(decision.cause).toBe('fallback');
  });

  it('rests at the fallback once it is there', () => {
    const given = { policy: aPolicy({ fallback }), state: aState({ misses: 3 }) };
    expect(inShort(decideIn({ ...given, snapshot: aSnapshot({ desired: 10, metrics: {} }) }))).toBe(
      'hold at 10: blind',
    );
  });

  it('keeps the fallback inside the bounds', () => {
    const policy = aPolicy({ fallback: aFallback({ size: 99, afterMisses: 1 }) });
    expect(inShort(decideIn({ policy, snapshot: blind }))).toBe('4 -> 20');
  });

  it('goes down to a fallback only past the same guards as any scale-in', () => {
    const policy = aPolicy({ fallback: aFallback({ size: 2, afterMisses: 1 }) });
    const snapshot = aSnapshot({ metrics: {}, deployment: 'in-progress' });
    expect(inShort(decideIn({ policy, snapshot }))).toBe('hold at 4: deployment-in-progress');
  });
});

describe('a size outside the bounds', () => {
  test.each([
    { desired: 1, says: '1 -> 2' },
    { desired: 0, says: '0 -> 2' },
    { desired: 25, says: '25 -> 20' },
  ])('of $desired is corrected at once: $says', ({ desired, says }) => {
    const decision = decideIn({
      policy: aPolicy({
        behavior: someRules({ up: { selectPolicy: 'Disabled' }, down: { selectPolicy: 'Disabled' } }),
      }),
      snapshot: aSnapshot({ desired, metrics: {}, deployment: 'in-progress' }),
      state: aState({ lastOut: { at: NOW, from: 1, to: desired } }),
    });
    expect(inShort(decision)).toBe(says);
    expect(decision).toMatchObject({ cause: 'bounds' });
  });

  test.each<{ because: Circumstances; says: string }>([
    { because: { policy: aPolicy({ paused: { in: true } }) }, says: 'hold at 25: paused' },
    {
      because: { state: aState({ failures: { count: 1, at: NOW, direction: 'in' } }) },
      says: 'hold at 25: failed-recently',
    },
  ])('stays where automation is off or has just failed: $says', ({ because, says }) => {
    expect(inShort(decideIn({ ...because, snapshot: aSnapshot({ desired: 25 }) }))).toBe(says);
  });
});

describe('what holds a wish', () => {
  const low = at(20);
  const high = at(140);

  test.each<{ why: string; given: Circumstances; says: string }>([
    {
      why: 'a cooldown after a scale-out',
      given: { snapshot: high, state: aState({ lastOut: { at: ago(59), from: 3, to: 4 } }) },
      says: 'hold at 4: cooldown-out',
    },
    {
      why: 'a cooldown after any resize',
      given: { snapshot: low, state: aState({ lastOut: { at: ago(299), from: 3, to: 4 } }) },
      says: 'hold at 4: cooldown-in',
    },
    {
      why: 'a deployment, on the way in',
      given: { snapshot: aSnapshot({ deployment: 'in-progress', metrics: { cpu: 20 } }) },
      says: 'hold at 4: deployment-in-progress',
    },
    {
      why: 'not on the way out',
      given: { snapshot: aSnapshot({ deployment: 'in-progress', metrics: { cpu: 140 } }) },
      says: '4 -> 8',
    },
    {
      why: 'a pause of scale-out',
      given: { snapshot: high, policy: aPolicy({ paused: { out: true } }) },
      says: 'hold at 4: paused',
    },
    {
      why: 'a pause of scale-in',
      given: { snapshot: low, policy: aPolicy({ paused: { in: true } }) },
      says: 'hold at 4: paused',
    },
    {
      why: 'a failure a moment ago',
      given: { snapshot: high, state: aState({ failures: { count: 1, at: ago(59), direction: 'out' } }) },
      says: 'hold at 4: failed-recently',
    },
    {
      why: 'an earlier wish',
      given: {
        snapshot: low,
        policy: aPolicy({ behavior: someRules({ down: { stabilizationWindowSeconds: 300 } }) }),
        state: aState({ recommendations: [{ wish: 4, since: ago(900) }] }),
      },
      says: 'hold at 4: stabilizing-in',
    },
    {
      why: 'a disabled direction',
      given: {
        snapshot: low,
        policy: aPolicy({ behavior: someRules({ down: { selectPolicy: 'Disabled' } }) }),
      },
      says: 'hold at 4: direction-disabled',
    },
    {
      why: 'a rate that is used up',
      given: {
        snapshot: high,
        policy: aPolicy({
          behavior: someRules({ up: { policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }] } }),
        }),
        state: aState({ scaleEvents: [{ at: ago(30), direction: 'out', change: 2 }] }),
      },
      says: 'hold at 4: rate-limited',
    },
    {
      why: 'a rate that is not',
      given: {
        snapshot: high,
        policy: aPolicy({
          behavior: someRules({ up: { policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }] } }),
        }),
      },
      says: '4 -> 6',
    },
  ])('$why: $says', ({ given, says }) => {
    expect(inShort(decideIn(given))).toBe(says);
  });

  it('says until when', () => {
    const state = aState({ lastOut: { at: ago(216), from: 3, to: 4 } });
    expect(decideIn({ snapshot: low, state })).toMatchObject({ until: plusSeconds(NOW, 84), wish: 2 });
  });
});

describe('a resize in flight', () => {
  const inFlight = aState({ resize: aResize({ from: 4, to: 6 }) });
  const meanwhile = (value: number) => aSnapshot({ desired: 6, running: 4, metrics: { cpu: value } });

  test.each([
    { says: 'hold at 6: resize-in-flight', cpu: 70 },
    { says: 'hold at 6: resize-in-flight', cpu: 20 },
    { says: 'hold at 6: resize-in-flight', cpu: 104 },
    { says: '6 -> 8', cpu: 140 },
  ])('of 4 to 6 at $cpu %: $says', ({ says, cpu: value }) => {
    expect(inShort(decideIn({ state: inFlight, snapshot: meanwhile(value) }))).toBe(says);
  });

  it('is measured by its goal, even while the resource still shows the old size', () => {
    const state = aState({ resize: aResize({ from: 4, to: 6, acceptedAt: null }) });
    expect(inShort(decideIn({ state, snapshot: at(140) }))).toBe('hold at 6: resize-in-flight');
  });

  it('may be raised during the cooldown of the scale-out before it', () => {
    const state = { ...inFlight, lastOut: { at: ago(31), from: 3, to: 4 } };
    expect(inShort(decideIn({ state, snapshot: meanwhile(140) }))).toBe('6 -> 8');
  });

  it('outranks what the strategies are content with', () => {
    expect(decideIn({ state: inFlight, snapshot: meanwhile(70) })).toMatchObject({ wish: 6 });
  });
});

describe('an operator', () => {
  const ask = (size: number, given: Circumstances = {}) =>
    inShort(decideIn({ ...given, signal: aManualSignal({ size }) }));

  it('gets the size that was asked for, whatever the metrics, the cooldowns and the pauses say', () => {
    const given = {
      policy: aPolicy({ paused: { out: true, in: true } }),
      snapshot: aSnapshot({ metrics: {}, deployment: 'in-progress' }),
      state: aState({
        lastIn: { at: NOW, from: 9, to: 4 },
        failures: { count: 3, at: NOW, direction: 'out' },
      }),
    } as const;
    expect(ask(8, given)).toBe('4 -> 8');
    expect(ask(2, given)).toBe('4 -> 2');
    expect(ask(4, given)).toBe('hold at 4: at-desired');
  });

  test.each([1, 21])('is refused outside the bounds: %i', (size) => {
    expect(ask(size)).toBe('hold at 4: outside-bounds');
  });

  it('is refused outside the bounds even where the size is there already', () => {
    expect(ask(1, { snapshot: aSnapshot({ desired: 1 }) })).toBe('hold at 1: outside-bounds');
  });

  it('is refused while a resize is in flight, the same size included', () => {
    const given = { state: aState({ resize: aResize({ to: 6 }) }) };
    expect(ask(8, given)).toBe('hold at 6: resize-in-flight');
    expect(ask(6, given)).toBe('hold at 6: resize-in-flight');
  });

  it('replaces an earlier override', () => {
    const state = aState({ overrides: [aPin({ size: 4 })] });
    expect(ask(9, { state })).toBe('4 -> 9');
  });

  it('is shown in the trace with the reason', () => {
    expect(decideIn({ signal: aManualSignal({ size: 8 }) })).toMatchObject({
      cause: 'manual',
      wish: 8,
      trace: [{ step: 'request', cause: 'manual', detail: 'ada asks for 8: a load test.' }],
    });
  });
});

describe('a pinned size', () => {
  const state = aState({ overrides: [aPin({ size: 8 })] });

  it('stands against automation until it ends', () => {
    expect(inShort(decideIn({ state, snapshot: at(140, 8) }))).toBe('hold at 8: pinned');
    expect(inShort(decideIn({ state, snapshot: at(20, 8) }))).toBe('hold at 8: pinned');
    expect(inShort(decideIn({ state, snapshot: at(70, 8) }))).toBe('hold at 8: pinned');
  });

  it('stands against the fallback, and against blindness', () => {
    const policy = aPolicy({ fallback: aFallback({ size: 12, afterMisses: 1 }) });
    const snapshot = aSnapshot({ desired: 8, metrics: {} });
    expect(inShort(decideIn({ policy, state, snapshot }))).toBe('hold at 8: pinned');
    expect(inShort(decideIn({ state, snapshot }))).toBe('hold at 8: blind');
  });

  it('is put back when somebody else changes the size', () => {
    expect(decideIn({ state, snapshot: at(70, 5) })).toMatchObject({ from: 5, to: 8, cause: 'pin' });
  });

  it('is put back after a failure only when its time has come', () => {
    const failed = { ...state, failures: { count: 1, at: ago(30), direction: 'out' as const } };
    expect(inShort(decideIn({ state: failed, snapshot: at(70, 5) }))).toBe('hold at 5: failed-recently');
  });

  it('is bent into bounds that became narrower since', () => {
    const policy = aPolicy({ bounds: { max: 6 } });
    expect(inShort(decideIn({ policy, state, snapshot: at(70, 4) }))).toBe('4 -> 6');
    expect(inShort(decideIn({ policy, state, snapshot: at(70, 6) }))).toBe('hold at 6: at-maximum');
    expect(inShort(decideIn({ policy, state, snapshot: at(70, 8) }))).toBe('8 -> 6');
  });

  it('has no effect from its expiry on', () => {
    const expired = aState({ overrides: [aPin({ size: 8, expiresAt: NOW })] });
    expect(decideIn({ state: expired, snapshot: at(140) })).toEqual(decideIn({ snapshot: at(140) }));
  });
});

it('without a behavior block applies the highest wish of the window, at most double', () => {
  const policy = aPolicy({ behavior: { kind: 'implicit', downscaleStabilizationSeconds: 300 } });
  const state = aState({
    recommendations: [
      { wish: 50, since: ago(30) },
      { wish: 2, since: ago(15) },
    ],
  });
  expect(decideIn({ policy, state, snapshot: at(20, 8) })).toMatchObject({
    from: 8,
    to: 16,
    limitedBy: 'rate-limited',
    wish: 3,
  });
});

it('refuses to leave the bounds whatever the guards let through', () => {
  const half = aManualSignal({ size: 4.5 });
  expect(() => decideIn({ signal: half })).toThrow(
    'The decision for policy web left its bounds: 4.5 is not a whole number in 2..20; last limited by: nothing.',
  );
  const broken = aPolicy({ bounds: { min: 2, max: 7.5 } });
  expect(() => decideIn({ policy: broken, snapshot: at(3500) })).toThrow('last limited by: at-maximum');
});

test.each<Signal['kind']>(['alarm', 'sweep', 'drift'])(
  'what is measured decides, not who asks: %s',
  (kind) => {
    const signal = { ...anAlarmSignal(), kind } as Signal;
    expect(inShort(decideIn({ signal, snapshot: at(83.2) }))).toBe('4 -> 5');
  },
);

describe('a target at zero', () => {
  const requests = aTargetTracking({
    metric: { ...cpu.metric, id: 'requests' },
    scope: 'total',
    target: 100,
  });
  const policy = aPolicy({ atZero: 'kubernetes', bounds: { min: 0 }, strategies: [requests] });
  const raised = { ...policy, bounds: { min: 2, max: 20 } };
  const atZero = (metrics: Record<string, number> = { requests: 250 }) => aSnapshot({ desired: 0, metrics });
  const own = aState({ size: 0, scaledToZero: true });
  const byHand = aState({ size: 0, scaledToZero: false });
  const floor = { kind: 'floor', size: 3, force: false, owner: 'ada', reason: 'a sale' } as const;
  const until = { setAt: ago(60), expiresAt: plusSeconds(NOW, 600) };

  test.each<{ why: string; given: Circumstances; says: string }>([
    {
      why: 'that somebody set stays',
      given: { policy, state: byHand, snapshot: atZero() },
      says: 'hold at 0: stopped-at-zero',
    },
    {
      why: 'even below the minimum',
      given: { policy: raised, state: byHand, snapshot: atZero() },
      says: 'hold at 0: stopped-at-zero',
    },
    { why: 'of its own resumes', given: { policy, state: own, snapshot: atZero() }, says: '0 -> 3' },
    {
      why: 'of its own waits for load',
      given: { policy, state: own, snapshot: atZero({ requests: 0 }) },
      says: 'hold at 0: at-minimum',
    },
    {
      why: 'of its own asks the metrics before the minimum that was raised',
      given: { policy: raised, state: own, snapshot: atZero() },
      says: '0 -> 3',
    },
    {
      why: 'takes that minimum at least',
      given: { policy: raised, state: own, snapshot: atZero({ requests: 0 }) },
      says: '0 -> 2',
    },
    {
      why: 'takes that minimum where nothing can be read',
      given: { policy: raised, state: own, snapshot: atZero({}) },
      says: '0 -> 2',
    },
    {
      why: 'of an own policy is below its minimum',
      given: { policy: { ...raised, atZero: 'resume' }, state: byHand, snapshot: atZero() },
      says: '0 -> 2',
    },
    {
      why: 'is left by an operator who asks for a size',
      given: { policy, state: byHand, snapshot: atZero(), signal: aManualSignal({ size: 4 }) },
      says: '0 -> 4',
    },
    {
      why: 'is left by an operator who pins a size',
      given: { policy, state: { ...byHand, overrides: [aPin({ size: 4 })] }, snapshot: atZero() },
      says: '0 -> 4',
    },
    {
      why: 'is left by the floor of an operator',
      given: { policy, state: { ...byHand, overrides: [{ ...floor, ...until }] }, snapshot: atZero({}) },
      says: '0 -> 3',
    },
  ])('$why: $says', ({ given, says }) => {
    expect(inShort(decideIn(given))).toBe(says);
  });
});
