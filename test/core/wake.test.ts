import { describe, expect, it, test } from 'vitest';
import type { Policy } from '../../shared/core/policy.ts';
import type { TargetTrackingStrategy } from '../../shared/core/strategy.ts';
import { type Instant, plusSeconds } from '../../shared/core/time.ts';
import { quiet, quietSeconds, wakeAfter } from '../../shared/core/wake.ts';
import { aPolicy, aTargetTracking, type PolicyOverrides } from '../support/a-policy.ts';
import { aSchedule, opened } from '../support/a-schedule.ts';
import { aManualSignal } from '../support/a-signal.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aPin, aResize, aState } from '../support/a-state.ts';
import { anExpression, aQueue, aSeries, aStepScaling, aThreshold, times } from '../support/a-strategy.ts';
import { someUnits } from '../support/a-unit.ts';
import { someRules } from '../support/behaviors.ts';
import { type Circumstances, circumstances, decideIn } from '../support/deciding.ts';
import { NOW } from '../support/now.ts';

const cpu = aTargetTracking();
const tracking = (
  alarms: Partial<TargetTrackingStrategy['alarms']>,
  more: Partial<TargetTrackingStrategy> = {},
) => aTargetTracking({ ...more, alarms: { ...cpu.alarms, ...alarms } });
const memory = (alarms: Partial<TargetTrackingStrategy['alarms']> = {}) =>
  tracking(alarms, { metric: { ...cpu.metric, id: 'memory', label: 'Memory' } });
const total = aTargetTracking({ scope: 'total', target: 100 });
const noisyOut = tracking({ out: { datapoints: 2, of: 3 } });

const threshold = aThreshold();
const PLAIN = { out: { datapoints: 10, of: 10 }, in: { datapoints: 5, of: 5 } } as const;
const steps = aStepScaling();
const exact = aStepScaling({
  adjustmentType: 'ExactCapacity',
  in: null,
  out: { threshold: 50, steps: [{ lower: 0, upper: null, adjustment: 3 }] },
  alarms: { out: { datapoints: 1, of: 1 }, in: null },
});
const bothAt = (value: number) => aSnapshot({ metrics: { cpu: value, memory: value } });
const exactInward = { threshold: 50, steps: [{ lower: null, upper: 0, adjustment: 2 }] } as const;
const oneWay = { ...threshold, in: null, alarms: { ...threshold.alarms, in: null } };
const queue = aQueue();
const series = (...values: readonly number[]) =>
  aSnapshot({ desired: 4, metrics: { cpu: aSeries(...values) } });
const minimum = {
  policy: aPolicy({ strategies: [threshold], bounds: { min: 4 } }),
  state: aState(),
};
const both = (value: number) => aSnapshot({ metrics: { cpu: value, latency: value } });
const waiting = (length: number, desired: number) => aSnapshot({ desired, metrics: { queue: length } });

const ago = (seconds: number) => plusSeconds(NOW, -seconds);
const at = (value: number, desired = 4) => aSnapshot({ desired, metrics: { cpu: value } });
const of = (...strategies: Policy['strategies']) => aPolicy({ strategies });

/** Four units, of which so many report. */
const apart = (...values: readonly number[]) => {
  const samples = values.map((value, index) => ({ unit: `u${index}`, value }));
  return aSnapshot({ units: someUnits(4), metrics: { cpu: { kind: 'samples', samples, at: NOW } } });
};

