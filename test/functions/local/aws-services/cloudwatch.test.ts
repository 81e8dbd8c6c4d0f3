import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type GetMetricDataInput,
  InvalidNextToken,
  type MetricDataQuery,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../aws-endpoint/support.ts';
import { anAccount, later, START } from './an-account.ts';

const cpu = (id: string, service = 'web', Period = 60): MetricDataQuery => ({
  Id: id,
  MetricStat: {
    Metric: {
      Namespace: 'AWS/ECS',
      MetricName: 'CPUUtilization',
      Dimensions: [
        { Name: 'ServiceName', Value: service },
        { Name: 'ClusterName', Value: 'prod' },
      ],
    },
    Period,
    Stat: 'Average',
  },
});

const reading = (queries: readonly MetricDataQuery[], rest: Partial<GetMetricDataInput> = {}) =>
  new GetMetricDataCommand({
    MetricDataQueries: [...queries],
    StartTime: new Date(START),
    EndTime: new Date(later(600)),
    ...rest,
  });

const minute = (index: number): Date => new Date(later(index * 60));

/** Ten readable minutes of an account whose CPU stands at 70 %. */
async function tenMinutes(names?: readonly string[]) {
  const account = await anAccount(names);
  account.plant.advanceTo(later(605));
  return account;
}

describe('GetMetricData', () => {
  it('answers with the newest datapoint first, as CloudWatch does unless told otherwise', async () => {
    const { cloudwatch } = await tenMinutes();
    const { MetricDataResults, NextToken } = await cloudwatch.send(reading([cpu('m1')]));
    expect(MetricDataResults).toEqual([
      {
        Id: 'm1',
        Label: 'CPUUtilization',
        StatusCode: 'Complete',
        Timestamps: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map(minute),
        Values: Array(10).fill(70),
      },
    ]);
    expect(NextToken).toBeUndefined();
    const ascending = await cloudwatch.send(reading([cpu('m1')], { ScanBy: 'TimestampAscending' }));
    expect(ascending.MetricDataResults?.[0]?.Timestamps?.[0]).toEqual(minute(0));
  });

  it('rounds the start down to the minute, and leaves the end out', async () => {
    const { cloudwatch } = await tenMinutes();
    const { MetricDataResults } = await cloudwatch.send(
      reading([cpu('m1')], { StartTime: new Date(later(90)), EndTime: new Date(later(180)) }),
    );
    expect(MetricDataResults?.[0]?.Timestamps).toEqual([minute(2), minute(1)]);
  });

  it('has an empty answer for a metric that nobody reports', async () => {
    const { cloudwatch } = await tenMinutes();
    const { MetricDataResults } = await cloudwatch.send(reading([cpu('m1', 'nobody')]));
    expect(MetricDataResults).toMatchObject([
      { Id: 'm1', StatusCode: 'Complete', Values: [], Timestamps: [] },
    ]);
  });

  it('evaluates expressions over queries whose data is not returned', async () => {
    const { cloudwatch } = await tenMinutes(['web', 'api']);
    const hidden = (query: MetricDataQuery): MetricDataQuery => ({ ...query, ReturnData: false });
    const { MetricDataResults } = await cloudwatch.send(
      reading([
        hidden(cpu('m1')),
        hidden(cpu('m2', 'api')),
        { Id: 'e1', Expression: '(m1 + m2) / 2', Label: 'both' },
        { Id: 'e2', Expression: 'IF(e1 > 60, e1 * 10, 0)' },
      ]),
    );
    expect(MetricDataResults).toMatchObject([
      { Id: 'e1', Label: 'both', Values: Array(10).fill(70) },
      { Id: 'e2', Label: 'e2', Values: Array(10).fill(700) },
    ]);
  });

  it('cuts long answers into pages, and says which results go on', async () => {
    const { cloudwatch } = await tenMinutes(['web', 'api']);
    const queries = [cpu('m1'), cpu('m2', 'api'), cpu('m3', 'nobody')];
    const pages: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const page = await cloudwatch.send(
        reading(queries, { MaxDatapoints: 8, ...(NextToken === undefined ? {} : { NextToken }) }),
      );
      pages.push(
        page.MetricDataResults?.map(({ Id, Values, StatusCode }) => [Id, Values?.length, StatusCode]),
      );
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(pages).toEqual([
      [
        ['m1', 8, 'PartialData'],
        ['m3', 0, 'Complete'],
      ],
      [
        ['m1', 2, 'Complete'],
        ['m2', 6, 'PartialData'],
      ],
      [['m2', 4, 'Complete']],
    ]);
  });

  it('takes 500 queries a call', async () => {
    const { cloudwatch } = await tenMinutes();
    const many = (count: number) => Array.from({ length: count }, (_, index) => cpu(`m${index}`));
    expect((await cloudwatch.send(reading(many(500)))).MetricDataResults).toHaveLength(500);
    expect(await failureOf(cloudwatch.send(reading(many(501))))).toMatchObject({
      name: 'ValidationException',
      message: 'The collection MetricDataQueries must not have a size greater than 500.',
    });
  });

  it.each<[string, readonly MetricDataQuery[], Partial<GetMetricDataInput>, string]>([
    [
      'a range that ends before it starts',
      [cpu('m1')],
      { EndTime: new Date(START) },
      'StartTime must be less',
    ],
    ['an id that starts with a capital', [cpu('M1')], {}, 'is not matching the expected pattern'],
    ['two queries of one id', [cpu('m1'), cpu('m1')], {}, 'are not unique'],
    ['a query of nothing', [{ Id: 'm1' }], {}, 'either MetricStat or Expression'],
    ['a broken expression', [{ Id: 'e1', Expression: 'm1 +' }], {}, 'does not parse'],
    ['an unknown id', [{ Id: 'e1', Expression: 'm9' }], {}, 'no metric of the query'],
    [
      'expressions in a circle',
      [
        { Id: 'a', Expression: 'b' },
        { Id: 'b', Expression: 'a' },
      ],
      {},
      'Circular',
    ],
  ])('refuses %s', async (_, queries, rest, message) => {
    const { cloudwatch } = await tenMinutes();
    const failure = await failureOf(cloudwatch.send(reading(queries, rest)));
    expect(failure).toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) });
  });

  it('refuses a token that is not its own', async () => {
    const { cloudwatch } = await tenMinutes();
    const call = cloudwatch.send(reading([cpu('m1')], { NextToken: 'tomorrow' }));
    expect(await failureOf(call)).toBeInstanceOf(InvalidNextToken);
  });
});

