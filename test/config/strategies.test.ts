import { describe, expect, it } from 'vitest';
import type { Policy } from '../../shared/core/policy.ts';
import type { Strategy } from '../../shared/core/strategy.ts';
import { aDocument, policyOf, problemsOf } from '../support/a-document.ts';

const policyWith = (strategies: string, spec: Readonly<Record<string, string>> = {}): Policy =>
  policyOf(aDocument({ strategies: `[ ${strategies} ]`, ...spec }));

/** The only strategy of a document, of one kind. */
function compiled<Kind extends Strategy['kind']>(kind: Kind, fields: string, spec = {}) {
  const [strategy] = policyWith(`{ type: ${kind}, ${fields} }`, spec).strategies;
  if (strategy?.kind !== kind) throw new Error(`not a ${kind}`);
  return strategy as Extract<Strategy, { kind: Kind }>;
}

const cpu = 'metric: { preset: cpu }';
const balancer = 'loadBalancer: app/web/50dc6c495c0c9188';
const ONE = { datapoints: 1, of: 1 };

describe('step scaling', () => {
  it('keeps the words of Application Auto Scaling, its steps in order', () => {
    const strategy = compiled(
      'step',
      `${cpu}, adjustmentType: PercentChangeInCapacity, minAdjustmentMagnitude: 2, scaleOut: { threshold: 60, steps: [ { metricIntervalLowerBound: 15, scalingAdjustment: 30 }, { metricIntervalLowerBound: 0, metricIntervalUpperBound: 15, scalingAdjustment: 10 } ] }, scaleIn: { threshold: 30, steps: [ { metricIntervalUpperBound: 0, scalingAdjustment: -10 } ] }`,
    );
    expect(strategy).toMatchObject({
      scope: 'average',
      adjustmentType: 'PercentChangeInCapacity',
      minAdjustmentMagnitude: 2,
      out: {
        threshold: 60,
        steps: [
          { lower: 0, upper: 15, adjustment: 10 },
          { lower: 15, upper: null, adjustment: 30 },
        ],
      },
      in: { threshold: 30, steps: [{ lower: null, upper: 0, adjustment: -10 }] },
      alarms: { out: ONE, in: { datapoints: 5, of: 5 } },
    });
    expect(strategy.metric.historySeconds).toBe(0);
  });

  it('has no alarm for a direction without a rule', () => {
    const rule = '{ threshold: 60, steps: [ { metricIntervalLowerBound: 0, scalingAdjustment: 1 } ] }';
    const strategy = compiled('step', `${cpu}, adjustmentType: ChangeInCapacity, scaleOut: ${rule}`);
    expect(strategy).toMatchObject({
      in: null,
      minAdjustmentMagnitude: null,
      alarms: { out: ONE, in: null },
    });
  });

  it('takes a null bound for none, and sizes for ExactCapacity', () => {
    const steps =
      '[ { metricIntervalLowerBound: null, metricIntervalUpperBound: 10, scalingAdjustment: 5 }, { metricIntervalLowerBound: 10, metricIntervalUpperBound: null, scalingAdjustment: 20 } ]';
    const rule = `scaleOut: { threshold: 60, steps: ${steps} }`;
    expect(compiled('step', `${cpu}, adjustmentType: ExactCapacity, ${rule}`).out?.steps).toEqual([
      { lower: null, upper: 10, adjustment: 5 },
      { lower: 10, upper: null, adjustment: 20 },
    ]);
  });
});

