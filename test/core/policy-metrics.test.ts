import { expect, it } from 'vitest';
import { metricsOf, policyMetrics, strategyId } from '../../shared/core/policy-metrics.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aMetric, anExpression, aQueue } from '../support/a-strategy.ts';

const memory = { metric: aMetric({ id: 'memory' }), above: 80, below: 40 };
const measured = {
  kind: 'latency',
  targetLatencySeconds: 60,
  concurrency: 1,
  execution: { kind: 'metric', metric: aMetric({ id: 'seconds' }) },
} as const;
const ids = (metrics: ReturnType<typeof metricsOf>) => metrics.map(({ id }) => id);

it('reads every metric of a strategy, the main one first', () => {
  expect(ids(metricsOf(aTargetTracking()))).toEqual(['cpu']);
  expect(ids(metricsOf(aQueue()))).toEqual(['queue']);
  expect(ids(metricsOf(aQueue({ memory, backlogPerWorker: measured })))).toEqual([
    'queue',
    'seconds',
    'memory',
  ]);
  const fixed = { ...measured, execution: { kind: 'fixed', seconds: 3 } } as const;
  expect(ids(metricsOf(aQueue({ backlogPerWorker: fixed })))).toEqual(['queue']);
  expect(ids(metricsOf(anExpression()))).toEqual(['cpu']);
});

it('knows a strategy by its main metric, and a formula by its own name', () => {
  expect([aQueue(), anExpression()].map(strategyId)).toEqual(['queue', 'formula']);
});

it('reads the metrics of a policy once each, those of its incident guard too', () => {
  const incident = {
    load: aMetric({ id: 'requests' }),
    errors: aMetric({ id: 'errors' }),
    drop: 0.5,
    errorsAbove: 5,
    holdSeconds: 600,
    longestHoldSeconds: 3600,
    rampPercent: 10,
    rampSeconds: 600,
  };
  const strategies = [aTargetTracking(), anExpression()];
  expect(ids(policyMetrics(aPolicy({ strategies })))).toEqual(['cpu']);
  expect(ids(policyMetrics(aPolicy({ strategies, incident })))).toEqual(['cpu', 'requests', 'errors']);
});