describe('whether the alarms alone report what comes next', () => {
  test.each<{ why: string; given: Circumstances; is: boolean }>([
    { why: 'inside the band', given: { snapshot: at(70) }, is: true },
    {
      why: 'at a zero that automation did not set, whatever the load',
      given: { policy: aPolicy({ atZero: 'kubernetes' }), snapshot: at(140, 0) },
      is: true,
    },
    {
      why: 'inside the band of units that report one by one',
      given: { snapshot: apart(70, 70, 70, 70) },
      is: true,
    },
    { why: 'inside it, with one that is silent', given: { snapshot: apart(70, 70, 70) }, is: false },
    { why: 'above the band, about to grow', given: { snapshot: at(140) }, is: false },
    {
      why: 'above the band, held',
      given: { snapshot: at(140), state: aState({ lastOut: { at: NOW, from: 3, to: 4 } }) },
      is: false,
    },
    {
      why: 'above the band, with units on their way',
      given: { snapshot: aSnapshot({ desired: 6, running: 4, metrics: { cpu: 83.2 } }) },
      is: false,
    },
    { why: 'above the band at the maximum', given: { snapshot: at(99, 20) }, is: true },
    { why: 'below the band at the minimum', given: { snapshot: at(20, 2) }, is: true },
    {
      why: 'below the band, held by a deployment',
      given: { snapshot: aSnapshot({ deployment: 'in-progress', metrics: { cpu: 20 } }) },
      is: false,
    },
    {
      why: 'below thresholds in a row, held by a cooldown',
      given: {
        policy: of({ ...threshold, alarms: PLAIN }),
        snapshot: series(...times(5, 10)),
        state: aState({ lastIn: { at: NOW, from: 5, to: 4 } }),
      },
      is: true,
    },
    {
      why: 'below thresholds whose alarm is "2 of 3", held by a cooldown',
      given: {
        policy: of({ ...threshold, alarms: { ...PLAIN, out: { datapoints: 2, of: 3 } } }),
        snapshot: series(...times(5, 10)),
        state: aState({ lastIn: { at: NOW, from: 5, to: 4 } }),
      },
      is: false,
    },
    {
      why: 'below a threshold for scale-in alone, held by a cooldown',
      given: {
        policy: of({ ...threshold, out: null, alarms: { ...PLAIN, out: null } }),
        snapshot: series(...times(5, 10)),
        state: aState({ lastIn: { at: NOW, from: 5, to: 4 } }),
      },
      is: true,
    },
    {
      why: 'an idle queue, held by a cooldown: nothing but looking tells of its length',
      given: {
        policy: of(queue),
        snapshot: aSnapshot({ desired: 4, metrics: { queue: aSeries(...times(6, 5)) } }),
        state: aState({ lastIn: { at: NOW, from: 5, to: 4 } }),
      },
      is: false,
    },
    {
      why: 'below the band, held by a cooldown',
      given: { snapshot: at(20), state: aState({ lastIn: { at: NOW, from: 5, to: 4 } }) },
      is: true,
    },
    {
      why: 'below the band, too little for a cut: the alarm is red and stays so',
      given: { snapshot: at(55, 3) },
      is: false,
    },
    {
      why: 'a threshold that is not passed',
      given: { policy: of(threshold), snapshot: at(50) },
      is: true,
    },
    {
      why: 'a threshold that is passed, but not for long enough: its alarm may be red already',
      given: { policy: of(threshold), snapshot: series(90, 50) },
      is: false,
    },
    {
      why: 'a threshold that has been passed for long enough',
      given: { policy: of(threshold), snapshot: series(...times(10, 90)) },
      is: false,
    },
    {
      why: 'below a threshold for scale-in, at the minimum',
      given: { snapshot: series(...times(5, 10)), ...minimum },
      is: true,
    },
    {
      why: 'a rule for scale-out alone: nothing is ever cut',
      given: { policy: of(oneWay), snapshot: at(50) },
      is: true,
    },
    {
      why: 'a rule for scale-out alone beside a metric below its band',
      given: { policy: of({ ...oneWay, metric: { ...cpu.metric, id: 'latency' } }, cpu), snapshot: both(20) },
      is: false,
    },
    {
      why: 'a rule for scale-out without an alarm of its own',
      given: { policy: of({ ...threshold, alarms: { ...threshold.alarms, out: null } }), snapshot: at(50) },
      is: false,
    },
    {
      why: 'a step without an alarm of its own',
      given: { policy: of({ ...steps, alarms: { ...steps.alarms, out: null } }), snapshot: at(50) },
      is: false,
    },
    {
      why: 'no rule for scale-out, and so no alarm for it',
      given: {
        policy: of({ ...threshold, out: null, alarms: { ...threshold.alarms, out: null } }),
        snapshot: at(50),
      },
      is: true,
    },
    {
      why: 'a step for scale-out alone, at rest',
      given: { policy: of({ ...steps, in: null, alarms: { ...steps.alarms, in: null } }), snapshot: at(30) },
      is: true,
    },
    {
      why: 'at the minimum, with an exact size below a threshold without an alarm, which may be the larger one',
      given: {
        policy: of({ ...exact, out: null, in: exactInward, alarms: { out: null, in: null } }),
        snapshot: at(30, 2),
      },
      is: false,
    },
    {
      why: 'at the minimum, with an exact size below a threshold that an alarm reports',
      given: { policy: of({ ...exact, out: null, in: exactInward, alarms: PLAIN }), snapshot: at(60, 2) },
      is: true,
    },
    {
      why: 'an exact step, which may be the smaller size',
      given: { policy: of(exact), snapshot: at(30) },
      is: false,
    },
    {
      why: 'a rule for scale-in whose alarm was left out',
      given: { policy: of({ ...threshold, alarms: { ...threshold.alarms, in: null } }), snapshot: at(50) },
      is: false,
    },
    {
      why: 'a quiet metric beside a formula',
      given: { policy: of(memory(), anExpression({ metrics: [cpu.metric] })), snapshot: bothAt(70) },
      is: false,
    },
    {
      why: 'schedules alone, whose window could not be met',
      given: {
        policy: aPolicy({ strategies: [], schedule: aSchedule([{ desired: 6 }]) }),
        snapshot: aSnapshot({ desired: 4, metrics: {}, schedule: opened({}) }),
        state: aState({ failures: { count: 1, at: NOW, direction: 'out' } }),
      },
      is: false,
    },
    {
      why: 'a step of nothing: its alarm is red, and says nothing of the next step',
      given: { policy: of(aStepScaling()), snapshot: at(55) },
      is: false,
    },
    { why: 'a formula', given: { policy: of(anExpression()), snapshot: at(40) }, is: false },
    {
      why: 'a short queue at the minimum',
      given: { policy: of(queue), snapshot: waiting(150, 2) },
      is: true,
    },
    {
      why: 'a short queue above the minimum: only looking tells',
      given: { policy: of(queue), snapshot: waiting(150, 4) },
      is: false,
    },
    {
      why: 'a queue longer than the threshold of its alarm, at the maximum of one size',
      given: {
        policy: aPolicy({ strategies: [queue], bounds: { min: 2, max: 2 } }),
        snapshot: waiting(900, 2),
      },
      is: false,
    },
    {
      why: 'a queue without an alarm',
      given: { policy: of({ ...queue, alarms: { out: null, in: null } }), snapshot: waiting(150, 2) },
      is: false,
    },
    {
      why: 'a window wants more than a quota has room for: nothing reports that there is room again',
      given: {
        policy: aPolicy({
          schedule: aSchedule([{ desired: 6 }]),
          unitResources: { cpu: 1, memoryMiB: 0 },
          guardrails: { changeBudget: null, quota: { cpu: 4, memoryMiB: null } },
        }),
        snapshot: aSnapshot({
          metrics: { cpu: 70 },
          schedule: opened({}),
          account: { reserved: { cpu: 0, memoryMiB: 0 } },
        }),
      },
      is: false,
    },
    {
      why: 'schedules alone, satisfied',
      given: { policy: of(), snapshot: aSnapshot({ desired: 2, metrics: {} }) },
      is: true,
    },
    { why: 'a metric is missing', given: { policy: of(cpu, memory()), snapshot: at(70) }, is: false },
    { why: 'every metric is missing', given: { snapshot: aSnapshot({ metrics: {} }) }, is: false },
    {
      why: 'a request, for which no metric was read',
      given: { signal: aManualSignal({ size: 4 }) },
      is: false,
    },
    {
      why: 'one metric in its band stops the cut that another wants, and reports when it leaves',
      given: { policy: of(cpu, memory()), snapshot: aSnapshot({ metrics: { cpu: 20, memory: 70 } }) },
      is: true,
    },
    {
      why: 'it stops the cut, and no alarm reports when it leaves',
      given: {
        policy: of(cpu, memory({ in: null })),
        snapshot: aSnapshot({ metrics: { cpu: 20, memory: 70 } }),
      },
      is: false,
    },
    {
      why: 'no alarm asks for scale-in',
      given: { policy: of(tracking({ in: null })), snapshot: at(70) },
      is: false,
    },
    {
      why: 'no alarm asks for scale-in, at the minimum',
      given: { policy: of(tracking({ in: null })), snapshot: at(70, 2) },
      is: true,
    },
    {
      why: 'no alarm asks for scale-in, at the maximum',
      given: { policy: of(tracking({ in: null })), snapshot: at(99, 20) },
      is: false,
    },
    { why: 'a total at the minimum', given: { policy: of(total), snapshot: at(200, 2) }, is: true },
    {
      why: 'a total above the minimum: the alarm knows only the minimum',
      given: { policy: of(total), snapshot: at(400) },
      is: false,
    },
    {
      why: 'a total at the maximum: its alarm is red until the load is that of the minimum',
      given: { policy: of(total), snapshot: at(2500, 20) },
      is: false,
    },
    {
      why: 'a total where minimum and maximum are one',
      given: { policy: aPolicy({ strategies: [total], bounds: { min: 4, max: 4 } }), snapshot: at(2500) },
      is: true,
    },
  ])('$why: $is', ({ given, is }) => {
    const { policy, snapshot, state, now } = circumstances(given);
    expect(quiet(policy, snapshot, state, decideIn(given), now)).toBe(is);
  });
});