describe('a threshold', () => {
  it('is asked for by an alarm over all of its time, and reads so much history', () => {
    const fields = `${cpu}, scaleOut: { above: 70, for: 10m, change: +2 }, scaleIn: { below: 30, for: 15m, change: -1 }`;
    const strategy = compiled('threshold', fields);
    expect(strategy).toMatchObject({
      scope: 'average',
      out: { threshold: 70, forSeconds: 600, change: { kind: 'units', value: 2 } },
      in: { threshold: 30, forSeconds: 900, change: { kind: 'units', value: 1 } },
      alarms: { out: { datapoints: 10, of: 10 }, in: { datapoints: 15, of: 15 } },
    });
    expect(strategy.metric.historySeconds).toBe(900);
  });

  it('takes forSeconds for the same, and rounds it up to whole periods', () => {
    const metric = 'metric: { preset: cpu, periodSeconds: 60 }';
    const strategy = compiled('threshold', `${metric}, scaleOut: { above: 70, forSeconds: 90, change: 1 }`);
    expect(strategy.alarms).toEqual({ out: { datapoints: 2, of: 2 }, in: null });
  });

  it('reads no history where the newest datapoint is enough, and none of its alarms need be its own', () => {
    const strategy = compiled(
      'threshold',
      `${cpu}, scaleOut: { above: 70, change: 1 }, scaleIn: { below: 30, change: -1 }, alarms: { out: { datapoints: 2, of: 3 }, in: null }`,
    );
    expect(strategy.metric.historySeconds).toBe(0);
    expect(strategy.alarms).toEqual({ out: { datapoints: 2, of: 3 }, in: null });
  });

  it.each([
    ['2', 'units', 2],
    ['+2', 'units', 2],
    ['"+2"', 'units', 2],
    ['"+50%"', 'percent', 50],
    ['50%', 'percent', 50],
    ['"+12.5 %"', 'percent', 12.5],
    ['{ exact: 8 }', 'exact', 8],
  ])('reads the change %s', (written, kind, value) => {
    const fields = `${cpu}, scaleOut: { above: 70, change: ${written} }`;
    expect(compiled('threshold', fields).out?.change).toEqual({ kind, value });
  });

  it.each([
    ['-1', 'units', 1],
    ['"-10%"', 'percent', 10],
    ['{ exact: 2 }', 'exact', 2],
  ])('reads the change %s of a scale-in', (written, kind, value) => {
    const fields = `${cpu}, scaleIn: { below: 30, change: ${written} }`;
    expect(compiled('threshold', fields).in?.change).toEqual({ kind, value });
  });

  it('takes a metric of one’s own to answer to the size in no known way, unless it says how', () => {
    const metric = 'metric: { id: m, namespace: N, name: M }, scaleOut: { above: 0.8, change: 1 }';
    expect(compiled('threshold', metric).scope).toBe('independent');
    expect(compiled('threshold', `${metric}, scope: total`).scope).toBe('total');
  });
});

describe('a queue', () => {
  const length = 'queueLength: { preset: queue-length, queueName: jobs }';

  it('has a backlog by number, is idle after five minutes, and is woken by its length alone', () => {
    const strategy = compiled('queue', `${length}, backlogPerWorker: 100, scaleIn: { queueLength: 10 }`);
    expect(strategy).toMatchObject({
      backlogPerWorker: { kind: 'fixed', messages: 100 },
      memory: null,
      in: { queueLength: 10, idleSeconds: 300 },
      activation: 0,
      alarms: { out: ONE, in: null },
    });
    expect(strategy.metric).toMatchObject({ id: 'queue_length', historySeconds: 300 });
  });

  it('has a backlog by latency, with a measured or a known execution time', () => {
    const rest = 'scaleIn: { queueLength: 0, idle: 10m }, activation: 5';
    const known = `backlogPerWorker: { targetLatencySeconds: 150, executionSeconds: 30, concurrency: 20 }`;
    expect(compiled('queue', `${length}, ${known}, ${rest}`)).toMatchObject({
      backlogPerWorker: {
        kind: 'latency',
        targetLatencySeconds: 150,
        concurrency: 20,
        execution: { kind: 'fixed', seconds: 30 },
      },
      in: { queueLength: 0, idleSeconds: 600 },
      activation: 5,
    });
    const measured =
      'backlogPerWorker: { targetLatencySeconds: 150, executionTime: { id: t, namespace: N, name: T } }';
    expect(compiled('queue', `${length}, ${measured}, ${rest}`).backlogPerWorker).toMatchObject({
      concurrency: 1,
      execution: { kind: 'metric', metric: { id: 't', historySeconds: 0 } },
    });
  });

  it('may start from no worker', () => {
    const fields = `${length}, backlogPerWorker: 100, scaleIn: { queueLength: 0 }`;
    expect(policyWith(`{ type: queue, ${fields} }`, { bounds: '{ min: 0, max: 9 }' }).bounds.min).toBe(0);
  });
});

