import type { MetricReading } from '../core/capacity.ts';
import type { MetricSpec } from '../core/metric.ts';
import type { Instant } from '../core/time.ts';

/** One metric to read; `key` names it in the answer. */
export interface MetricRequest {
  readonly key: string;
  readonly metric: MetricSpec;
  /** The units to read a metric with a {@link MetricSpec.unitDimension} for; the answer is a reading of samples. */
  readonly units?: readonly string[] | undefined;
}

/** Reads the newest complete datapoint of many metrics at once. */
export interface MetricSource {
  /**
   * One reading for every request. A metric without a usable datapoint is a `missing` reading, not an error.
   * @throws ControllerError `throttled`, `unavailable` or `denied` when nothing could be read at all.
   */
  read(requests: readonly MetricRequest[], now: Instant): Promise<ReadonlyMap<string, MetricReading>>;
}
