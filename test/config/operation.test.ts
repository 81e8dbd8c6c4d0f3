import { describe, expect, it } from 'vitest';
import { incidentSign } from '../../shared/core/incidents.ts';
import type { MetricSpec } from '../../shared/core/metric.ts';
import { policyMetrics } from '../../shared/core/policy-metrics.ts';
import { instant } from '../../shared/core/time.ts';
import { aDocument, aManifest, policyOf } from '../support/a-document.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aSeries, times } from '../support/a-strategy.ts';

const policyWith = (spec: Readonly<Record<string, string>>) => policyOf(aDocument(spec));
const balancer = 'loadBalancer: app/a/0';

describe('a schedule', () => {
  it('has windows in UTC that say nothing of holidays, unless it says otherwise', () => {
    const window = 'name: day, start: "0 8 * * *", end: "0 18 * * *", min: 3';
    expect(policyWith({ schedule: `{ windows: [ { ${window} } ] }` }).schedule).toEqual({
      windows: [
        {
          name: 'day',
          timeZone: 'UTC',
          times: { kind: 'recurring', start: '0 8 * * *', end: '0 18 * * *' },
          onHolidays: 'as-usual',
          min: 3,
          max: null,
          desired: null,
          freeze: 'none',
          maintenance: false,
        },
      ],
      holidays: [],
      overlap: 'highest',
    });
  });

  it('reads local times in the zone of the window', () => {
    const schedule =
      '{ timeZone: Europe/Berlin, overlap: latest, holidays: [ 2026-12-25, 2026-12-25 ], windows: [ { name: a, from: 2026-11-27T00:00, to: 2026-11-28T02:00, desired: 9 }, { name: b, timeZone: America/New_York, from: "2026-11-27 00:00", to: 2026-11-28T02:00, freeze: both } ] }';
    const compiled = policyWith({ schedule }).schedule;
    expect(compiled).toMatchObject({ overlap: 'latest', holidays: ['2026-12-25'] });
    expect(compiled?.windows.map(({ times }) => times)).toEqual([
      {
        kind: 'once',
        from: instant(Date.UTC(2026, 10, 26, 23)),
        to: instant(Date.UTC(2026, 10, 28, 1)),
      },
      { kind: 'once', from: instant(Date.UTC(2026, 10, 27, 5)), to: instant(Date.UTC(2026, 10, 28, 7)) },
    ]);
  });

  it('may stand without a strategy when a window has a size', () => {
    const window = 'name: day, start: "0 8 * * *", end: "0 18 * * *", desired: 9';
    const policy = policyWith({ strategies: '[]', schedule: `{ windows: [ { ${window} } ] }` });
    expect(policy.strategies).toEqual([]);
  });
});