describe('an expression', () => {
  const metrics = 'metrics: [ { id: q, namespace: N, name: Q }, { id: r, namespace: N, name: R } ]';
  const formulaOf = (desired: string) => compiled('expression', `${metrics}, desired: "${desired}"`).formula;
  const q = { op: 'metric', id: 'q' } as const;
  const r = { op: 'metric', id: 'r' } as const;
  const number = (value: number) => ({ op: 'number', value });
  const binary = (left: unknown, operator: string, right: unknown) => ({
    op: 'binary',
    operator,
    left,
    right,
  });

  it('becomes plain data, under an id and a label of its own', () => {
    const strategy = compiled('expression', `${metrics}, desired: "max(q / 100, r / 1000)"`);
    expect(strategy).toMatchObject({ id: 'formula', label: 'the formula', source: 'max(q / 100, r / 1000)' });
    expect(strategy.formula).toEqual({
      op: 'call',
      name: 'max',
      args: [binary(q, '/', number(100)), binary(r, '/', number(1000))],
    });
  });

  it('knows conditions, signs, sizes and the order of operators', () => {
    expect(formulaOf('q > 5 ? size + 1 : -r % 3 + ready * 2')).toEqual({
      op: 'if',
      when: binary(q, '>', number(5)),
      // biome-ignore lint/suspicious/noThenProperty: plain data of a formula, never awaited.
      then: binary({ op: 'variable', name: 'size' }, '+', number(1)),
      otherwise: binary(
        binary({ op: 'negate', of: r }, '%', number(3)),
        '+',
        binary({ op: 'variable', name: 'ready' }, '*', number(2)),
      ),
    });
    expect(formulaOf('+(q + r)')).toEqual(binary(q, '+', r));
  });

  it('may divide by what only may be zero: that is held at run time', () => {
    expect(formulaOf('q / (r - 1)')).toEqual(binary(q, '/', binary(r, '-', number(1))));
  });

  it('may use the metric of another strategy under its id', () => {
    const shared = `{ type: target-tracking, target: 70, ${cpu} }, { type: expression, metrics: [ { preset: cpu } ], desired: cpu / 10 }`;
    expect(policyWith(shared).strategies).toHaveLength(2);
  });
});

describe('a preset', () => {
  const metricOf = (fields: string, kind = 'threshold') =>
    compiled(kind as 'threshold', `metric: { ${fields} }, scaleOut: { above: 2, change: 1 }`);

  it('measures requests per second of a load balancer or of one target group', () => {
    const { metric, scope } = metricOf(`preset: request-rate, ${balancer}`);
    expect(scope).toBe('total');
    const source = { namespace: 'AWS/ApplicationELB', name: 'RequestCount', stat: 'Sum' };
    expect(metric).toMatchObject({ id: 'request_rate', unit: '' });
    expect(metric.query).toEqual({
      kind: 'expression',
      expression: 'requests / PERIOD(requests)',
      metrics: { requests: { ...source, dimensions: { LoadBalancer: 'app/web/50dc6c495c0c9188' } } },
    });
    const narrow = metricOf(`preset: request-rate, ${balancer}, targetGroup: targetgroup/web/943f`);
    expect(narrow.metric.query).toMatchObject({
      metrics: { requests: { dimensions: { TargetGroup: 'targetgroup/web/943f' } } },
    });
  });

  it('measures errors in percent of the requests, where none are published as zero', () => {
    const { metric, scope } = metricOf(`preset: error-rate, ${balancer}`);
    expect(scope).toBe('independent');
    expect(metric).toMatchObject({
      unit: ' %',
      query: {
        expression: '100 * FILL(errors, 0) / requests',
        metrics: { errors: { name: 'HTTPCode_Target_5XX_Count', stat: 'Sum' }, requests: { stat: 'Sum' } },
      },
    });
  });

  it('measures the response time at its 95th percentile, or at another one', () => {
    expect(metricOf(`preset: latency, ${balancer}`)).toMatchObject({
      scope: 'independent',
      metric: { unit: ' s', query: { name: 'TargetResponseTime', stat: 'p95' } },
    });
    expect(metricOf(`preset: latency, ${balancer}, stat: p99`).metric.query).toMatchObject({ stat: 'p99' });
  });

  it('measures the messages waiting in a queue, of which a target is the share of one task', () => {
    const fields = 'target: 100, metric: { preset: queue-length, queueName: jobs.fifo }, activation: 3';
    expect(compiled('target-tracking', fields)).toMatchObject({
      scope: 'total',
      activation: 3,
      metric: {
        query: {
          namespace: 'AWS/SQS',
          name: 'ApproximateNumberOfMessagesVisible',
          dimensions: { QueueName: 'jobs.fifo' },
          stat: 'Maximum',
        },
      },
      alarms: { out: ONE, in: null },
    });
  });
});

describe('metric math', () => {
  it.each(['m1 / 0', 'm1/0.0', 'm1 / (0)', 'm1 / .0'])('refuses %s', (expression) => {
    const metric = `{ id: e, expression: "${expression}", metrics: { m1: { namespace: N, name: A } } }`;
    const strategies = `[ { type: target-tracking, target: 70, metric: ${metric} } ]`;
    expect(problemsOf(aDocument({ strategies }))[0]).toContain('divides by zero');
  });

  it.each(['m1 / 0.5', 'm1 / 10', 'm1 / (0 + m1)', 'IF(m1 > 0, 1 / m1, 0)'])('accepts %s', (expression) => {
    const metric = `{ id: e, expression: "${expression}", metrics: { m1: { namespace: N, name: A } } }`;
    expect(compiled('target-tracking', `target: 70, metric: ${metric}`).metric.id).toBe('e');
  });
});
