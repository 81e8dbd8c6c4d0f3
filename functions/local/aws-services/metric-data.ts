import { type MetricDataQuery, ValidationException } from '@aws-sdk/client-cloudwatch';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import type { MetricStat } from '../../../shared/core/metric.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { parseMetricMath } from '../../../shared/simulation/metric-math.ts';
import { type Datapoint, readablePeriods } from '../../../shared/simulation/metric-series.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { type CustomMetrics, dimensionsOf } from './custom-metrics.ts';

/** The time range of a request. */
export interface TimeRange {
  readonly start: Instant;
  readonly end: Instant;
}

/** A query with its datapoints, oldest first. */
export interface AnsweredQuery {
  readonly query: MetricDataQuery;
  readonly datapoints: readonly Datapoint[];
}

const DEFAULT_PERIOD_SECONDS = 60;

/** Answers the queries of one GetMetricData call, expressions over others included. */
export class MetricDataReader {
  readonly #plant: Plant;
  readonly #custom: CustomMetrics;
  readonly #range: TimeRange;
  readonly #queries: ReadonlyMap<string, MetricDataQuery>;
  readonly #answers = new Map<string, readonly Datapoint[]>();

  constructor(
    sources: { plant: Plant; custom: CustomMetrics },
    range: TimeRange,
    queries: readonly MetricDataQuery[],
  ) {
    this.#plant = sources.plant;
    this.#custom = sources.custom;
    this.#range = range;
    this.#queries = new Map(queries.map((query) => [query.Id ?? '', query]));
  }

  /**
   * Every query whose data was asked for, in the order of the request.
   * @throws ValidationException for an expression that does not evaluate.
   */
  answers(): readonly AnsweredQuery[] {
    return [...this.#queries.values()]
      .filter(({ ReturnData }) => ReturnData !== false)
      .map((query) => ({ query, datapoints: this.#read(query, []) }));
  }

  #read(query: MetricDataQuery, within: readonly string[]): readonly Datapoint[] {
    const id = query.Id ?? '';
    const known = this.#answers.get(id);
    if (known !== undefined) return known;
    if (within.includes(id)) throw validationError(`Circular reference in MetricDataQueries: ${id}.`);
    const datapoints =
      query.MetricStat === undefined
        ? this.#evaluate(query, [...within, id])
        : this.#readStat(query.MetricStat);
    this.#answers.set(id, datapoints);
    return datapoints;
  }

  #readStat({
    Metric,
    Period = DEFAULT_PERIOD_SECONDS,
    Stat = '',
  }: NonNullable<MetricDataQuery['MetricStat']>) {
    const metric: MetricStat = {
      namespace: Metric?.Namespace ?? '',
      name: Metric?.MetricName ?? '',
      dimensions: dimensionsOf(Metric?.Dimensions),
      stat: Stat,
    };
    const { start, end } = this.#range;
    const modelled = this.#plant.getMetricDatapoints({ kind: 'stat', ...metric }, start, end, Period);
    return modelled.length > 0 ? modelled : this.#custom.datapoints(metric, start, end, Period);
  }

  #evaluate(query: MetricDataQuery, within: readonly string[]): readonly Datapoint[] {
    const math = attempt(() => parseMetricMath(query.Expression ?? ''));
    const period = this.#periodOf(query, within);
    const series = Object.fromEntries(
      math.ids.flatMap((id) => {
        const source = this.#queries.get(id);
        return source === undefined
          ? []
          : [[id, new Map(this.#read(source, within).map(({ at, value }) => [at, value]))]];
      }),
    );
    const periods = readablePeriods(this.#range, period, this.#plant.now());
    const result = attempt(() => math.evaluate(series, periods, period));
    return periods.flatMap((at) => {
      const value = result.get(at);
      return value === undefined ? [] : [{ at, value }];
    });
  }

  /** An expression without a period of its own takes the one of what it refers to. */
  #periodOf(query: MetricDataQuery, within: readonly string[]): number {
    if (query.Period !== undefined) return query.Period;
    const sources = attempt(() => parseMetricMath(query.Expression ?? '')).ids.flatMap((id) => {
      const source = this.#queries.get(id);
      if (source === undefined || within.includes(id)) return [];
      return [source.MetricStat?.Period ?? this.#periodOf(source, [...within, id])];
    });
    return sources.length === 0 ? DEFAULT_PERIOD_SECONDS : Math.max(...sources);
  }
}

/** Turns an expression that does not evaluate into the error that CloudWatch answers with. */
function attempt<T>(evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    throw validationError(`Error in expression: ${error.message}`);
  }
}

/** What CloudWatch answers to a request that cannot be meant: code `ValidationError`. */
export const validationError = (message: string): Error =>
  new ValidationException({ message, $metadata: {} });
