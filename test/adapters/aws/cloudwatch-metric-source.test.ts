import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { modelledService } from '../../../functions/local/aws-endpoint/service.ts';
import { cloudWatchMetricSource } from '../../../shared/adapters/aws/cloudwatch-metric-source.ts';
import type { MetricReading } from '../../../shared/core/capacity.ts';
import type { MetricQuery, MetricSpec } from '../../../shared/core/metric.ts';
import { type Instant, instant } from '../../../shared/core/time.ts';
import type { MetricRequest, MetricSource } from '../../../shared/ports/metric-source.ts';
import { aTargetTracking } from '../../support/a-policy.ts';
import { anAwsAccount } from '../../support/aws-account.ts';

const NOW = instant(Date.parse('2026-11-20T10:07:42Z'));
const at = (time: string): Instant => instant(Date.parse(`2026-11-20T${time}Z`));

const cpu = aTargetTracking().metric;
const aMetric = (overrides: Partial<MetricSpec> = {}): MetricSpec => ({ ...cpu, ...overrides });
const stat = (service: string): MetricQuery => ({
  kind: 'stat',
  namespace: 'AWS/ECS',
  name: 'CPUUtilization',
  dimensions: { ClusterName: 'prod', ServiceName: service },
  stat: 'Average',
});
const expression = (text: string, ...services: readonly string[]): MetricQuery => {
  const metrics = Object.fromEntries(
    services.map((service, index) => {
      const { kind: _, ...rest } = stat(service) as Extract<MetricQuery, { kind: 'stat' }>;
      return [`m${index + 1}`, rest];
    }),
  );
  return { kind: 'expression', expression: text, metrics };
};
const requests = (metrics: readonly MetricSpec[]): readonly MetricRequest[] =>
  metrics.map((metric, index) => ({ key: `k${index}`, metric }));

type Input = cloudwatch.GetMetricDataCommandInput;
type Output = Omit<cloudwatch.GetMetricDataCommandOutput, '$metadata'>;
type Answer = (input: Input, page: number) => Output;

/** Datapoints of one metric, newest first, each at a time of day. */
const points = (...values: readonly (readonly [string, number])[]) => ({
  Timestamps: values.map(([time]) => new Date(at(time))),
  Values: values.map(([, value]) => value),
});
/** Answers every question of a call alike. */
const alike =
  (result: cloudwatch.MetricDataResult): Answer =>
  ({ MetricDataQueries = [] }) => ({
    MetricDataResults: MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).map(({ Id }) => ({
      Id,
      Label: 'x',
      StatusCode: 'Complete',
      ...result,
    })),
  });

async function aSource(answer: Answer, faults: Parameters<typeof anAwsAccount>[1] = () => undefined) {
  const inputs: Input[] = [];
  const service = modelledService({ name: 'cloudwatch', signingName: 'monitoring' }, cloudwatch, {
    GetMetricData: (input) => {
      inputs.push(input as Input);
      return answer(input as Input, inputs.length);
    },
  });
  const { options, calls } = await anAwsAccount([service], faults);
  const source: MetricSource = cloudWatchMetricSource(new cloudwatch.CloudWatchClient(options));
  return { inputs, calls, source };
}

const readOne = async (
  result: cloudwatch.MetricDataResult,
  metric = aMetric(),
): Promise<MetricReading | undefined> => {
  const { source } = await aSource(alike(result));
  return (await source.read([{ key: 'k', metric }], NOW)).get('k');
};

