import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { type Instant, instant } from '../../../shared/core/time.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import type { HandlersOf } from '../aws-endpoint/service.ts';
import { describeAlarm } from './alarm-description.ts';
import { pageOf } from './arguments.ts';
import { CustomMetrics } from './custom-metrics.ts';
import { type AnsweredQuery, MetricDataReader, validationError } from './metric-data.ts';

/** Limits of a call. Source: CloudWatch API reference, GetMetricData, DescribeAlarms and PutMetricData. */
const MAX_QUERIES = 500;
const MAX_DATAPOINTS = 100_800;
const MAX_METRIC_DATA = 1000;
const MAX_ALARMS = 100;
const DEFAULT_ALARMS = 50;
const MINUTE = 60_000;

/** CloudWatch as the simulated account plays it: metrics are read and put, alarms described. */
export function cloudWatchHandlers(plant: Plant): HandlersOf<typeof cloudwatch> {
  const custom = new CustomMetrics();
  return {
    GetMetricData: (input) => getMetricData(plant, custom, input),
    DescribeAlarms: (input) => describeAlarms(plant, input),
    PutMetricData: ({ Namespace = '', MetricData = [] }) => {
      if (Namespace === '') throw missingParameter('Namespace');
      if (MetricData.length > MAX_METRIC_DATA) throw tooLarge('MetricData', MAX_METRIC_DATA);
      for (const datum of MetricData) custom.put(Namespace, datum, plant.now());
      return {};
    },
  };
}

function getMetricData(
  plant: Plant,
  custom: CustomMetrics,
  input: cloudwatch.GetMetricDataInput,
): cloudwatch.GetMetricDataOutput {
  const queries = input.MetricDataQueries ?? [];
  assertQueries(queries);
  const range = rangeOf(input);
  const answers = new MetricDataReader({ plant, custom }, range, queries).answers();
  const limit = Math.min(input.MaxDatapoints ?? MAX_DATAPOINTS, MAX_DATAPOINTS);
  const oldestFirst = input.ScanBy === 'TimestampAscending';
  const skip = input.NextToken === undefined ? 0 : Number(input.NextToken);
  const total = answers.reduce((sum, { datapoints }) => sum + datapoints.length, 0);
  if (!Number.isInteger(skip) || skip < 0 || (skip > 0 && skip >= total)) {
    throw new cloudwatch.InvalidNextToken({ message: 'The next token specified is invalid.', $metadata: {} });
  }
  return {
    MetricDataResults: pageOfResults(answers, { skip, limit, oldestFirst }),
    Messages: [],
    ...(skip + limit < total ? { NextToken: String(skip + limit) } : {}),
  };
}

/** The datapoints from `skip` to `skip + limit`, counted over all results in their order. */
function pageOfResults(
  answers: readonly AnsweredQuery[],
  {
    skip,
    limit,
    oldestFirst,
  }: { readonly skip: number; readonly limit: number; readonly oldestFirst: boolean },
): cloudwatch.MetricDataResult[] {
  let before = 0;
  return answers.flatMap(({ query, datapoints }) => {
    const from = Math.max(0, skip - before);
    const to = Math.min(datapoints.length, skip + limit - before);
    before += datapoints.length;
    const ordered = oldestFirst ? datapoints : [...datapoints].reverse();
    // A result without datapoints belongs to the first page, to say that there are none.
    const touches = datapoints.length === 0 ? skip === 0 : from < to;
    if (!touches) return [];
    const page = ordered.slice(from, Math.max(from, to));
    return [
      {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric?.MetricName ?? query.Id,
        Timestamps: page.map(({ at }) => new Date(at)),
        Values: page.map(({ value }) => value),
        StatusCode: from < to && to < datapoints.length ? 'PartialData' : 'Complete',
      },
    ];
  });
}

function rangeOf({ StartTime, EndTime }: cloudwatch.GetMetricDataInput): { start: Instant; end: Instant } {
  if (StartTime === undefined) throw missingParameter('StartTime');
  if (EndTime === undefined) throw missingParameter('EndTime');
  if (StartTime >= EndTime) {
    throw validationError('The parameter StartTime must be less than the parameter EndTime.');
  }
  // CloudWatch rounds the start down to the whole minute.
  return {
    start: instant(Math.floor(StartTime.getTime() / MINUTE) * MINUTE),
    end: instant(EndTime.getTime()),
  };
}

function assertQueries(queries: readonly cloudwatch.MetricDataQuery[]): void {
  if (queries.length === 0) throw missingParameter('MetricDataQueries');
  if (queries.length > MAX_QUERIES) throw tooLarge('MetricDataQueries', MAX_QUERIES);
  const ids = new Set<string>();
  for (const { Id = '', MetricStat, Expression } of queries) {
    if (!/^[a-z][a-zA-Z0-9_]{0,254}$/.test(Id)) {
      throw validationError(
        `The value ${Id} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      );
    }
    if (ids.has(Id)) {
      throw validationError(`The values for parameter id in MetricDataQueries are not unique: ${Id}.`);
    }
    if ((MetricStat === undefined) === (Expression === undefined)) {
      throw validationError(`The query ${Id} must have either MetricStat or Expression.`);
    }
    ids.add(Id);
  }
}

function describeAlarms(
  plant: Plant,
  input: cloudwatch.DescribeAlarmsInput,
): cloudwatch.DescribeAlarmsOutput {
  const { AlarmNames, AlarmNamePrefix = '', StateValue, NextToken } = input;
  const chosen = plant
    .describeAlarms(AlarmNames)
    .filter(
      ({ spec, status }) =>
        spec.name.startsWith(AlarmNamePrefix) && (StateValue ?? status.state) === status.state,
    );
  const page = pageOf(chosen, NextToken, Math.min(input.MaxRecords ?? DEFAULT_ALARMS, MAX_ALARMS));
  if (page === null) {
    throw new cloudwatch.InvalidNextToken({ message: 'The next token specified is invalid.', $metadata: {} });
  }
  return {
    MetricAlarms: page.items.map((view) => describeAlarm(plant.identity, view)),
    CompositeAlarms: [],
    NextToken: page.next,
  };
}

const missingParameter = (name: string): Error =>
  new cloudwatch.MissingRequiredParameterException({
    message: `The parameter ${name} is required.`,
    $metadata: {},
  });

const tooLarge = (name: string, limit: number): Error =>
  validationError(`The collection ${name} must not have a size greater than ${limit}.`);
