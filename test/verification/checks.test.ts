import { describe, expect, it } from 'vitest';
import { cronerCalendar } from '../../shared/adapters/calendar/croner-calendar.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { instant } from '../../shared/core/time.ts';
import { verifyPolicy } from '../../shared/verification/verify-policy.ts';
import { aDocument, policyOf } from '../support/a-document.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aQueue, aStepScaling, aThreshold } from '../support/a-strategy.ts';

const NOW = instant(Date.UTC(2026, 10, 26));

const saidOf = (policy: Policy): readonly string[] =>
  verifyPolicy(policy, cronerCalendar(), NOW).findings.map(
    ({ check, severity, message }) => `${severity} ${check}: ${message}`,
  );

/** The finding of a policy document with these windows. */
const scheduled = (windows: string, spec: Readonly<Record<string, string>> = {}) =>
  saidOf(policyOf(aDocument({ schedule: `{ timeZone: Europe/Berlin, windows: [ ${windows} ] }`, ...spec })));

describe('bounds', () => {
  it('reports a decision function that refuses its own result, and asks nothing more of it', () => {
    const findings = saidOf(aPolicy({ bounds: { min: 2.5 } }));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(
      /^error bounds: From \d+ a decision leaves the bounds 2.5..20: .*2.5 is not a whole number/,
    );
  });

  it('reports a desired size that another window does not allow', () => {
    const windows =
      '{ name: plan, start: "0 8 * * *", end: "0 18 * * *", desired: 15 }, { name: cap, start: "0 9 * * *", end: "0 17 * * *", max: 10 }';
    expect(scheduled(windows)).toEqual([
      'warning bounds: The desired size 15 of window "plan" is outside 2..10, which applies while "plan" and "cap" are open, first at 2026-11-26 08:00 UTC: it becomes 10.',
    ]);
  });
});

describe('schedule', () => {
  it('says when a window opens that is far away, and that a past one is over', () => {
    expect(scheduled('{ name: far, from: 2031-01-01T00:00, to: 2031-01-02T00:00, min: 5 }')).toEqual([
      'note schedule: Window "far" opens next at 2030-12-31 23:00 UTC, more than two years from now.',
    ]);
    expect(scheduled('{ name: past, from: 2021-01-01T00:00, to: 2021-01-02T00:00, min: 5 }')).toEqual([
      'warning schedule: Window "past" ended at 2021-01-01 23:00 UTC and does not open again.',
    ]);
  });

  it('finds nothing to say of windows that share a time and set different things, or the same', () => {
    const windows =
      '{ name: least, start: "0 8 * * *", end: "0 18 * * *", min: 5 }, { name: most, start: "0 9 * * *", end: "0 20 * * *", max: 12, freeze: in }';
    expect(scheduled(windows)).toEqual([]);
  });

  it('reports a window that sets what holds anyway', () => {
    expect(scheduled('{ name: idle, start: "0 8 * * *", end: "0 18 * * *", min: 2 }')).toEqual([
      'warning schedule: Window "idle" changes nothing: its values change no decision.',
    ]);
  });

  it('counts the minutes of an overlap across changes of the clock', () => {
    // 02:00 to 03:00 is skipped on two nights of the two years; the hour that comes twice is open once, until it is over.
    const windows =
      '{ name: one, start: "0 1 * * *", end: "0 3 * * *", min: 5 }, { name: two, start: "0 2 * * *", end: "30 2 * * *", min: 6 }';
    const [overlap] = scheduled(windows);
    const minutes = Number(/for ([\d,]+) minutes/.exec(overlap ?? '')?.[1]?.replace(',', ''));
    expect(minutes).toBe(732 * 30 - 2 * 30);
  });

  it('tells what the desired sizes of an overlap come to', () => {
    const windows =
      '{ name: one, start: "0 8 * * *", end: "0 18 * * *", desired: 5 }, { name: two, start: "0 12 * * *", end: "0 20 * * *", desired: 9 }';
    expect(scheduled(windows)[0]).toContain(
      'overlap: highest makes it 2..20, and with no load 9 is wished for.',
    );
  });
});

