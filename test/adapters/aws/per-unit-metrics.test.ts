import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { modelledService } from '../../../functions/local/aws-endpoint/service.ts';
import { cloudWatchMetricSource } from '../../../shared/adapters/aws/cloudwatch-metric-source.ts';
import { perUnitMetrics } from '../../../shared/adapters/aws/per-unit-metrics.ts';
import type { MetricReading } from '../../../shared/core/capacity.ts';
import type { MetricSpec } from '../../../shared/core/metric.ts';
import { type Instant, plusSeconds } from '../../../shared/core/time.ts';
import type { MetricRequest } from '../../../shared/ports/metric-source.ts';
import { aTargetTracking } from '../../support/a-policy.ts';
import { anAwsAccount } from '../../support/aws-account.ts';
import { NOW } from '../../support/now.ts';

const query = {
  kind: 'stat',
  namespace: 'AWS/RDS',
  name: 'CPUUtilization',
  dimensions: {},
  stat: 'Average',
} as const;

/** The CPU of replicas, a metric each. */
const perUnit = (overrides: Partial<MetricSpec> = {}): MetricSpec => ({
  ...aTargetTracking().metric,
  query,
  unitDimension: 'DBInstanceIdentifier',
  ...overrides,
});

const ago = (seconds: number): Instant => plusSeconds(NOW, -seconds);
const missing = (reason: 'no-data' | 'stale', detail: string): MetricReading => ({
  kind: 'missing',
  reason,
  detail,
});
const value = (
  read: number,
  at = ago(60),
  earlier?: readonly (readonly [Instant, number])[],
): MetricReading => ({
  kind: 'value',
  value: read,
  at,
  ...(earlier && { earlier: earlier.map(([when, past]) => ({ at: when, value: past })) }),
});

/** Reads one metric of units of which a source says this; absent = it says nothing of it. */
async function reading(units: Readonly<Record<string, MetricReading | null>>, metric = perUnit()) {
  const asked: MetricRequest[] = [];
  const source = perUnitMetrics({
    read: async (requests) => {
      asked.push(...requests);
      const answers = requests.flatMap(({ key, metric: { query: own } }) => {
        const name = own.kind === 'stat' ? own.dimensions['DBInstanceIdentifier'] : undefined;
        const found = units[name ?? ''] ?? null;
        return found === null ? [] : [[key, found] as const];
      });
      return new Map(answers);
    },
  });
  const seen = await source.read([{ key: 'k', metric, units: Object.keys(units) }], NOW);
  return { asked, seen: seen.get('k') };
}

describe('a metric of units that report one by one', () => {
  it('is a sample of each, stamped with the newest', async () => {
    const { seen, asked } = await reading({ r1: value(40, ago(120)), r2: value(80, ago(60)) });
    expect(seen).toEqual({
      kind: 'samples',
      samples: [
        { unit: 'r1', value: 40 },
        { unit: 'r2', value: 80 },
      ],
      at: ago(60),
    });
    expect(asked.map(({ metric }) => metric)).toEqual(
      ['r1', 'r2'].map((DBInstanceIdentifier) => ({
        ...perUnit(),
        query: { ...query, dimensions: { DBInstanceIdentifier } },
        unitDimension: undefined,
      })),
    );
  });

  it('has no sample of a unit without a usable value: missing is never zero', async () => {
    const { seen } = await reading({
      r1: value(40),
      r2: missing('no-data', 'no datapoint'),
      r3: missing('stale', 'too old'),
      r4: null,
    });
    expect(seen).toMatchObject({ kind: 'samples', samples: [{ unit: 'r1', value: 40 }] });
  });

  it.each<[string, Record<string, MetricReading | null>, MetricReading]>([
    [
      'the first reason when no unit has a value',
      { r1: null, r2: missing('stale', 'too old') },
      missing('stale', 'too old'),
    ],
    ['nothing known of any unit', { r1: null }, missing('no-data', 'no unit has a value')],
    ['no unit at all', {}, missing('no-data', 'there is no unit to read it of')],
  ])('is missing, with %s', async (_what, units, expected) => {
    expect((await reading(units)).seen).toEqual(expected);
  });

  it('asks for nothing where there is no unit', async () => {
    expect((await reading({})).asked).toEqual([]);
  });

  it('is its mean over time where a sustained threshold looks back, of the units that reported then', async () => {
    const { seen } = await reading(
      {
        r1: value(40, ago(60), [
          [ago(120), 20],
          [ago(180), 10],
        ]),
        r2: value(80, ago(60), [[ago(120), 40]]),
        r3: missing('no-data', 'no datapoint'),
      },
      perUnit({ historySeconds: 600 }),
    );
    expect(seen).toEqual(
      value(60, ago(60), [
        [ago(120), 30],
        [ago(180), 10],
      ]),
    );
  });

  it('has for its newest mean that of those that have reported already', async () => {
    const { seen } = await reading(
      { r1: value(90, ago(60), [[ago(120), 20]]), r2: value(40, ago(120)) },
      perUnit({ historySeconds: 600 }),
    );
    expect(seen).toEqual(value(90, ago(60), [[ago(120), 30]]));
  });

  it('is left as it is where it is one metric for all, or a formula', async () => {
    const asked: MetricRequest[] = [];
    const source = perUnitMetrics({
      read: async (requests) => {
        asked.push(...requests);
        return new Map([['whole', value(7)]]);
      },
    });
    const formula = { kind: 'expression', expression: 'a', metrics: {} } as const;
    const requests: MetricRequest[] = [
      { key: 'whole', metric: aTargetTracking().metric },
      { key: 'formula', metric: perUnit({ query: formula }), units: ['r1'] },
    ];
    expect(await source.read(requests, NOW)).toEqual(new Map([['whole', value(7)]]));
    expect(asked).toEqual(requests);
  });

  it('costs one call for many units, beside the metrics of others', async () => {
    const service = modelledService({ name: 'cloudwatch', signingName: 'monitoring' }, cloudwatch, {
      GetMetricData: ({ MetricDataQueries = [] }) => ({
        MetricDataResults: MetricDataQueries.map(({ Id }, index) => ({
          Id,
          StatusCode: 'Complete' as const,
          Timestamps: [new Date(ago(120))],
          Values: [index],
        })),
      }),
    });
    const { options, calls } = await anAwsAccount([service]);
    const source = cloudWatchMetricSource(new cloudwatch.CloudWatchClient(options));
    const units = Array.from({ length: 200 }, (_, index) => `r${index}`);
    const seen = await source.read(
      [
        { key: 'service', metric: aTargetTracking().metric },
        { key: 'replicas', metric: perUnit(), units },
      ],
      NOW,
    );
    expect(calls).toHaveLength(1);
    expect(seen.get('service')).toMatchObject({ kind: 'value' });
    const replicas = seen.get('replicas');
    expect(replicas?.kind === 'samples' && replicas.samples.map(({ unit }) => unit)).toEqual(units);
    expect(replicas?.kind === 'samples' && new Set(replicas.samples.map((each) => each.value)).size).toBe(
      200,
    );
  });
});
