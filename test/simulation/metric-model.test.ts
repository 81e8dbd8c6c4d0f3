import { describe, expect, it } from 'vitest';
import type { MetricQuery } from '../../shared/core/metric.ts';
import type { Policy } from '../../shared/core/policy.ts';
import type { TargetTrackingStrategy } from '../../shared/core/strategy.ts';
import { parseMetricMath } from '../../shared/simulation/metric-math.ts';
import { modelMetrics, unitCapacityOf } from '../../shared/simulation/metric-model.ts';
import { aPolicy, aTargetTracking, trackingOf } from '../support/a-policy.ts';

const AT_TARGET = 100;

const withMetric = (query: MetricQuery, unit: string, rest: Partial<TargetTrackingStrategy>): Policy =>
  aPolicy({
    strategies: [aTargetTracking({ metric: { ...aTargetTracking().metric, query, unit }, ...rest })],
  });

const stat = (namespace: string, name: string) =>
  ({ namespace, name, dimensions: { Of: name }, stat: 'Average' }) as const;

/** What each metric of a policy shows, by name. */
const shown = (policy: Policy, load: number, running: number) => {
  const { metrics } = modelMetrics(policy, unitCapacityOf(policy, AT_TARGET));
  const inputs = { load, running, pending: 1, desired: running + 1, strength: 1 };
  return Object.fromEntries(metrics.map(({ metric, sample }) => [metric.name, sample(inputs)]));
};

const evaluated = (policy: Policy, load: number, running: number): number | undefined => {
  const query = trackingOf(policy).metric.query;
  if (query?.kind !== 'expression') throw new Error('not an expression');
  const values = shown(policy, load, running);
  const series = Object.fromEntries(
    Object.entries(query.metrics).map(([id, { name }]) => [id, new Map([[0, values[name] ?? Number.NaN]])]),
  );
  return parseMetricMath(query.expression).evaluate(series, [0], 60).get(0);
};

describe('what a unit carries', () => {
  it('is full at 100 % where the target is a percentage', () =>
    expect(unitCapacityOf(aPolicy(), 70)).toEqual({ atTarget: 70, full: 100 }));

  it('is taken to be at 70 % of full where the target is anything else', () => {
    const policy = withMetric({ kind: 'stat', ...stat('App', 'Sessions') }, '', { target: 500 });
    expect(unitCapacityOf(policy, 70).full).toBeCloseTo(100);
  });
});

describe('a modelled metric', () => {
  it('stands on its target when every unit carries what it carries at target', () =>
    expect(shown(aPolicy(), 4 * AT_TARGET, 4)).toEqual({ CPUUtilization: 70 }));

  it('follows load per unit, and stops at 100 %', () => {
    expect(shown(aPolicy(), 2 * AT_TARGET, 4)).toEqual({ CPUUtilization: 35 });
    expect(shown(aPolicy(), 8 * AT_TARGET, 4)).toEqual({ CPUUtilization: 100 });
  });

  it('is not there when nothing runs', () =>
    expect(shown(aPolicy(), AT_TARGET, 0)).toEqual({ CPUUtilization: null }));

  it('does not depend on the units when it is a total', () => {
    const policy = withMetric({ kind: 'stat', ...stat('App', 'Requests') }, '', {
      target: 500,
      scope: 'total',
    });
    expect(shown(policy, 3 * AT_TARGET, 1)).toEqual({ Requests: 1500 });
    expect(shown(policy, 3 * AT_TARGET, 0)).toEqual({ Requests: 1500 });
  });

  it('follows the load more weakly in a further strategy', () => {
    const memory = aTargetTracking({
      target: 80,
      metric: {
        ...aTargetTracking().metric,
        id: 'memory',
        query: { kind: 'stat', ...stat('AWS/ECS', 'MemoryUtilization') },
      },
    });
    const policy = aPolicy({ strategies: [aTargetTracking(), memory] });
    expect(shown(policy, AT_TARGET, 1)).toEqual({ CPUUtilization: 70, MemoryUtilization: 48 });
  });
});

