import type { MetricQuery, MetricStat } from '../core/metric.ts';
import type { Instant } from '../core/time.ts';
import { type MetricMath, parseMetricMath } from './metric-math.ts';
import type { ModelledMetric } from './metric-model.ts';
import { type Datapoint, MetricSeries, metricKey, readablePeriods } from './metric-series.ts';
import type { MetricInputs } from './real-counts.ts';

/** Which datapoints to read: periods that start in [start, end). */
export interface DatapointRange {
  readonly start: Instant;
  readonly end: Instant;
  readonly periodSeconds: number;
}

/** Selects metrics by name, and by those dimensions that are given. */
export type MetricSelector = Omit<MetricStat, 'stat' | 'dimensions'> & {
  readonly dimensions?: MetricStat['dimensions'];
};

interface Modelled {
  readonly metric: MetricStat;
  readonly sample: ModelledMetric['sample'];
  readonly series: MetricSeries;
}

/** The CloudWatch of the simulated account: samples metrics every second and answers with datapoints. */
export class PlantMetrics {
  /** By service, because the samples of a service depend on it. */
  readonly #byService = new Map<string, Modelled[]>();
  readonly #byStat = new Map<string, Modelled>();
  readonly #byMetric = new Map<string, Modelled>();
  /** Metrics of what is really there: no policy's model takes their place, whatever its statistic. */
  readonly #real = new Set<string>();
  readonly #parsed = new Map<string, MetricMath>();

  /** Adds the metrics of a service; one that is known already stays as it is. */
  add(service: string, models: readonly ModelledMetric[], start: Instant, initial: MetricInputs): void {
    const own = this.#byService.get(service) ?? [];
    this.#byService.set(service, own);
    for (const { metric, bucketSeconds, sample } of models) {
      const key = metricKey(metric);
      const statKey = `${key}\n${metric.stat}`;
      if (this.#byStat.has(statKey) || this.#real.has(key)) continue;
      const modelled = { metric, sample, series: new MetricSeries(bucketSeconds, start, sample(initial)) };
      own.push(modelled);
      this.#byStat.set(statKey, modelled);
      if (!this.#byMetric.has(key)) this.#byMetric.set(key, modelled);
    }
  }

  /**
   * Adds a metric by the minute of something that comes and goes; its datapoints stay when it is gone.
   * @param before value of every datapoint before `start`; null = there was none.
   */
  open(metric: MetricStat, start: Instant, before: number | null): void {
    const key = metricKey(metric);
    const statKey = `${key}\n${metric.stat}`;
    if (this.#byStat.has(statKey)) return;
    this.#real.add(key);
    const modelled = { metric, sample: () => null, series: new MetricSeries(60, start, before) };
    this.#byStat.set(statKey, modelled);
    if (!this.#byMetric.has(key)) this.#byMetric.set(key, modelled);
  }

  /** Takes the value of the minute that starts at `at`, of a metric that was opened; it is opened where it was not. */
  publish(metric: MetricStat, at: Instant, value: number): void {
    this.open(metric, at, null);
    this.#byStat.get(`${metricKey(metric)}\n${metric.stat}`)?.series.put(at, value);
  }

  /** Takes the samples of one second of a service, which ends at second `until` since the epoch. */
  record(service: string, inputs: MetricInputs | null, until: number): void {
    for (const { series, sample } of this.#byService.get(service) ?? []) {
      series.record(inputs === null ? null : sample(inputs));
      if (until % series.bucketSeconds === 0) series.closeBucket();
    }
  }

  /** Whether the account knows a metric, whatever its statistic. */
  knows(metric: Omit<MetricStat, 'stat'>): boolean {
    return this.#byMetric.has(metricKey(metric));
  }

  /**
   * Datapoints that can be read at `now`, oldest first. A metric is modelled for the statistic that a policy names and
   * answers with the same value for any other.
   */
  datapoints(metric: MetricStat, range: DatapointRange, now: Instant): readonly Datapoint[] {
    const key = metricKey(metric);
    const found = this.#byStat.get(`${key}\n${metric.stat}`) ?? this.#byMetric.get(key);
    if (found === undefined) return [];
    return readablePeriods(range, range.periodSeconds, now).flatMap((at) => {
      const value = found.series.valueAt(at, range.periodSeconds);
      return value === null ? [] : [{ at, value }];
    });
  }

  /** Like {@link datapoints}, for a metric or an expression as policies write them. */
  query(query: MetricQuery, range: DatapointRange, now: Instant): readonly Datapoint[] {
    if (query.kind === 'stat') return this.datapoints(query, range, now);
    const series = Object.fromEntries(
      Object.entries(query.metrics).map(([id, metric]) => [
        id,
        new Map(this.datapoints(metric, range, now).map(({ at, value }) => [at, value])),
      ]),
    );
    const periods = readablePeriods(range, range.periodSeconds, now);
    const result = this.#math(query.expression).evaluate(series, periods, range.periodSeconds);
    return periods.flatMap((at) => {
      const value = result.get(at);
      return value === undefined ? [] : [{ at, value }];
    });
  }

  /** Stops or resumes the reporting of metrics, and returns how many that were. */
  setStopped(selector: MetricSelector, stopped: boolean): number {
    const wanted = Object.entries(selector.dimensions ?? {});
    const matching = [...this.#byStat.values()].filter(
      ({ metric }) =>
        metric.namespace === selector.namespace &&
        metric.name === selector.name &&
        wanted.every(([key, value]) => metric.dimensions[key] === value),
    );
    for (const { series } of matching) series.setStopped(stopped);
    return matching.length;
  }

  #math(expression: string): MetricMath {
    const known = this.#parsed.get(expression) ?? parseMetricMath(expression);
    this.#parsed.set(expression, known);
    return known;
  }
}
