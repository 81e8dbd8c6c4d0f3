import type { GetMetricDataOutput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Datapoint, MetricReading, MissingReason } from '../../core/capacity.ts';
import type { MetricQuery, MetricSpec } from '../../core/metric.ts';
import { type Instant, instant, plusSeconds, secondsBetween } from '../../core/time.ts';

/** What all pages of a call said about one question. */
export interface MetricAnswer {
  readonly status: NonNullable<MetricDataResult['StatusCode']>;
  /** Time series under one id: an expression can yield several. */
  readonly series: number;
  readonly points: readonly Datapoint[];
  readonly messages: readonly string[];
}

const NOTHING: MetricAnswer = { status: 'Complete', series: 0, points: [], messages: [] };

/** Puts the pages of an answer together, by query id. */
export function answersOf(pages: readonly GetMetricDataOutput[]): ReadonlyMap<string, MetricAnswer> {
  const general = messagesOf(pages.flatMap(({ Messages }) => Messages ?? []));
  const answers = new Map<string, MetricAnswer>();
  for (const page of pages) {
    for (const [id, results] of byId(page.MetricDataResults ?? [])) {
      answers.set(id, withPage(answers.get(id) ?? { ...NOTHING, messages: general }, results));
    }
  }
  return answers;
}

const withPage = (before: MetricAnswer, results: readonly MetricDataResult[]): MetricAnswer => ({
  // The last page has the last word: `PartialData` on an earlier one only meant that more would come.
  status: results.at(-1)?.StatusCode ?? 'Complete',
  series: Math.max(before.series, results.length),
  points: [...before.points, ...results.flatMap(pointsOf)],
  messages: [...before.messages, ...results.flatMap(({ Messages }) => messagesOf(Messages ?? []))],
});

function byId(results: readonly MetricDataResult[]): ReadonlyMap<string, readonly MetricDataResult[]> {
  const groups = new Map<string, MetricDataResult[]>();
  for (const result of results) groups.set(result.Id ?? '', [...(groups.get(result.Id ?? '') ?? []), result]);
  return groups;
}

const messagesOf = (messages: NonNullable<GetMetricDataOutput['Messages']>): readonly string[] =>
  messages.map(({ Code, Value }) => [Code, Value].filter(Boolean).join(': '));

const pointsOf = ({ Timestamps = [], Values = [] }: MetricDataResult): readonly Datapoint[] =>
  Timestamps.flatMap((timestamp, index) => {
    const value = Values[index];
    return value === undefined ? [] : [{ at: instant(timestamp.getTime()), value }];
  });

/**
 * The newest complete datapoint of a metric, or why there is none.
 *
 * Only periods that have ended count, and the age of a datapoint is counted from the end of its period: a datapoint of
 * five minutes is five minutes old by its stamp when it is complete.
 */
export function readingOf(metric: MetricSpec, answer: MetricAnswer | undefined, now: Instant): MetricReading {
  const name = nameOf(metric.query);
  if (answer === undefined) return missing('no-data', `CloudWatch answered nothing about ${name}`);
  const said = answer.messages.length === 0 ? '' : `: ${answer.messages.join('; ')}`;
  if (answer.status === 'PartialData')
    return missing('partial-data', `CloudWatch has only part of ${name}${said}`);
  if (answer.status !== 'Complete')
    return missing('read-failed', `CloudWatch answered ${answer.status} for ${name}${said}`);
  if (answer.series > 1) {
    return missing('read-failed', `${name} is ${answer.series} time series; a policy needs one`);
  }
  return newestOf(metric, answer.points, now, `${name}${said}`);
}

function newestOf(
  metric: MetricSpec,
  points: readonly Datapoint[],
  now: Instant,
  name: string,
): MetricReading {
  const complete = points.filter(({ at }) => plusSeconds(at, metric.periodSeconds) <= now);
  const newest = newestFirst(complete)[0];
  if (newest === undefined) return withoutComplete(points, now, name);
  const { at, value } = newest;
  if (!Number.isFinite(value)) return missing('not-a-number', `${name} is ${value} at ${iso(at)}`);
  const age = secondsBetween(plusSeconds(at, metric.periodSeconds), now);
  return age > metric.staleAfterSeconds
    ? missing(
        'stale',
        `the last datapoint of ${name} is of ${iso(at)}, ${Math.round(age)} s old; the limit is ${metric.staleAfterSeconds} s`,
      )
    : { kind: 'value', value, at, ...historyOf(metric, complete, at) };
}

/** Earlier datapoints, where the metric wants them; a gap stays a gap. */
function historyOf(
  { historySeconds }: MetricSpec,
  complete: readonly Datapoint[],
  newest: Instant,
): { readonly earlier?: readonly Datapoint[] } {
  if (historySeconds === 0) return {};
  const reach = plusSeconds(newest, -historySeconds);
  return {
    earlier: newestFirst(complete).filter(
      ({ at, value }) => at < newest && at >= reach && Number.isFinite(value),
    ),
  };
}

function withoutComplete(points: readonly Datapoint[], now: Instant, name: string): MetricReading {
  const newest = newestFirst(points)[0];
  if (newest === undefined) return missing('no-data', `no datapoint of ${name}`);
  return newest.at > now
    ? missing(
        'future',
        `the only datapoint of ${name} is of ${iso(newest.at)}, ${Math.round(secondsBetween(now, newest.at))} s ahead`,
      )
    : missing(
        'no-data',
        `the only datapoint of ${name} is of a period that has not ended, ${iso(newest.at)}`,
      );
}

const newestFirst = (points: readonly Datapoint[]): readonly Datapoint[] =>
  [...points].sort((a, b) => b.at - a.at);

/** A reading without a value. */
export const missing = (reason: MissingReason, detail: string): MetricReading => ({
  kind: 'missing',
  reason,
  detail,
});

const iso = (at: Instant): string => new Date(at).toISOString();

/** How details name a query: `AWS/ECS CPUUtilization (ClusterName=prod, ServiceName=web)`. */
export function nameOf(query: MetricQuery): string {
  if (query.kind === 'expression') return `the expression ${query.expression}`;
  const dimensions = Object.entries(query.dimensions).map(([name, value]) => `${name}=${value}`);
  return `${query.namespace} ${query.name} (${dimensions.join(', ')})`;
}
