import type { MetricSpec } from '../../core/metric.ts';
import type { Target } from '../../core/target.ts';
import { checkStale } from '../checks.ts';
import { type MissingRule, metricSpec } from '../metric-spec.ts';
import type { DocumentPath, Report } from '../problem.ts';
import type { MetricDocument } from '../schema/metric.ts';

/** What a strategy document is compiled with. */
export interface StrategyContext {
  readonly target: Target;
  /** Null when they are wrong by themselves. */
  readonly bounds: { readonly min: number; readonly max: number } | null;
  /** The rule of the strategy, or of the policy where it has none. */
  readonly missing: MissingRule;
  /** Where `staleAfterSeconds` was written. */
  readonly stalePath: DocumentPath;
  readonly path: DocumentPath;
  readonly report: Report;
}

/** A metric of a strategy, at a path inside its document. */
export function strategyMetric(
  metric: MetricDocument,
  at: DocumentPath,
  context: StrategyContext,
  historySeconds = 0,
): MetricSpec {
  const { target, missing, path, report, stalePath } = context;
  const spec = metricSpec(metric, { target, missing, path: [...path, ...at], report }, historySeconds);
  checkStale(spec, stalePath, report);
  return spec;
}

/** A size that a document names must lie inside the bounds, where these are right. */
export function checkInside(
  size: number,
  bounds: StrategyContext['bounds'],
  path: DocumentPath,
  report: Report,
): void {
  if (bounds === null || (size >= bounds.min && size <= bounds.max)) return;
  report(path, `${size} is outside the bounds ${bounds.min}..${bounds.max} (choose a size inside them)`);
}

/** A duration given as `for: 10m` or `forSeconds: 600`, in seconds; reports both at once. */
export function durationOf(
  text: { readonly key: string; readonly seconds: number | undefined },
  plain: { readonly key: string; readonly seconds: number | undefined },
  otherwise: number,
  path: DocumentPath,
  report: Report,
): number {
  if (text.seconds !== undefined && plain.seconds !== undefined) {
    report([...path, plain.key], `stands beside ${text.key} (keep one of the two)`, 'key');
  }
  const seconds = text.seconds ?? plain.seconds ?? otherwise;
  if (seconds > DAY) report([...path, text.key], `${seconds} s is more than a day (at most 1d)`);
  // What follows from a duration that was refused is not blamed once more.
  return Math.min(seconds, DAY);
}

const DAY = 86_400;