describe('flapping', () => {
  it('looks into the windows, and names the one in which it happens', () => {
    // Outside the window 20 is wished for and stays; inside it is cut to 12, from which 8 is wished for.
    const strategies =
      '[ { type: expression, desired: "0 * queue + (size == 12 ? 8 : 20)", metrics: [ { preset: queue-length, queueName: q, id: queue } ] } ]';
    const cap = '{ name: cap, start: "0 8 * * *", end: "0 18 * * *", max: 12 }';
    const said = scheduled(cap, { strategies });
    expect(said.filter((text) => text.includes('flapping'))).toEqual([
      'error flapping: Under a constant load (messages waiting 0 at 8, "cap" open) the size goes 8 → 12 → 8, and so on without end.',
    ]);
  });

  it('holds a cut after which a step would begin exactly on its threshold', () => {
    const step = aStepScaling({
      adjustmentType: 'ChangeInCapacity',
      out: { threshold: 70, steps: [{ lower: 0, upper: null, adjustment: 1 }] },
      in: { threshold: 35, steps: [{ lower: null, upper: 0, adjustment: -1 }] },
    });
    expect(saidOf(aPolicy({ strategies: [step], bounds: { min: 1, max: 10 } }))).toEqual([]);
  });
});

describe('rules that never fire', () => {
  const rule = (threshold: number, value: number) =>
    ({ threshold, forSeconds: 600, change: { kind: 'units', value } }) as const;

  it.each([
    ['target tracking of an average', aTargetTracking()],
    [
      'target tracking of a total',
      aTargetTracking({ scope: 'total', target: 5000, metric: { ...aTargetTracking().metric, unit: '' } }),
    ],
    ['steps', aStepScaling()],
    ['a sustained threshold', aThreshold()],
    [
      'a threshold to exact sizes',
      aThreshold({ out: { ...rule(70, 1), change: { kind: 'exact', value: 9 } } }),
    ],
    ['a queue', aQueue()],
    [
      'a queue with a measured execution time',
      aQueue({
        backlogPerWorker: {
          kind: 'latency',
          targetLatencySeconds: 600,
          concurrency: 2,
          execution: { kind: 'metric', metric: { ...aTargetTracking().metric, id: 'time', unit: ' s' } },
        },
      }),
    ],
  ])('are none in %s that can be used', (_, strategy) => {
    const said = saidOf(aPolicy({ strategies: [strategy] }));
    expect(said.filter((text) => text.includes('never-fires'))).toEqual([]);
  });

  it('are found where every attempt is held, with the reason', () => {
    const disabled = policyOf(aDocument({ behavior: '{ scaleUp: { selectPolicy: Disabled } }' }));
    expect(saidOf(disabled)).toEqual([
      expect.stringMatching(
        /^error never-fires: Scale-out of CPU above 77 % .* can never lead to scale-out: it did not in all of [\d,]+ situations; the behavior block disables the direction\.$/,
      ),
    ]);
  });

  it('are told of once where one thing stops all of them', () => {
    const guardrails = { changeBudget: null, quota: { cpu: 2, memoryMiB: null } };
    const policy = aPolicy({
      strategies: [aStepScaling()],
      guardrails,
      unitResources: { cpu: 1, memoryMiB: 512 },
    });
    expect(saidOf(policy)).toEqual([
      'error never-fires: None of the 2 rules for scale-out can ever lead to it: the quota leaves no room.',
    ]);
  });

  it('are left to what hides scale-in where a behavior block disables it', () => {
    const behavior = '{ scaleDown: { selectPolicy: Disabled } }';
    const strategies =
      '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, change: +1 }, scaleIn: { below: 30, change: -1 } } ]';
    expect(saidOf(policyOf(aDocument({ behavior, strategies })))).toEqual([
      expect.stringContaining('error hidden-scale-in: No load leads to scale-in from any size'),
    ]);
  });

  it('are found at the very end of a percentage', () => {
    const full = aTargetTracking({ target: 100, tolerance: { out: 0, in: 0.1 } });
    expect(saidOf(aPolicy({ strategies: [full] }))).toEqual([
      expect.stringContaining('CPU never passes 100 %.'),
    ]);
  });

  it('are found in the memory of a queue', () => {
    const memory = {
      metric: { ...aTargetTracking().metric, id: 'memory', label: 'memory' },
      above: 100,
      below: 50,
    };
    expect(saidOf(aPolicy({ strategies: [aQueue({ memory })] }))).toEqual([
      expect.stringContaining('One more for memory above 100 % can never lead to scale-out'),
    ]);
  });

  it('are not blamed on automation that is switched off, nor on bounds without room', () => {
    const paused = saidOf(aPolicy({ paused: { out: true } }));
    expect(paused).toEqual([]);
    expect(saidOf(aPolicy({ bounds: { min: 4, max: 4 } }))).toEqual([]);
  });
});

