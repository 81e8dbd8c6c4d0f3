/** One CloudWatch metric with its statistic. */
export interface MetricStat {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** A CloudWatch statistic: Average, Sum, Maximum, p95 … */
  readonly stat: string;
}

/** Where the numbers come from: one metric, or a metric math expression over several. */
export type MetricQuery =
  | ({ readonly kind: 'stat' } & MetricStat)
  | {
      readonly kind: 'expression';
      /** CloudWatch metric math over the keys of `metrics`, for example `m1/m2`. */
      readonly expression: string;
      readonly metrics: Readonly<Record<string, MetricStat>>;
    };

/** A metric as a policy uses it. */
export interface MetricSpec {
  /** Unique in its policy: part of alarm names, logs and events. `^[a-z][a-zA-Z0-9_]*$`: without a dash, alarm names stay unambiguous. */
  readonly id: string;
  /** How sentences call it, for example `CPU`. */
  readonly label: string;
  /** How sentences write its values, for example ` %`; empty for plain numbers. */
  readonly unit: string;
  readonly query: MetricQuery;
  /** Length of one datapoint in seconds: 10, 20, 30 or a multiple of 60. */
  readonly periodSeconds: number;
  /** A datapoint older than this counts as missing. */
  readonly staleAfterSeconds: number;
  /** What a metric that disappears means. `zero` is an explicit choice of the policy's author. */
  readonly whenMissing: 'missing' | 'zero';
  /** How many seconds of earlier datapoints come with the newest one; 0 = none. For sustained thresholds and idle times. */
  readonly historySeconds: number;
  /**
   * The dimension whose values are the units: the metric is read for each of them, and the reading is one of samples. No
   * alarm can follow units that come and go, so a target with such a metric is asked each minute. Absent = one metric for all.
   */
  readonly unitDimension?: string | undefined;
}

/**
 * How a metric answers to the size. `average`: a mean over units, so half the units carry twice as much. `total`: a sum
 * that the size does not change. `independent`: it does not follow the size in any known way (an error rate, a latency).
 */
export type MetricScope = 'average' | 'total' | 'independent';