describe('reading earlier datapoints', () => {
  const series = points(
    ['10:07:00', 99],
    ['10:06:00', 71],
    ['10:05:00', 72],
    ['10:03:00', 73],
    ['10:02:00', 74],
    ['09:56:00', 75],
  );

  it('brings those of the history that the policy wants, newest first, and leaves gaps as they are', async () => {
    expect(await readOne(series, aMetric({ historySeconds: 240 }))).toEqual({
      kind: 'value',
      value: 71,
      at: at('10:06:00'),
      earlier: [
        { at: at('10:05:00'), value: 72 },
        { at: at('10:03:00'), value: 73 },
        { at: at('10:02:00'), value: 74 },
      ],
    });
  });

  it('asks far enough back for the longest history of those that want the same metric', async () => {
    const { source, inputs } = await aSource(alike(series));
    await source.read(requests([aMetric(), aMetric({ historySeconds: 3600 })]), NOW);
    expect(inputs).toHaveLength(1);
    expect(Number(NOW) - Number(inputs[0]?.StartTime)).toBeGreaterThanOrEqual(3600_000);
  });

  it('says nothing of earlier ones where the policy wants none', async () => {
    expect(await readOne(series)).not.toHaveProperty('earlier');
  });
});

describe('reading the newest complete datapoint', () => {
  it('takes the newest period that has ended, not the one that still runs', async () => {
    const reading = await readOne(points(['10:07:00', 99], ['10:06:00', 83.2], ['10:05:00', 70]));
    expect(reading).toEqual({ kind: 'value', value: 83.2, at: at('10:06:00') });
  });

  it('does not rely on the order of datapoints', async () => {
    const reading = await readOne(points(['10:05:00', 70], ['10:06:00', 83.2], ['10:04:00', 60]));
    expect(reading).toMatchObject({ value: 83.2 });
  });

  it('takes a period from the very second in which it ends', async () => {
    const { source } = await aSource(alike(points(['10:07:00', 50])));
    const read = async (now: string) =>
      (await source.read([{ key: 'k', metric: aMetric() }], at(now))).get('k');
    expect(await read('10:08:00')).toMatchObject({ kind: 'value', value: 50 });
    expect(await read('10:07:59')).toMatchObject({ kind: 'missing', reason: 'no-data' });
  });

  it.each<[string, cloudwatch.MetricDataResult, Partial<MetricReading>]>([
    ['nothing', points(), { kind: 'missing', reason: 'no-data' }],
    [
      'only the running period',
      points(['10:07:00', 1]),
      { kind: 'missing', reason: 'no-data', detail: expect.stringContaining('not ended') },
    ],
    [
      'only the future',
      points(['10:08:00', 1]),
      { kind: 'missing', reason: 'future', detail: expect.stringContaining('18 s ahead') },
    ],
    [
      'the future beside a complete period',
      points(['10:08:00', 1], ['10:06:00', 2]),
      { kind: 'value', value: 2 },
    ],
    [
      'an old datapoint',
      points(['10:01:00', 1]),
      { kind: 'missing', reason: 'stale', detail: expect.stringContaining('342 s old; the limit is 300 s') },
    ],
    ['a datapoint just young enough', points(['10:02:00', 1]), { kind: 'value', value: 1 }],
    [
      'a newest datapoint that is no number',
      points(['10:06:00', Number.NaN], ['10:05:00', 1]),
      { kind: 'missing', reason: 'not-a-number' },
    ],
    ['infinity', points(['10:06:00', Number.POSITIVE_INFINITY]), { kind: 'missing', reason: 'not-a-number' }],
    ['zero', points(['10:06:00', 0]), { kind: 'value', value: 0 }],
    [
      'partial data',
      { ...points(['10:06:00', 1]), StatusCode: 'PartialData' },
      { kind: 'missing', reason: 'partial-data' },
    ],
    [
      'an internal error',
      { ...points(['10:06:00', 1]), StatusCode: 'InternalError' },
      { kind: 'missing', reason: 'read-failed' },
    ],
    [
      'a refusal',
      { StatusCode: 'Forbidden', Messages: [{ Code: 'Forbidden', Value: 'another account' }] },
      {
        kind: 'missing',
        reason: 'read-failed',
        detail: expect.stringContaining('Forbidden: another account'),
      },
    ],
  ])('given %s', async (_case, result, expected) => {
    expect(await readOne(result)).toMatchObject(expected);
  });

  it('counts the age of a datapoint from the end of its period', async () => {
    const metric = aMetric({ periodSeconds: 300, staleAfterSeconds: 200 });
    expect(await readOne(points(['10:00:00', 5]), metric)).toMatchObject({ kind: 'value', value: 5 });
    expect(await readOne(points(['09:55:00', 5]), metric)).toMatchObject({ reason: 'stale' });
  });

  it('lets a datapoint be as old as its limit, and no second older', async () => {
    const newest = points(['10:02:00', 5]);
    expect(await readOne(newest, aMetric({ staleAfterSeconds: 282 }))).toMatchObject({ kind: 'value' });
    expect(await readOne(newest, aMetric({ staleAfterSeconds: 281 }))).toMatchObject({ reason: 'stale' });
  });

  it('refuses an expression that yields several time series', async () => {
    const { source } = await aSource(({ MetricDataQueries = [] }) => ({
      MetricDataResults: ['a', 'b'].map((Label) => ({
        Id: MetricDataQueries[0]?.Id,
        Label,
        StatusCode: 'Complete',
        ...points(['10:06:00', 1]),
      })),
    }));
    const metric = aMetric({ query: expression("SEARCH('{AWS/ECS}', 'Average')") });
    expect((await source.read([{ key: 'k', metric }], NOW)).get('k')).toMatchObject({
      reason: 'read-failed',
      detail: expect.stringContaining('2 time series'),
    });
  });

  it('says so when CloudWatch leaves a question out', async () => {
    const { source } = await aSource(() => ({ MetricDataResults: [] }));
    expect((await source.read([{ key: 'k', metric: aMetric() }], NOW)).get('k')).toMatchObject({
      reason: 'no-data',
    });
  });
});