describe('PutMetricData', () => {
  it('takes metrics that can be read back with their statistics', async () => {
    const { cloudwatch } = await tenMinutes();
    const Timestamp = new Date(later(65));
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: 'App',
        MetricData: [
          { MetricName: 'Orders', Value: 4, Timestamp },
          { MetricName: 'Orders', Values: [1, 7], Counts: [2, 1], Timestamp },
          {
            MetricName: 'Orders',
            StatisticValues: { Sum: 10, SampleCount: 2, Minimum: 0, Maximum: 10 },
            Timestamp,
          },
        ],
      }),
    );
    const orders = (Stat: string): MetricDataQuery => ({
      Id: Stat.toLowerCase(),
      MetricStat: { Metric: { Namespace: 'App', MetricName: 'Orders' }, Period: 60, Stat },
    });
    const stats = ['Sum', 'SampleCount', 'Minimum', 'Maximum', 'Average'];
    const { MetricDataResults } = await cloudwatch.send(reading(stats.map(orders)));
    expect(MetricDataResults?.map(({ Values }) => Values)).toEqual([[23], [6], [0], [10], [23 / 6]]);
    expect(MetricDataResults?.[0]?.Timestamps).toEqual([minute(1)]);
  });

  it('takes a thousand metrics a call', async () => {
    const { cloudwatch } = await anAccount();
    const MetricData = Array(1001).fill({ MetricName: 'Orders', Value: 1 });
    const put = cloudwatch.send(new PutMetricDataCommand({ Namespace: 'App', MetricData }));
    expect(await failureOf(put)).toMatchObject({ name: 'ValidationException' });
  });
});

describe('DescribeAlarms', () => {
  it('tells the alarms of the policies with their state and its reason', async () => {
    const { cloudwatch, plant } = await anAccount();
    plant.advanceTo(later(60));
    const { MetricAlarms } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: ['plimsoll-web-cpu-out'] }),
    );
    expect(MetricAlarms).toMatchObject([
      {
        AlarmName: 'plimsoll-web-cpu-out',
        AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:plimsoll-web-cpu-out',
        StateValue: 'OK',
        StateReason: expect.stringMatching(/^Threshold Crossed: 1 out of the last 1 datapoints \[70\.0/),
        Namespace: 'AWS/ECS',
        MetricName: 'CPUUtilization',
        Period: 60,
        Statistic: 'Average',
        Threshold: 77,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'missing',
        StateUpdatedTimestamp: new Date(later(6)),
      },
    ]);
  });

  it('pages, and selects by prefix and state', async () => {
    const { cloudwatch } = await anAccount(['web', 'api']);
    const first = await cloudwatch.send(new DescribeAlarmsCommand({ MaxRecords: 3 }));
    expect(first.MetricAlarms).toHaveLength(3);
    const { NextToken } = first;
    const rest = await cloudwatch.send(new DescribeAlarmsCommand({ MaxRecords: 3, NextToken }));
    expect(rest.MetricAlarms).toHaveLength(1);
    expect(rest.NextToken).toBeUndefined();
    const chosen = new DescribeAlarmsCommand({
      AlarmNamePrefix: 'plimsoll-api',
      StateValue: 'INSUFFICIENT_DATA',
    });
    expect((await cloudwatch.send(chosen)).MetricAlarms).toHaveLength(2);
  });
});
