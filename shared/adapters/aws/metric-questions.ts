import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { MetricQuery, MetricStat } from '../../core/metric.ts';
import type { MetricRequest } from '../../ports/metric-source.ts';
import { namesIn, renameIds, spansItsRequest } from './metric-expression.ts';

/** Something to ask of CloudWatch once, for all the requests that want the same. */
export interface MetricQuestion {
  readonly query: MetricQuery;
  readonly periodSeconds: number;
  /** How far back an answer can be of use to the most patient of its requests. */
  readonly lookBackSeconds: number;
  /** MetricDataQuery structures that it takes: an expression counts with its metrics. */
  readonly queries: number;
  /** `METRICS()` means every metric of the call, so such a question has a call of its own. */
  readonly alone: boolean;
  readonly requests: readonly MetricRequest[];
}

/** Brings requests for the same data together. */
export function questionsOf(requests: readonly MetricRequest[]): readonly MetricQuestion[] {
  const same = new Map<string, MetricRequest[]>();
  for (const request of requests) {
    const { query, periodSeconds } = request.metric;
    const identity = JSON.stringify([query, periodSeconds], sortedKeys);
    const others = same.get(identity);
    if (others === undefined) same.set(identity, [request]);
    else others.push(request);
  }
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [questionOf(first, group)];
  });
}

function questionOf(first: MetricRequest, requests: readonly MetricRequest[]): MetricQuestion {
  const { query, periodSeconds } = first.metric;
  const staleAfter = Math.max(...requests.map(({ metric }) => metric.staleAfterSeconds));
  return {
    query,
    periodSeconds,
    // Twice the limit: a metric that has just gone stale is reported with its last datapoint, not as unheard of.
    lookBackSeconds: 2 * staleAfter + periodSeconds + longestHistory(requests),
    queries: query.kind === 'stat' ? 1 : 1 + Object.keys(query.metrics).length,
    alone: query.kind === 'expression' && spansItsRequest(query.expression),
    requests,
  };
}

const longestHistory = (requests: readonly MetricRequest[]): number =>
  Math.max(...requests.map(({ metric }) => metric.historySeconds));

const sortedKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The id under which the answer to the question at this place of a call comes back. */
export const answerId = (place: number): string => `q${place}`;

const OWN_ID = /^q\d+(_\d+)?$/;

/**
 * Why a question cannot be asked at all, or null: a name that its expression does not define but that looks like one
 * of ours would be read as the metric of another target.
 */
export function whyUnaskable({ query, alone, queries }: MetricQuestion, queriesACall: number): string | null {
  if (queries > queriesACall) {
    return `the expression has ${queries - 1} metrics; CloudWatch takes ${queriesACall - 1} in one call`;
  }
  if (query.kind === 'stat') return null;
  if (alone) {
    return answerId(0) in query.metrics
      ? `the metric id ${answerId(0)} is taken in an expression with METRICS()`
      : null;
  }
  const foreign = [...namesIn(query.expression)].find(
    (name) => OWN_ID.test(name) && !(name in query.metrics),
  );
  return foreign === undefined ? null : `the expression names ${foreign}, which is not among its metrics`;
}

/** The structures that ask a question at its place in a call. */
export function queriesOf(question: MetricQuestion, place: number): MetricDataQuery[] {
  const { query, periodSeconds, alone } = question;
  const Id = answerId(place);
  if (query.kind === 'stat') return [{ Id, MetricStat: statOf(query, periodSeconds), ReturnData: true }];
  const metrics = Object.entries(query.metrics);
  // METRICS("cpu") filters by id, so a question that is alone keeps its own ids.
  const names = new Map(metrics.map(([name], index) => [name, alone ? name : `${Id}_${index}`]));
  const parts = metrics.map(([name, stat]) => ({
    Id: names.get(name),
    MetricStat: statOf(stat, periodSeconds),
    ReturnData: false,
  }));
  const Expression = renameIds(query.expression, names);
  // Only an expression without metrics of its own (a Metrics Insights query, SEARCH) needs to be told its period.
  return [
    { Id, Expression, ReturnData: true, ...(metrics.length === 0 && { Period: periodSeconds }) },
    ...parts,
  ];
}

const statOf = ({ namespace, name, dimensions, stat }: MetricStat, periodSeconds: number) => ({
  Metric: {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  },
  Period: periodSeconds,
  Stat: stat,
});