describe('aligning with the clock', () => {
  it.each([
    [10, '10:07:30'],
    [20, '10:07:20'],
    [30, '10:07:00'],
    [60, '10:06:00'],
    [300, '10:00:00'],
  ])('asks from and to whole periods of %i s, and takes the one from %s', async (periodSeconds, newest) => {
    const everyPeriod: Answer = ({ StartTime, EndTime, MetricDataQueries: [query] = [] }) => {
      const start = Number(StartTime) / 1000;
      const count = (Number(EndTime) / 1000 - start) / periodSeconds;
      const stamps = Array.from({ length: count }, (_, i) => new Date((start + i * periodSeconds) * 1000));
      return {
        MetricDataResults: [
          { Id: query?.Id, StatusCode: 'Complete', Timestamps: stamps, Values: stamps.map(Number) },
        ],
      };
    };
    const { source, inputs } = await aSource(everyPeriod);

    const read = await source.read([{ key: 'k', metric: aMetric({ periodSeconds }) }], NOW);

    const [input] = inputs;
    expect(Number(input?.StartTime) % (periodSeconds * 1000)).toBe(0);
    expect(Number(input?.EndTime) % (periodSeconds * 1000)).toBe(0);
    expect(Number(input?.StartTime)).toBeLessThanOrEqual(NOW - (2 * 300 + periodSeconds) * 1000);
    expect(Number(input?.EndTime)).toBeGreaterThan(NOW);
    expect(input?.MetricDataQueries?.[0]?.MetricStat?.Period).toBe(periodSeconds);
    expect(read.get('k')).toEqual({ kind: 'value', value: at(newest), at: at(newest) });
  });

  it('aligns a call with several periods to all of them', async () => {
    const { source, inputs } = await aSource(alike(points()));
    const metrics = [60, 120, 300].map((periodSeconds) =>
      aMetric({ periodSeconds, staleAfterSeconds: 450, query: stat(`s${periodSeconds}`) }),
    );
    await source.read(requests(metrics), NOW);
    expect(inputs).toHaveLength(1);
    expect(Number(inputs[0]?.StartTime) % 600_000).toBe(0);
    expect(Number(inputs[0]?.EndTime) % 600_000).toBe(0);
  });

  it('gives periods that have no sensible common multiple calls of their own', async () => {
    const { source, inputs } = await aSource(alike(points()));
    const metrics = [300, 86_400].map((periodSeconds) =>
      aMetric({ periodSeconds, query: stat(`s${periodSeconds}`) }),
    );
    await source.read(requests(metrics), NOW);
    expect(inputs).toHaveLength(2);
  });

  it('keeps periods below a minute away from windows that reach back beyond three hours', async () => {
    const { source, inputs } = await aSource(alike(points()));
    await source.read(
      requests([
        aMetric({ periodSeconds: 10, query: stat('quick') }),
        aMetric({ periodSeconds: 60, staleAfterSeconds: 7200, query: stat('slow') }),
      ]),
      NOW,
    );
    expect(inputs).toHaveLength(2);
    const quick = inputs.find(({ MetricDataQueries: [query] = [] }) => query?.MetricStat?.Period === 10);
    expect(NOW - Number(quick?.StartTime)).toBeLessThan(3 * 3600 * 1000);
  });
});

