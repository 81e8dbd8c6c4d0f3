import { describe, expect, it, test } from 'vitest';
import { ALARM_PREFIX, alarmsFor } from '../../shared/core/alarms.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';

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
