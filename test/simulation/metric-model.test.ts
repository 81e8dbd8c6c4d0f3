import { describe, expect, it } from 'vitest';
import type { MetricQuery, Policy, TargetTrackingStrategy } from '../../shared/core/policy.ts';
import { parseMetricMath } from '../../shared/simulation/metric-math.ts';
import { modelMetrics, unitCapacityOf } from '../../shared/simulation/metric-model.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';

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
  const inputs = { load, running, pending: 1, desired: running + 1 };
  return Object.fromEntries(metrics.map(({ metric, sample }) => [metric.name, sample(inputs)]));
};

const evaluated = (policy: Policy, load: number, running: number): number | undefined => {
  const query = policy.strategies[0]?.metric.query;
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

  it('that is not proportional to the load is met all the same', () => {
    const policy = withMetric(
      { kind: 'expression', expression: '20 + m1*m1', metrics: { m1: stat('App', 'Depth') } },
      '',
      { target: 120, scope: 'total' },
    );
    expect(evaluated(policy, AT_TARGET, 1)).toBeCloseTo(120);
  });

  it('that no load can bring to its target is reported', () => {
    const policy = withMetric(
      { kind: 'expression', expression: 'm1/m2', metrics: { m1: stat('A', 'One'), m2: stat('A', 'Two') } },
      '',
      { target: 3 },
    );
    const { warnings } = modelMetrics(policy, unitCapacityOf(policy, AT_TARGET));
    expect(warnings).toEqual([
      expect.stringContaining('policy web: the simulated account cannot make "m1/m2"'),
    ]);
  });
});
