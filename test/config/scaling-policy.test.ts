import { describe, expect, it } from 'vitest';
import { aDocument, policyOf, problemsOf } from '../support/a-document.ts';
import { aPolicy, trackingOf } from '../support/a-policy.ts';

const strategy = (fields: string) => aDocument({ strategies: `[ { type: target-tracking, ${fields} } ]` });

describe('an own policy document', () => {
  it('gets every default filled in', () => {
    expect(policyOf(aDocument())).toEqual(aPolicy({ receiptsOfHolds: 0.01 }));
  });

  it('keeps what it says', () => {
    const text = aDocument({
      behavior:
        '{ scaleUp: { selectPolicy: Min }, scaleDown: { policies: [ { type: Pods, value: 1, periodSeconds: 60 } ] } }',
      cooldowns: '{ outSeconds: 0 }',
      missingData: '{ staleAfterSeconds: 600, whenMissing: zero, fallback: { size: 8 } }',
      evaluation: 'everyMinute',
      paused: '{ in: true }',
      resizeTimeoutSeconds: '300',
      wakeOnAlarms: '[ web-overload, web-overload ]',
    });
    const policy = policyOf(text);
    expect(policy).toMatchObject({
      cooldownSeconds: { out: 0, in: 300 },
      fallback: { size: 8, afterMisses: 5 },
      evaluation: 'everyMinute',
      paused: { out: false, in: true },
      resizeTimeoutSeconds: 300,
      wakeOnAlarms: ['web-overload'],
    });
    expect(trackingOf(policy).metric).toMatchObject({ staleAfterSeconds: 600, whenMissing: 'zero' });
    expect(policy.behavior).toEqual({
      kind: 'rules',
      scaleUp: {
        stabilizationWindowSeconds: 0,
        policies: [
          { type: 'Pods', value: 4, periodSeconds: 15 },
          { type: 'Percent', value: 100, periodSeconds: 15 },
        ],
        selectPolicy: 'Min',
      },
      scaleDown: {
        stabilizationWindowSeconds: 300,
        policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
        selectPolicy: 'Max',
      },
    });
  });

  it('pauses both directions at one word', () => {
    expect(policyOf(aDocument({ paused: 'true' })).paused).toEqual({ out: true, in: true });
  });

  it('lets one metric be missing in its own way', () => {
    const text = strategy('target: 70, metric: { preset: cpu }, missingData: { staleAfterSeconds: 240 }');
    expect(trackingOf(policyOf(text)).metric.staleAfterSeconds).toBe(240);
  });

  it('measures the requests of a target group per task', () => {
    const metric =
      'preset: requests-per-task, loadBalancer: app/web/50dc6c495c0c9188, targetGroup: targetgroup/web/943f017f100becff';
    expect(trackingOf(policyOf(strategy(`target: 1000, metric: { ${metric} }`))).metric).toMatchObject({
      id: 'requests_per_task',
      unit: '',
      query: {
        kind: 'stat',
        namespace: 'AWS/ApplicationELB',
        name: 'RequestCountPerTarget',
        dimensions: {
          LoadBalancer: 'app/web/50dc6c495c0c9188',
          TargetGroup: 'targetgroup/web/943f017f100becff',
        },
        stat: 'Sum',
      },
    });
  });

  it('measures metric math, with the unit as sentences write it', () => {
    const metric =
      'id: busy, unit: "%", expression: "100 * IF(m2 > 0, m1 / m2, 0)", metrics: { m1: { namespace: N, name: A, stat: Sum }, m2: { namespace: N, name: B, dimensions: { Q: q } } }, periodSeconds: 300';
    expect(trackingOf(policyOf(strategy(`target: 50, metric: { ${metric} }`))).metric).toEqual({
      id: 'busy',
      label: 'busy',
      unit: ' %',
      query: {
        kind: 'expression',
        expression: '100 * IF(m2 > 0, m1 / m2, 0)',
        metrics: {
          m1: { namespace: 'N', name: 'A', dimensions: {}, stat: 'Sum' },
          m2: { namespace: 'N', name: 'B', dimensions: { Q: 'q' }, stat: 'Average' },
        },
      },
      periodSeconds: 300,
      staleAfterSeconds: 1500,
      whenMissing: 'missing',
      historySeconds: 0,
    });
  });

  it('may rest at zero tasks on a total, which has no alarm for scale-in', () => {
    const metric = 'id: backlog, namespace: AWS/SQS, name: Depth, stat: Maximum';
    const text = aDocument({
      bounds: '{ min: 0, max: 9 }',
      strategies: `[ { type: target-tracking, target: 10, scope: total, metric: { ${metric} } } ]`,
    });
    expect(policyOf(text).bounds.min).toBe(0);
    expect(trackingOf(policyOf(text)).alarms).toEqual({ out: { datapoints: 1, of: 1 }, in: null });
  });

  it('takes an alarm of N out of N when only one number is given', () => {
    const text = strategy(
      'target: 70, metric: { preset: cpu }, alarms: { out: { datapoints: 2, of: 3 }, in: { datapoints: 9 } }',
    );
    expect(trackingOf(policyOf(text)).alarms).toEqual({
      out: { datapoints: 2, of: 3 },
      in: { datapoints: 9, of: 9 },
    });
  });

  it('takes METRICS() for the use of all its metrics', () => {
    const metric =
      'id: e, expression: AVG(METRICS()), metrics: { m1: { namespace: N, name: A }, m2: { namespace: N, name: B } }';
    expect(problemsOf(strategy(`target: 70, metric: { ${metric} }`))).toEqual([]);
  });
});