describe('an expression', () => {
  const backlog = withMetric(
    {
      kind: 'expression',
      expression: 'm1/m2',
      metrics: { m1: stat('AWS/SQS', 'Messages'), m2: stat('ECS/ContainerInsights', 'RunningTaskCount') },
    },
    '',
    { target: 30 },
  );

  it('is made of real counts of units and of metrics that follow the load', () =>
    expect(shown(backlog, 6 * AT_TARGET, 3)).toEqual({ Messages: 180, RunningTaskCount: 3 }));

  it('stands on its target at the right load, and follows it', () => {
    expect(evaluated(backlog, 3 * AT_TARGET, 3)).toBeCloseTo(30);
    expect(evaluated(backlog, 6 * AT_TARGET, 3)).toBeCloseTo(60);
    expect(evaluated(backlog, 6 * AT_TARGET, 0)).toBeUndefined();
  });

  it('of used over reserved CPU is a percentage of what the running tasks have', () => {
    const policy = withMetric(
      {
        kind: 'expression',
        expression: '100*used/reserved',
        metrics: {
          used: stat('ECS/ContainerInsights', 'CpuUtilized'),
          reserved: stat('ECS/ContainerInsights', 'CpuReserved'),
        },
      },
      ' %',
      { target: 60 },
    );
    expect(evaluated(policy, 2 * AT_TARGET, 2)).toBeCloseTo(60);
    expect(evaluated(policy, 50 * AT_TARGET, 2)).toBeCloseTo(100);
  });

  it.each([
    ['requests * latency / 60 / tasks', 'the first factor follows the load, the other one stays'],
    ['FILL(latency, 0)', 'a mean over units follows the load of each'],
    ['MAX([requests, latency])', 'both follow the load of each unit'],
    ['100 * requests / latency', 'what it is divided by is taken to grow with the units'],
    ['IF(tasks > 0, requests / tasks, 0)', 'conditions are no obstacle'],
  ])('%s is proportional to the load of a unit: %s', (expression) => {
    const known = {
      requests: stat('App', 'Requests'),
      latency: stat('App', 'Latency'),
      tasks: stat('ECS/ContainerInsights', 'RunningTaskCount'),
    };
    const metrics = Object.fromEntries(Object.entries(known).filter(([id]) => expression.includes(id)));
    const policy = withMetric({ kind: 'expression', expression, metrics }, '', { target: 30 });
    expect(modelMetrics(policy, unitCapacityOf(policy, AT_TARGET)).warnings).toEqual([]);
    for (const [load, running, value] of [
      [4, 4, 30],
      [8, 4, 60],
      [1, 5, 6],
    ] as const) {
      expect(evaluated(policy, load * AT_TARGET, running)).toBeCloseTo(value);
    }
  });

  it('that is a total is proportional to the load alone', () => {
    const metrics = { m1: stat('AWS/SQS', 'Visible'), m2: stat('AWS/SQS', 'Hidden') };
    const policy = withMetric({ kind: 'expression', expression: 'm1 + m2', metrics }, '', {
      target: 30,
      scope: 'total',
    });
    expect(evaluated(policy, 4 * AT_TARGET, 1)).toBeCloseTo(120);
  });

  it('that is not proportional to the load meets its target all the same, and is reported', () => {
    const metrics = { m1: stat('App', 'Depth') };
    const policy = withMetric({ kind: 'expression', expression: '(m1/10)^2', metrics }, '', { target: 120 });
    expect(modelMetrics(policy, unitCapacityOf(policy, AT_TARGET)).warnings).toEqual([
      expect.stringContaining('proportional to the load (use one load metric over a count of tasks)'),
    ]);
    expect(evaluated(policy, 10 * AT_TARGET, 10)).toBeCloseTo(120);
  });

  it('that no load can bring to its target is reported', () => {
    const metrics = { m1: stat('ECS/ContainerInsights', 'RunningTaskCount') };
    const policy = withMetric({ kind: 'expression', expression: 'm1/m1', metrics }, '', { target: 3 });
    expect(modelMetrics(policy, unitCapacityOf(policy, AT_TARGET)).warnings).toEqual([
      expect.stringContaining('policy web: the simulated account cannot make "m1/m1" reach its target'),
    ]);
  });
});