describe('asking for many metrics', () => {
  const many = (count: number): readonly MetricSpec[] =>
    Array.from({ length: count }, (_, index) => aMetric({ query: stat(`s${index}`) }));

  it('asks for 1,200 metrics in three calls of at most 500, and mixes nothing up', async () => {
    const echo: Answer = ({ MetricDataQueries = [] }) => ({
      MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => ({
        Id,
        StatusCode: 'Complete',
        ...points(['10:06:00', Number(MetricStat?.Metric?.Dimensions?.[1]?.Value?.slice(1))]),
      })),
    });
    const { source, inputs } = await aSource(echo);

    const read = await source.read(requests(many(1200)), NOW);

    expect(inputs.map(({ MetricDataQueries = [] }) => MetricDataQueries.length).sort()).toEqual([
      200, 500, 500,
    ]);
    expect(read.size).toBe(1200);
    expect([...read].every(([key, reading]) => reading.kind === 'value' && `k${reading.value}` === key)).toBe(
      true,
    );
  });

  it('never splits an expression from its metrics', async () => {
    const { source, inputs } = await aSource(alike(points(['10:06:00', 1])));
    const metrics = Array.from({ length: 200 }, (_, i) =>
      aMetric({ query: expression('m1/m2', `a${i}`, `b${i}`) }),
    );

    const read = await source.read(requests(metrics), NOW);

    expect(inputs.map(({ MetricDataQueries = [] }) => MetricDataQueries.length).sort()).toEqual([102, 498]);
    for (const { MetricDataQueries = [] } of inputs) {
      const ids = new Set(MetricDataQueries.map(({ Id }) => Id));
      expect(ids.size).toBe(MetricDataQueries.length);
      const named = MetricDataQueries.flatMap(({ Expression }) => Expression?.match(/q\d+_\d+/g) ?? []);
      expect(named.every((id) => ids.has(id))).toBe(true);
    }
    expect([...read.values()].every(({ kind }) => kind === 'value')).toBe(true);
  });

  it('fills the room that expressions leave with single metrics', async () => {
    const { source, inputs } = await aSource(alike(points()));
    const ratios = Array.from({ length: 166 }, (_, i) =>
      aMetric({ query: expression('m1/m2', `a${i}`, `b${i}`) }),
    );
    await source.read(requests([...ratios, ...many(2)]), NOW);
    expect(inputs).toHaveLength(1);
  });

  it('gives the ids of each expression names of their own, and returns only its result', async () => {
    const { source, inputs } = await aSource(alike(points()));
    await source.read(
      requests([
        aMetric({ query: expression('m1/m2*100', 'a', 'b') }),
        aMetric({ query: expression('MAX([m1, m10])', ...'cdefghijkl') }),
      ]),
      NOW,
    );
    const queries = inputs[0]?.MetricDataQueries ?? [];
    expect(
      queries.filter(({ ReturnData }) => ReturnData).map(({ Id, Expression }) => [Id, Expression]),
    ).toEqual([
      ['q0', 'q0_0/q0_1*100'],
      ['q1', 'MAX([q1_0, q1_9])'],
    ]);
    expect(queries.find(({ Id }) => Id === 'q1_9')?.MetricStat?.Metric?.Dimensions).toContainEqual({
      Name: 'ServiceName',
      Value: 'l',
    });
  });

  it('gives an expression with METRICS() a call of its own, under the ids that its author wrote', async () => {
    const { source, inputs } = await aSource(alike(points(['10:06:00', 1])));
    const metrics = [aMetric({ query: expression('SUM(METRICS("m"))', 'a', 'b') }), ...many(2)];
    const read = await source.read(requests(metrics), NOW);
    expect(inputs.map(({ MetricDataQueries = [] }) => MetricDataQueries.map(({ Id }) => Id))).toContainEqual([
      'q0',
      'm1',
      'm2',
    ]);
    expect(inputs).toHaveLength(2);
    expect([...read.values()].every(({ kind }) => kind === 'value')).toBe(true);
  });

  it('tells a query without metrics of its own its period', async () => {
    const { source, inputs } = await aSource(alike(points()));
    const insights = 'SELECT AVG(CPUUtilization) FROM "AWS/ECS"';
    await source.read(requests([aMetric({ query: expression(insights) })]), NOW);
    expect(inputs[0]?.MetricDataQueries).toEqual([
      expect.objectContaining({ Expression: insights, Period: 60 }),
    ]);
  });

  it('does not let an expression reach into the metrics of another target', async () => {
    const { source, inputs } = await aSource(alike(points(['10:06:00', 1])));
    const read = await source.read(
      requests([aMetric({ query: expression('m1/q1_0', 'a') }), ...many(1)]),
      NOW,
    );
    expect(read.get('k0')).toMatchObject({
      reason: 'read-failed',
      detail: expect.stringContaining('names q1_0'),
    });
    expect(read.get('k1')).toMatchObject({ kind: 'value' });
    expect(inputs).toHaveLength(1);
  });

  it('refuses an expression over more metrics than a call takes', async () => {
    const { source, calls } = await aSource(alike(points()));
    const services = Array.from({ length: 500 }, (_, index) => `s${index}`);
    const read = await source.read(requests([aMetric({ query: expression('m1+m500', ...services) })]), NOW);
    expect(read.get('k0')).toMatchObject({
      reason: 'read-failed',
      detail: expect.stringContaining('500 metrics'),
    });
    expect(calls).toEqual([]);
  });

  it('asks once for what several policies want, and judges each by its own limit', async () => {
    const { source, inputs } = await aSource(alike(points(['10:04:00', 7])));
    const swapped: MetricQuery = {
      ...(stat('web') as Extract<MetricQuery, { kind: 'stat' }>),
      dimensions: { ServiceName: 'web', ClusterName: 'prod' },
    };
    const read = await source.read(
      requests([
        aMetric({ query: stat('web'), staleAfterSeconds: 300 }),
        aMetric({ query: swapped, staleAfterSeconds: 60 }),
        aMetric({ query: stat('web'), periodSeconds: 300 }),
      ]),
      NOW,
    );
    expect(inputs[0]?.MetricDataQueries).toHaveLength(2);
    expect(read.get('k0')).toMatchObject({ kind: 'value', value: 7 });
    expect(read.get('k1')).toMatchObject({ reason: 'stale' });
  });

  it('asks nothing when nothing is wanted', async () => {
    const { source, calls } = await aSource(alike(points()));
    expect((await source.read([], NOW)).size).toBe(0);
    expect(calls).toEqual([]);
  });
});