describe('how long all must have been quiet', () => {
  test.each<{ alarms: Partial<TargetTrackingStrategy['alarms']>; seconds: number }>([
    { alarms: {}, seconds: 60 },
    { alarms: { in: null }, seconds: 60 },
    { alarms: { out: { datapoints: 2, of: 3 } }, seconds: 180 },
    { alarms: { in: { datapoints: 14, of: 15 } }, seconds: 900 },
    { alarms: { out: { datapoints: 3, of: 3 } }, seconds: 60 },
  ])('with $alarms on datapoints of a minute: $seconds s', ({ alarms, seconds }) => {
    expect(quietSeconds(of(tracking(alarms)))).toBe(seconds);
  });

  it('does not count formulas, which have no alarm', () => {
    expect(quietSeconds(of(anExpression()))).toBe(0);
    expect(quietSeconds(of(anExpression(), cpu))).toBe(60);
  });

  it('is that of the slowest metric', () => {
    const slow = tracking({}, { metric: { ...cpu.metric, id: 'slow', periodSeconds: 300 } });
    expect(quietSeconds(of(cpu, slow))).toBe(300);
  });
});

/** When a target is asked again that was due since a minute ago, and has been as it is for so many seconds. */
function wake(given: Circumstances, forSeconds = 9000): Instant | null | 'awake' {
  const { policy, snapshot, state, now } = circumstances(given);
  const due = ago(60);
  const decision = decideIn(given);
  const quietSince = quiet(policy, snapshot, state, decision, now) ? ago(forSeconds) : null;
  const wakeAt = wakeAfter({ ...state, wakeAt: due, quietSince }, policy, snapshot, decision, now);
  return wakeAt === due ? 'awake' : wakeAt;
}

