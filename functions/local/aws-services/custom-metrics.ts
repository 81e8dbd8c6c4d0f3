import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { MetricStat } from '../../../shared/core/metric.ts';
import { type Instant, instant } from '../../../shared/core/time.ts';
import { type Datapoint, metricKey } from '../../../shared/simulation/metric-series.ts';

interface Sample {
  readonly at: number;
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

/** Samples kept of each metric, at least. */
const KEPT_SAMPLES = 20_000;

/** Metrics that were put into the account from outside: PutMetricData. */
export class CustomMetrics {
  readonly #samples = new Map<string, Sample[]>();

  /** Stores a datum, at its own time or else at `now`. */
  put(namespace: string, datum: MetricDatum, now: Instant): void {
    const key = metricKey({
      namespace,
      name: datum.MetricName ?? '',
      dimensions: dimensionsOf(datum.Dimensions),
    });
    const known = this.#samples.get(key) ?? [];
    known.push(sampleOf(datum, now));
    this.#samples.set(key, known.length > 2 * KEPT_SAMPLES ? known.slice(-KEPT_SAMPLES) : known);
  }

  /** Datapoints of the periods that start in [start, end) and hold a sample, oldest first. */
  datapoints(metric: MetricStat, start: Instant, end: Instant, periodSeconds: number): readonly Datapoint[] {
    const step = periodSeconds * 1000;
    const periods = new Map<number, Sample[]>();
    for (const sample of this.#samples.get(metricKey(metric)) ?? []) {
      const period = Math.floor(sample.at / step) * step;
      if (period < start || period >= end) continue;
      periods.set(period, [...(periods.get(period) ?? []), sample]);
    }
    return [...periods]
      .sort(([left], [right]) => left - right)
      .map(([at, samples]) => ({ at: instant(at), value: statistic(metric.stat, samples) }));
  }
}

/** Dimensions as a record, in the form that the core uses. */
export const dimensionsOf = (dimensions: MetricDatum['Dimensions'] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(dimensions.map(({ Name, Value }) => [Name ?? '', Value ?? '']));

function sampleOf(datum: MetricDatum, now: Instant): Sample {
  const at = datum.Timestamp?.getTime() ?? now;
  const set = datum.StatisticValues;
  if (set !== undefined) {
    const { Sum = 0, SampleCount = 0, Minimum = 0, Maximum = 0 } = set;
    return { at, sum: Sum, count: SampleCount, min: Minimum, max: Maximum };
  }
  const values = datum.Values ?? [datum.Value ?? 0];
  const counts = datum.Counts ?? values.map(() => 1);
  return {
    at,
    sum: values.reduce((total, value, index) => total + value * (counts[index] ?? 1), 0),
    count: counts.reduce((total, count) => total + count, 0),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/** Percentiles are answered with the average: samples that come as sets do not hold them. */
function statistic(stat: string, samples: readonly Sample[]): number {
  const total = (part: 'sum' | 'count'): number => samples.reduce((sum, sample) => sum + sample[part], 0);
  switch (stat) {
    case 'Sum':
      return total('sum');
    case 'SampleCount':
      return total('count');
    case 'Minimum':
      return Math.min(...samples.map(({ min }) => min));
    case 'Maximum':
      return Math.max(...samples.map(({ max }) => max));
    default:
      return total('sum') / total('count');
  }
}
