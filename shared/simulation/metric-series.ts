import type { MetricStat } from '../core/metric.ts';
import { type Instant, instant } from '../core/time.ts';

/** One datapoint; `at` is the start of its period. */
export interface Datapoint {
  readonly at: Instant;
  readonly value: number;
}

/** Seconds between the end of a period and the moment its datapoint can be read: CloudWatch needs a few. */
export const PUBLISH_DELAY_SECONDS = 5;

/** How long before its start the account is taken to have stood still: what alarms and first reads look back on. */
const HISTORY_SECONDS = 86_400;

/** Datapoints kept at least, like the 15 days for which CloudWatch keeps minutes. */
const KEPT_BUCKETS = 21_600;

/** Identifies a metric whatever its statistic. */
export function metricKey({ namespace, name, dimensions }: Omit<MetricStat, 'stat'>): string {
  const pairs = Object.entries(dimensions).sort(([left], [right]) => (left < right ? -1 : 1));
  return [namespace, name, ...pairs.map(([key, value]) => `${key}=${value}`)].join('\n');
}

/** The datapoints of one metric: means over buckets of 10 or 60 seconds, and over any multiple of them. */
export class MetricSeries {
  readonly bucketSeconds: number;
  readonly #firstBucket: number;
  readonly #historyBuckets: number;
  readonly #before: number;
  #values: number[] = [];
  /** Buckets that were dropped from the front of `#values`. */
  #dropped = 0;
  #sum = 0;
  #count = 0;
  #stopped = false;

  /** @param before value of every datapoint before the start; null = there was none. */
  constructor(bucketSeconds: number, start: Instant, before: number | null) {
    this.bucketSeconds = bucketSeconds;
    this.#firstBucket = Math.floor(start / 1000 / bucketSeconds);
    this.#historyBuckets = HISTORY_SECONDS / bucketSeconds;
    this.#before = before ?? Number.NaN;
  }

  /** Takes the sample of one second; null = nobody was there to report one. */
  record(sample: number | null): void {
    if (sample === null || this.#stopped) return;
    this.#sum += sample;
    this.#count += 1;
  }

  /** Ends the current bucket. */
  closeBucket(): void {
    this.#push(this.#count === 0 ? Number.NaN : this.#sum / this.#count);
    this.#sum = 0;
    this.#count = 0;
  }

  /** Takes a whole bucket at once, the one that starts at `at`; those left out since the last one have no datapoint. */
  put(at: Instant, value: number): void {
    if (this.#stopped) return;
    const bucket = Math.floor(at / 1000 / this.bucketSeconds) - this.#firstBucket;
    while (this.#values.length + this.#dropped < bucket) this.#push(Number.NaN);
    this.#push(value);
  }

  #push(value: number): void {
    this.#values.push(value);
    if (this.#values.length > 2 * KEPT_BUCKETS) {
      this.#values = this.#values.slice(KEPT_BUCKETS);
      this.#dropped += KEPT_BUCKETS;
    }
  }

  /** From now on nothing reports this metric (`true`), or somebody does again. */
  setStopped(stopped: boolean): void {
    this.#stopped = stopped;
  }

  /** Mean over the period of `periodSeconds` that starts at `at` (aligned to the period); null = no datapoint. */
  valueAt(at: number, periodSeconds: number): number | null {
    if (periodSeconds % this.bucketSeconds !== 0) return null;
    const from = at / 1000 / this.bucketSeconds;
    let sum = 0;
    let count = 0;
    for (let bucket = from; bucket < from + periodSeconds / this.bucketSeconds; bucket += 1) {
      const value = this.#bucket(bucket);
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
    return count === 0 ? null : sum / count;
  }

  #bucket(bucket: number): number {
    const index = bucket - this.#firstBucket;
    if (index < 0) return index >= -this.#historyBuckets ? this.#before : Number.NaN;
    return this.#values[index - this.#dropped] ?? Number.NaN;
  }
}

/** Starts of the whole periods in [start, end) whose datapoints can be read at `now`, oldest first. */
export function readablePeriods(
  range: { readonly start: Instant; readonly end: Instant },
  periodSeconds: number,
  now: Instant,
): readonly Instant[] {
  const step = periodSeconds * 1000;
  const last = Math.min(range.end - 1, now - PUBLISH_DELAY_SECONDS * 1000 - step);
  const first = Math.ceil(range.start / step);
  const count = Math.max(0, Math.floor(last / step) - first + 1);
  return Array.from({ length: count }, (_, index) => instant((first + index) * step));
}