describe('when a target is asked again', () => {
  it('not at all once it has been quiet for long enough', () => {
    expect(wake({ snapshot: at(70) }, 59.9)).toBe('awake');
    expect(wake({ snapshot: at(70) }, 60)).toBeNull();
  });

  it('at the next tick while it is not quiet', () => {
    expect(wake({ snapshot: at(55, 3) })).toBe('awake');
  });

  it('from now on where it was asleep', () => {
    const policy = aPolicy();
    const decision = decideIn({ snapshot: at(140) });
    expect(wakeAfter(aState(), policy, aSnapshot(), decision, NOW)).toBe(NOW);
    expect(wakeAfter(aState({ wakeAt: plusSeconds(NOW, 60) }), policy, aSnapshot(), decision, NOW)).toBe(NOW);
  });

  it('not while somebody else scales it, whatever a window wants: whoever sees that they let go wakes it', () => {
    const policy = aPolicy({
      atZero: 'kubernetes',
      bounds: { min: 2, max: 16 },
      schedule: aSchedule([{ desired: 3 }]),
    });
    const state = aState({ ownedBy: 'Application Auto Scaling', scaledToZero: true, size: null });
    const snapshot = aSnapshot({ desired: 0, ready: 4, metrics: { cpu: 0 }, schedule: opened({}) });
    const given = { policy, state, snapshot };
    expect(decideIn(given)).toMatchObject({ kind: 'hold', reason: 'owned-elsewhere', wish: 3 });
    expect(wake(given)).toBeNull();
    expect(wake({ ...given, state: { ...state, ownedBy: null } })).toBe('awake');
  });

  it('not at its maximum, although a rate binds before it', () => {
    const policy = aPolicy({
      bounds: { min: 2, max: 4 },
      schedule: aSchedule([{ desired: 17 }]),
      behavior: someRules({ up: { policies: [{ type: 'Pods', value: 4, periodSeconds: 60 }] } }),
    });
    const state = aState({ scaleEvents: [{ at: ago(30), direction: 'out', change: 4 }] });
    const given = { policy, state, snapshot: aSnapshot({ schedule: opened({}) }) };
    expect(decideIn(given)).toMatchObject({ kind: 'hold', reason: 'rate-limited', wish: 17 });
    expect(wake(given)).toBeNull();
    const roomier = { ...policy, bounds: { min: 2, max: 5 } };
    expect(wake({ ...given, policy: roomier })).toBe('awake');
  });

  it('at every tick while something is left behind, whatever holds the size', () => {
    const unfinished = 'orders-4 is on its way out.';
    expect(wake({ snapshot: { ...at(70), unfinished } })).toBe('awake');
    const state = aState({ overrides: [aPin({ size: 4, expiresAt: plusSeconds(NOW, 3600) })] });
    expect(wake({ state, snapshot: at(70) })).toEqual(plusSeconds(NOW, 3600));
    expect(wake({ state, snapshot: { ...at(70), unfinished } })).toBe('awake');
  });

  it('at every tick where the policy pays for it', () => {
    expect(wake({ policy: aPolicy({ evaluation: 'everyMinute' }), snapshot: at(70) }, 9000)).toBe('awake');
  });

  it('at every tick while a resize is in flight', () => {
    const state = aState({ resize: aResize({ to: 4 }) });
    expect(wake({ state, snapshot: at(70) }, 9000)).toBe('awake');
    expect(wake({ state, snapshot: aSnapshot({ metrics: {} }) })).toBe('awake');
  });

  test.each<{ hold: string; given: Circumstances; until: number }>([
    {
      hold: 'a cooldown on scale-out',
      given: { snapshot: at(140), state: aState({ lastOut: { at: ago(20), from: 3, to: 4 } }) },
      until: 40,
    },
    {
      hold: 'a cooldown on scale-in',
      given: { snapshot: at(20), state: aState({ lastOut: { at: ago(216), from: 3, to: 4 } }) },
      until: 84,
    },
    {
      hold: 'a failure',
      given: { snapshot: at(140), state: aState({ failures: { count: 1, at: ago(20), direction: 'out' } }) },
      until: 40,
    },
    {
      hold: 'a pin',
      given: {
        snapshot: at(140, 8),
        state: aState({ overrides: [aPin({ expiresAt: plusSeconds(NOW, 84) })] }),
      },
      until: 84,
    },
  ])('when it ends, and not before: $hold', ({ given, until }) => {
    expect(wake(given)).toBe(plusSeconds(NOW, until));
  });

  test.each<{ hold: string; given: Circumstances }>([
    {
      hold: 'a deployment',
      given: { snapshot: aSnapshot({ deployment: 'in-progress', metrics: { cpu: 20 } }) },
    },
    {
      hold: 'a stabilization window: every minute adds to its history',
      given: {
        snapshot: at(20),
        policy: aPolicy({ behavior: someRules({ down: { stabilizationWindowSeconds: 300 } }) }),
        state: aState({ recommendations: [{ wish: 4, since: ago(900) }] }),
      },
    },
    {
      hold: 'a rate that is used up',
      given: {
        snapshot: at(140),
        policy: aPolicy({
          behavior: someRules({ up: { policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }] } }),
        }),
        state: aState({ scaleEvents: [{ at: ago(30), direction: 'out', change: 2 }] }),
      },
    },
    { hold: 'a missing metric', given: { policy: of(cpu, memory()), snapshot: at(20) } },
    { hold: 'blindness', given: { snapshot: aSnapshot({ metrics: {} }) } },
  ])('at the next tick, because nobody else says when it ends: $hold', ({ given }) => {
    expect(wake(given)).toBe('awake');
  });

  describe('while a window wants more than there is, and CPU is in its band', () => {
    const wants = (policy: PolicyOverrides, desired = 10) =>
      aPolicy({ schedule: aSchedule([{ desired }]), ...policy });
    const calm = { ...at(70), schedule: opened({}) };
    const account = (changes: readonly { at: Instant; units: number }[], cpu: number | null = null) => ({
      ...calm,
      account: { overrides: [], changes, reserved: cpu === null ? null : { cpu, memoryMiB: 0 } },
    });
    const limits = { changeBudget: { units: 5, seconds: 300 }, quota: { cpu: 10, memoryMiB: null } };
    const oneAMinute = someRules({ up: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } });

    test.each<{ hold: string; given: Circumstances }>([
      {
        hold: 'change-budget',
        given: { policy: wants({ guardrails: limits }), snapshot: account([{ at: ago(60), units: 5 }]) },
      },
      {
        hold: 'quota',
        given: {
          policy: wants({ guardrails: limits, unitResources: { cpu: 1, memoryMiB: 1 } }),
          snapshot: account([], 6),
        },
      },
      {
        hold: 'rate-limited',
        given: {
          policy: wants({ behavior: oneAMinute }),
          snapshot: calm,
          state: aState({ scaleEvents: [{ at: ago(30), direction: 'out', change: 1 }] }),
        },
      },
      {
        hold: 'stabilizing-out',
        given: {
          policy: wants({ behavior: someRules({ up: { stabilizationWindowSeconds: 120 } }) }),
          snapshot: calm,
          state: aState({ recommendations: [{ wish: 4, since: ago(900) }] }),
        },
      },
    ])('no alarm says when it may have it: $hold', ({ hold, given }) => {
      expect(decideIn(given)).toMatchObject({ kind: 'hold', reason: hold });
      expect(wake(given)).toBe('awake');
    });

    it('it sleeps at its maximum, or while scale-out is off', () => {
      expect(wake({ policy: wants({ bounds: { max: 4 } }), snapshot: calm })).toBeNull();
      expect(wake({ policy: wants({ paused: { out: true } }), snapshot: calm })).toBeNull();
    });
  });

  it('before a hold ends when an override ends first', () => {
    const state = aState({
      lastOut: { at: ago(216), from: 3, to: 4 },
      overrides: [aPin({ size: 4, expiresAt: plusSeconds(NOW, 10) })],
    });
    expect(wake({ snapshot: at(20), state })).toBe(plusSeconds(NOW, 10));
  });

  it('when an override ends, even where it would sleep for ever', () => {
    const paused = aPolicy({ paused: { out: true, in: true } });
    const state = aState({ overrides: [aPin({ size: 4, expiresAt: plusSeconds(NOW, 10) })] });
    expect(wake({ policy: paused, snapshot: at(20), state })).toBe(plusSeconds(NOW, 10));
    expect(wake({ snapshot: at(70), state }, 9000)).toBe(plusSeconds(NOW, 10));
  });

  it('takes a second look before it sleeps through a cooldown on scale-in', () => {
    const state = aState({ lastIn: { at: NOW, from: 5, to: 4 } });
    expect(wake({ snapshot: at(20), state }, 59)).toBe('awake');
    expect(wake({ snapshot: at(20), state }, 60)).toBe(plusSeconds(NOW, 300));
  });

  it('before a cooldown on scale-in ends where an alarm may be red already and would not report the next rise', () => {
    const state = aState({ lastIn: { at: NOW, from: 5, to: 4 } });
    expect(wake({ policy: of(noisyOut), snapshot: at(20), state })).toBe('awake');
    expect(wake({ policy: of(total), snapshot: at(20), state })).toBe('awake');
  });

  it('when a cooldown on scale-out ends, whatever its alarm reports', () => {
    const state = aState({ lastOut: { at: ago(20), from: 3, to: 4 } });
    expect(wake({ policy: of(noisyOut), snapshot: at(140), state })).toBe(plusSeconds(NOW, 40));
  });
});

