import { describe, expect, it, test } from 'vitest';
import { ALARM_PREFIX, alarmsFor } from '../../shared/core/alarms.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aMetric, anExpression, aQueue, aStepScaling, aThreshold } from '../support/a-strategy.ts';

const tracking = aTargetTracking();

it('derives an alarm for either side of the band, with the datapoints and the period of the policy', () => {
  expect(alarmsFor(aPolicy())).toEqual([
    {
      name: 'plimsoll-web-cpu-out',
      policy: 'web',
      description: 'Wakes Plimsoll: CPU above the band around the target 70 % of policy web.',
      metric: tracking.metric,
      comparison: 'GreaterThanThreshold',
      threshold: 77,
      periodSeconds: 60,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: 'missing',
    },
    {
      name: 'plimsoll-web-cpu-in',
      policy: 'web',
      description: 'Wakes Plimsoll: CPU below the band around the target 70 % of policy web.',
      metric: tracking.metric,
      comparison: 'LessThanThreshold',
      threshold: 63,
      periodSeconds: 60,
      evaluationPeriods: 5,
      datapointsToAlarm: 5,
      treatMissingData: 'missing',
    },
  ]);
});

describe('the alarms of other strategies', () => {
  const inShort = (...strategies: Policy['strategies']) =>
    alarmsFor(aPolicy({ strategies, bounds: { min: 2 } })).map(
      ({ name, comparison, threshold, datapointsToAlarm, evaluationPeriods }) =>
        `${name} ${comparison} ${threshold} ${datapointsToAlarm}/${evaluationPeriods}`,
    );

  it('are one for each rule of a threshold, strictly beyond it', () => {
    expect(
      inShort(aThreshold({ alarms: { out: { datapoints: 10, of: 10 }, in: { datapoints: 5, of: 5 } } })),
    ).toEqual([
      'plimsoll-web-cpu-out GreaterThanThreshold 70 10/10',
      'plimsoll-web-cpu-in LessThanThreshold 30 5/5',
    ]);
    expect(inShort(aThreshold({ in: null }))).toHaveLength(1);
    expect(inShort(aThreshold({ alarms: { out: null, in: null } }))).toEqual([]);
  });

  it('include the threshold itself for steps, as Application Auto Scaling does', () => {
    expect(inShort(aStepScaling())).toEqual([
      'plimsoll-web-cpu-out GreaterThanOrEqualToThreshold 50 1/1',
      'plimsoll-web-cpu-in LessThanOrEqualToThreshold 50 5/5',
    ]);
  });

  const memory = { metric: aMetric({ id: 'memory', label: 'Memory' }), above: 80, below: 40 };

  it('tell of a queue that the least number of workers does not empty in time', () => {
    expect(inShort(aQueue({ memory }))).toEqual([
      'plimsoll-web-queue-out GreaterThanThreshold 200 1/1',
      'plimsoll-web-memory-out GreaterThanThreshold 80 1/1',
    ]);
    expect(inShort(aQueue({ alarms: { out: null, in: null } }))).toEqual([]);
  });

  it.each([
    { execution: { kind: 'fixed', seconds: 30 }, threshold: 40 },
    { execution: { kind: 'metric', metric: aMetric({ id: 'seconds' }) }, threshold: 10 },
  ] as const)(
    'speak of the latency where that says what a worker may have: $threshold',
    ({ execution, threshold }) => {
      const backlogPerWorker = {
        kind: 'latency',
        targetLatencySeconds: 300,
        concurrency: 2,
        execution,
      } as const;
      expect(inShort(aQueue({ backlogPerWorker }))).toEqual([
        `plimsoll-web-queue-out GreaterThanThreshold ${threshold} 1/1`,
      ]);
    },
  );

  it('are at the activation where there may be no unit at all', () => {
    const none = (...strategies: Policy['strategies']) =>
      alarmsFor(aPolicy({ strategies, bounds: { min: 0 } }))[0]?.threshold;
    expect(none(aQueue({ activation: 5 }))).toBe(5);
    expect(none(aTargetTracking({ scope: 'total', target: 100, activation: 7 }))).toBe(7);
  });

  it('are none for a formula', () => {
    expect(inShort(anExpression())).toEqual([]);
  });
});

describe('thresholds', () => {
  test.each([
    {
      what: 'are the edges of the band',
      strategy: { target: 50, tolerance: { out: 0.2, in: 0.05 } },
      are: [60, 47.5],
    },
    {
      what: 'are the target itself without tolerance',
      strategy: { tolerance: { out: 0, in: 0 } },
      are: [70, 70],
    },
    {
      what: 'stand for the minimum of units where the metric is a total',
      strategy: { target: 100, scope: 'total' },
      are: [220],
    },
    {
      what: 'are written in ten digits at most',
      strategy: { target: 0.07, tolerance: { out: 0.1, in: 1 / 3 } },
      are: [0.077, 0.04666666667],
    },
  ] as const)('$what', ({ strategy, are }) => {
    const policy = aPolicy({ bounds: { min: 2 }, strategies: [aTargetTracking(strategy)] });
    expect(alarmsFor(policy).map(({ threshold }) => threshold)).toEqual(are);
  });
});

it('has no alarm on scale-in where the policy wants none', () => {
  const alarms = { ...tracking.alarms, in: null };
  const policy = aPolicy({ strategies: [aTargetTracking({ alarms })] });
  expect(alarmsFor(policy).map(({ name }) => name)).toEqual(['plimsoll-web-cpu-out']);
});

it('takes a metric that counts as zero when it disappears for low', () => {
  const metric = { ...tracking.metric, whenMissing: 'zero' } as const;
  const policy = aPolicy({ strategies: [aTargetTracking({ metric })] });
  expect(alarmsFor(policy).map(({ treatMissingData }) => treatMissingData)).toEqual([
    'notBreaching',
    'breaching',
  ]);
});

it('names every alarm of a policy once, and each so that it can be told from other alarms', () => {
  const memory = { ...tracking.metric, id: 'memory', label: 'Memory' };
  const names = alarmsFor(aPolicy({ strategies: [tracking, aTargetTracking({ metric: memory })] })).map(
    ({ name }) => name,
  );
  expect(new Set(names).size).toBe(4);
  for (const name of names) expect(name.startsWith(ALARM_PREFIX)).toBe(true);
});