describe('hidden scale-in', () => {
  it('names the strategy that never agrees, at whatever size', () => {
    const veto =
      '[ { type: target-tracking, target: 60, metric: { preset: cpu } }, { type: expression, desired: "size + 0 * queue", metrics: [ { preset: queue-length, queueName: q, id: queue } ] } ]';
    expect(saidOf(policyOf(aDocument({ strategies: veto })))).toEqual([
      'error hidden-scale-in: No load leads to scale-in from any size, although min is 2: the expression strategy "formula" never agrees to it.',
    ]);
  });

  it('does not take the wish of another strategy for a wide tolerance', () => {
    const strategies = [aQueue(), aTargetTracking()];
    expect(saidOf(aPolicy({ strategies }))).toEqual([]);
  });

  it('does not take a queue whose execution time nobody measures for stuck', () => {
    const time = { ...aTargetTracking().metric, id: 'time', label: 'time', unit: ' s' };
    const execution = { kind: 'metric', metric: time } as const;
    const backlogPerWorker = {
      kind: 'latency',
      targetLatencySeconds: 600,
      concurrency: 2,
      execution,
    } as const;
    expect(saidOf(aPolicy({ strategies: [aQueue({ backlogPerWorker })] }))).toEqual([]);
  });

  it('names a size that a change to an exact size cannot leave', () => {
    const exact = aThreshold({ in: { threshold: 30, forSeconds: 0, change: { kind: 'exact', value: 4 } } });
    expect(saidOf(aPolicy({ strategies: [exact] }))).toEqual([
      'warning hidden-scale-in: No load leads to scale-in from 3 and 4, although min is 2: with no load at all the decision at 3 is to hold (at-desired).',
    ]);
  });
});

describe('an examination', () => {
  it('is the same each time, and counts what it looked at', () => {
    const policy = policyOf(
      aDocument({
        schedule: '{ windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *", min: 5 } ] }',
      }),
    );
    const [one, other] = [1, 2].map(() => verifyPolicy(policy, cronerCalendar(), NOW));
    expect(one).toEqual(other);
    expect(one?.decisions).toBeGreaterThan(1000);
    expect(one?.minutes).toBe(732 * 24 * 60);
  });

  it('is bounded where a size creeps over thousands of units', { timeout: 120_000 }, () => {
    const metric = { ...aTargetTracking().metric, unit: '' };
    const rule = { forSeconds: 0, change: { kind: 'units', value: 1 } } as const;
    const creeping = aThreshold({
      metric,
      out: { threshold: 70, ...rule },
      in: { threshold: 60, ...rule },
    });
    const policy = aPolicy({ strategies: [creeping], bounds: { min: 1, max: 3000 } });
    expect(verifyPolicy(policy, cronerCalendar(), NOW).decisions).toBeLessThan(100_000);
  });
});