describe('a direction that is off', () => {
  const off = (paused: Partial<Policy['paused']>, ...strategies: Policy['strategies']) =>
    aPolicy({ paused, strategies: strategies.length === 0 ? [cpu] : strategies });
  const noScaleIn = (...strategies: Policy['strategies']) =>
    aPolicy({ behavior: someRules({ down: { selectPolicy: 'Disabled' } }), strategies });

  test.each<{ why: string; given: Circumstances; is: null | 'awake' }>([
    {
      why: 'both directions are off',
      given: { policy: off({ out: true, in: true }, noisyOut, total), snapshot: at(20) },
      is: null,
    },
    {
      why: 'scale-in is off, and an alarm reports every rise',
      given: { policy: off({ in: true }), snapshot: at(20) },
      is: null,
    },
    {
      why: 'scale-in is off, and the alarm may be red already',
      given: { policy: off({ in: true }, noisyOut), snapshot: at(20) },
      is: 'awake',
    },
    {
      why: 'scale-in is off, and the alarm knows only the minimum',
      given: { policy: off({ in: true }, total), snapshot: at(20) },
      is: 'awake',
    },
    {
      why: 'scale-out is off, and an alarm reports every fall',
      given: { policy: off({ out: true }), snapshot: at(140) },
      is: null,
    },
    {
      why: 'scale-out is off, and no alarm reports a fall',
      given: { policy: off({ out: true }, tracking({ in: null })), snapshot: at(140) },
      is: 'awake',
    },
    {
      why: 'scale-out is off, and the alarm on scale-in may be red already',
      given: { policy: off({ out: true }, tracking({ in: { datapoints: 2, of: 3 } })), snapshot: at(140) },
      is: 'awake',
    },
    {
      why: 'the behavior block disables scale-in, and an alarm reports every rise',
      given: { policy: noScaleIn(cpu), snapshot: at(20) },
      is: null,
    },
    {
      why: 'the behavior block disables scale-in, and the alarm may be red already',
      given: { policy: noScaleIn(noisyOut), snapshot: at(20) },
      is: 'awake',
    },
    {
      why: 'a metric is missing as well',
      given: { policy: { ...off({ out: true }, cpu, memory()) }, snapshot: at(140) },
      is: 'awake',
    },
    {
      why: 'scale-out is off, and only an earlier wish asks for it',
      given: {
        policy: { ...off({ out: true }), behavior: { kind: 'implicit', downscaleStabilizationSeconds: 300 } },
        snapshot: at(20),
        state: aState({ recommendations: [{ wish: 9, since: ago(60) }] }),
      },
      is: 'awake',
    },
    {
      why: 'both directions are off, and nothing can be seen',
      given: { policy: off({ out: true, in: true }, cpu, memory()), snapshot: at(140) },
      is: null,
    },
    {
      why: 'the size is outside its bounds, and only the policy can change that',
      given: { policy: off({ in: true }, total), snapshot: at(20, 25) },
      is: null,
    },
  ])('$why: $is', ({ given, is }) => {
    expect(wake(given)).toBe(is);
  });
});