describe('a policy', () => {
  it('falls back to a static size unless it says otherwise', () => {
    expect(policyWith({ missingData: '{ fallback: { size: 8 } }' }).fallback).toEqual({
      mode: 'static',
      size: 8,
      afterMisses: 5,
      recoverAfter: 1,
    });
    const rest = 'afterMisses: 10, recoverAfter: 3';
    expect(policyWith({ missingData: `{ fallback: { mode: higher, size: 8, ${rest} } }` }).fallback).toEqual({
      mode: 'higher',
      size: 8,
      afterMisses: 10,
      recoverAfter: 3,
    });
    expect(policyWith({ missingData: '{ fallback: { mode: current } }' }).fallback?.mode).toBe('current');
  });

  it('guards against incidents with sensible figures', () => {
    const incident = `{ load: { preset: request-rate, ${balancer} }, errors: { preset: error-rate, ${balancer} } }`;
    expect(policyWith({ incident }).incident).toMatchObject({
      load: { id: 'request_rate', historySeconds: 3600 },
      errors: { id: 'error_rate', historySeconds: 3600 },
      drop: 0.5,
      errorsAbove: 5,
      holdSeconds: 600,
      longestHoldSeconds: 3600,
      rampPercent: 10,
      rampSeconds: 1800,
    });
  });

  it('sees errors that began before anybody looked, although a rule on the same errors looks back only briefly', () => {
    const load = `{ preset: request-rate, ${balancer} }`;
    const errors = `{ preset: error-rate, ${balancer} }`;
    const policy = policyWith({
      strategies: `[ { type: threshold, metric: ${errors}, scaleOut: { above: 5, for: 3m, change: 1 } } ]`,
      incident: `{ load: ${load}, errors: ${errors} }`,
    });
    const { incident } = policy;
    if (incident === null) throw new Error('the policy has an incident guard');
    // What is read is what the policy asks for: for five minutes requests have failed, and are fewer.
    const seen = (metric: MetricSpec, now: number, before: number) =>
      aSeries(...[...times(6, now), ...times(60, before)].slice(0, 1 + metric.historySeconds / 60));
    const metrics = {
      request_rate: seen(incident.load, 100, 1000),
      error_rate: seen(incident.errors, 20, 0),
    };
    expect(incidentSign(incident, aSnapshot({ metrics }))).toMatchObject({ load: 100, errors: 20 });
  });

  it('reads a metric that two parts share with the longer history', () => {
    const load = `{ preset: request-rate, ${balancer} }`;
    const policy = policyWith({
      strategies: `[ { type: threshold, metric: ${load}, scaleOut: { above: 9, for: 5m, change: 1 } } ]`,
      incident: `{ load: ${load}, errors: { id: failed, namespace: N, name: F }, errorsAbove: 3 }`,
    });
    const [strategy] = policy.strategies;
    expect(strategy?.kind === 'threshold' && strategy.metric.historySeconds).toBe(3600);
    expect(policyMetrics(policy).map(({ id, historySeconds }) => [id, historySeconds])).toEqual([
      ['request_rate', 3600],
      ['failed', 3600],
    ]);
  });

  it.each([
    ['{ cpu: 1, memory: 2Gi }', { cpu: 1, memoryMiB: 2048 }],
    ['{ cpu: 500m, memory: 512Mi }', { cpu: 0.5, memoryMiB: 512 }],
    ['{ cpu: "0.25", memory: 1073741824 }', { cpu: 0.25, memoryMiB: 1024 }],
  ])('declares what a unit reserves: %s', (unit, resources) => {
    expect(policyWith({ unit }).unitResources).toEqual(resources);
  });

  it('keeps its core size, its share of receipts and its view of zero', () => {
    const policy = policyWith({ coreSize: '5', receipts: '{ holds: 0.5 }', atZero: 'kubernetes' });
    expect(policy).toMatchObject({ coreSize: 5, receiptsOfHolds: 0.5, atZero: 'kubernetes' });
  });
});

describe('a HorizontalPodAutoscaler with a binding', () => {
  const bound = (options: string) => ({
    'bindings.yaml': `apiVersion: plimsoll/v1\nkind: Bindings\nspec:\n  horizontalPodAutoscalers:\n    shop: ${options}\n`,
  });

  it('leaves a zero that somebody else set, as in Kubernetes, unless told otherwise', () => {
    expect(policyOf(aManifest()).atZero).toBe('kubernetes');
    expect(policyOf(aManifest(), bound('{ atZero: resume }')).atZero).toBe('resume');
  });

  it('gets schedule, incident guard, core size and unit from it', () => {
    const incident = `{ load: { preset: request-rate, ${balancer} }, errors: { preset: error-rate, ${balancer} } }`;
    const window = '{ name: day, start: "0 8 * * *", end: "0 18 * * *", min: 3 }';
    const options = `{ coreSize: 4, unit: { cpu: 1, memory: 1Gi }, schedule: { windows: [ ${window} ] }, incident: ${incident} }`;
    expect(policyOf(aManifest(), bound(options))).toMatchObject({
      coreSize: 4,
      unitResources: { cpu: 1, memoryMiB: 1024 },
      schedule: { windows: [{ name: 'day' }] },
      incident: { errorsAbove: 5 },
    });
  });

  it('may aim above 100 %, as in Kubernetes', () => {
    const metrics =
      '[ { type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 150 } } } ]';
    expect(policyOf(aManifest({ metrics })).strategies).toMatchObject([{ target: 150 }]);
  });

  it.each([
    ['{ coreSize: 40 }', 'coreSize: 40 is outside the bounds 1..10'],
    ['{ missingData: { fallback: { size: 40 } } }', 'missingData.fallback.size: 40 is outside the bounds'],
    [
      `{ incident: { load: { id: cpu, namespace: N, name: M }, errors: { preset: error-rate, ${balancer} } } }`,
      'incident.load.id: the metric id "cpu" is taken by entry [0] (give it an id of its own)',
    ],
  ])('refuses %s at its place in the binding', (options, message) => {
    expect(() => policyOf(aManifest(), bound(options))).toThrow(message);
  });
});