describe('following pages', () => {
  it('puts the pages of a call together; partial data on the way is no fault', async () => {
    const paged: Answer = ({ NextToken }, page) => {
      expect(NextToken).toBe(page === 1 ? undefined : `page${page}`);
      const id = { Id: 'q0', Label: 'x' };
      if (page === 1) {
        return {
          NextToken: 'page2',
          MetricDataResults: [{ ...id, StatusCode: 'PartialData', ...points(['10:07:00', 9]) }],
        };
      }
      return { MetricDataResults: [{ ...id, StatusCode: 'Complete', ...points(['10:06:00', 8]) }] };
    };
    const { source, inputs } = await aSource(paged);
    expect((await source.read([{ key: 'k', metric: aMetric() }], NOW)).get('k')).toMatchObject({ value: 8 });
    expect(inputs).toHaveLength(2);
    expect(inputs[1]).toMatchObject({ StartTime: inputs[0]?.StartTime, ScanBy: 'TimestampDescending' });
  });

  it('stops following a token that leads nowhere', async () => {
    const { source, inputs } = await aSource((input, page) => ({
      ...alike({ StatusCode: 'PartialData' })(input, page),
      NextToken: 'again',
    }));
    const read = await source.read([{ key: 'k', metric: aMetric() }], NOW);
    expect(inputs).toHaveLength(20);
    expect(read.get('k')).toMatchObject({ reason: 'partial-data' });
  });
});

