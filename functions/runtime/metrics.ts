import {
  CONTROLLER_METRICS,
  type ControllerMetric,
  type MetricDimensions,
} from '../../shared/config/telemetry-names.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** A metric may carry this many values in one line of the embedded metric format. */
const MAX_VALUES_A_LINE = 100;

/** Gathers the controller's metrics during an invocation and writes them at its end. */
export interface Metrics {
  /** Adds a value; counts add up, seconds are kept one by one so that percentiles stay true. */
  add<M extends ControllerMetric>(metric: M, value: number, dimensions: MetricDimensions<M>): void;
  /** Writes one line per metric and set of dimension values, and forgets them. */
  flush(): void;
}

interface Series {
  readonly metric: ControllerMetric;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: number[];
}

/**
 * Metrics as lines of the CloudWatch embedded metric format, which CloudWatch Logs turns into metrics by itself:
 * no call, no waiting. See "Specification: Embedded metric format" in the CloudWatch user guide.
 */
export function embeddedMetrics(namespace: string, clock: Clock, write: (line: string) => void): Metrics {
  const series = new Map<string, Series>();
  return {
    add(metric, value, dimensions) {
      const names = CONTROLLER_METRICS[metric].dimensions as readonly string[];
      const given: Readonly<Record<string, string>> = dimensions;
      const key = [metric, ...names.map((name) => given[name])].join('|');
      const found = series.get(key) ?? { metric, dimensions: given, values: [] };
      series.set(key, found);
      if (CONTROLLER_METRICS[metric].unit === 'Count') found.values[0] = (found.values[0] ?? 0) + value;
      else found.values.push(value);
    },
    flush() {
      const at = clock.now();
      for (const entry of series.values()) {
        for (let start = 0; start < entry.values.length; start += MAX_VALUES_A_LINE) {
          write(emfLine(namespace, at, entry, entry.values.slice(start, start + MAX_VALUES_A_LINE)));
        }
      }
      series.clear();
    },
  };
}

function emfLine(
  namespace: string,
  at: number,
  { metric, dimensions }: Series,
  values: readonly number[],
): string {
  const { unit, dimensions: names } = CONTROLLER_METRICS[metric];
  return JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        { Namespace: namespace, Dimensions: [names], Metrics: [{ Name: metric, Unit: unit }] },
      ],
    },
    ...dimensions,
    [metric]: values.length === 1 ? values[0] : values,
  });
}