describe('failing calls', () => {
  const denied = awsError('AccessDenied', 'not authorized to perform: cloudwatch:GetMetricData', 403);
  const twoCalls = [300, 86_400].map((periodSeconds) =>
    aMetric({ periodSeconds, query: stat(`s${periodSeconds}`) }),
  );

  it('throws when nothing could be read at all', async () => {
    const { source } = await aSource(alike(points()), () => denied);
    await expect(source.read(requests(twoCalls), NOW)).rejects.toMatchObject({
      code: 'denied',
      retryable: false,
      message: expect.stringContaining('could not read 1 metrics: AccessDenied'),
    });
  });

  it('reports the metrics of a failed call as unread, and those of the others as they are', async () => {
    const { source } = await aSource((input, page) => {
      if (input.MetricDataQueries?.[0]?.MetricStat?.Period === 86_400) throw denied;
      return alike(points(['10:00:00', 3]))(input, page);
    });
    const read = await source.read(requests(twoCalls), NOW);
    expect(read.get('k0')).toMatchObject({ kind: 'value', value: 3 });
    expect(read.get('k1')).toMatchObject({
      reason: 'read-failed',
      detail: expect.stringContaining('AccessDenied'),
    });
  });

  it('finds the one expression that CloudWatch refuses, and reads the other 299', async () => {
    const { source, inputs } = await aSource((input, page) => {
      if (input.MetricDataQueries?.some(({ Expression }) => Expression?.includes('NONSENSE'))) {
        throw awsError('ValidationError', "Error in expression 'q150': Unsupported function NONSENSE");
      }
      return alike(points(['10:06:00', 1]))(input, page);
    });
    const metrics = Array.from({ length: 300 }, (_, index) =>
      aMetric({ query: index === 150 ? expression('NONSENSE(m1)', 'x') : stat(`s${index}`) }),
    );

    const read = await source.read(requests(metrics), NOW);

    expect(read.get('k150')).toMatchObject({
      reason: 'read-failed',
      detail: expect.stringContaining('Unsupported function NONSENSE'),
    });
    expect([...read.values()].filter(({ kind }) => kind === 'value')).toHaveLength(299);
    expect(inputs.length).toBeLessThanOrEqual(1 + 2 * 9);
  });

  it('gives up looking when everything is refused', async () => {
    const { source, inputs } = await aSource(() => {
      throw awsError('ValidationError', 'no');
    });
    const metrics = Array.from({ length: 400 }, (_, index) => aMetric({ query: stat(`s${index}`) }));
    const read = await source.read(requests(metrics), NOW);
    expect(inputs.length).toBeLessThanOrEqual(61);
    expect(
      [...read.values()].every((reading) => reading.kind === 'missing' && reading.reason === 'read-failed'),
    ).toBe(true);
  });

  it('backs off when it is throttled and then reads on', async () => {
    let left = 1;
    const { source, calls } = await aSource(alike(points(['10:06:00', 1])), () =>
      left-- > 0 ? awsError('ThrottlingException', 'Rate exceeded') : undefined,
    );
    expect((await source.read([{ key: 'k', metric: aMetric() }], NOW)).get('k')).toMatchObject({
      kind: 'value',
    });
    expect(calls.map(({ outcome }) => outcome)).toEqual(['ThrottlingException', 'ok']);
  });
});
