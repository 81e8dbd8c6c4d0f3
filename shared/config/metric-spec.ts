import type { MetricQuery, MetricSpec, MetricStat } from '../core/metric.ts';
import type { Target } from '../core/target.ts';
import { checkExpression } from './expression-ids.ts';
import { presetOf } from './metric-presets.ts';
import type { DocumentPath, Report } from './problem.ts';
import type { BoundMetricDocument, MetricDocument } from './schema/metric.ts';

/** What a metric means besides its numbers. */
export interface MissingRule {
  readonly staleAfterSeconds?: number | undefined;
  readonly whenMissing?: 'missing' | 'zero' | undefined;
}

/** Length of a datapoint in seconds where the document names none: what AWS services publish. */
export const DEFAULT_PERIOD_SECONDS = 60;

/** The metric of a strategy, with every default filled in. Reports what the schema cannot see. */
export function metricSpec(
  metric: MetricDocument,
  context: {
    readonly target: Target;
    readonly missing: MissingRule;
    readonly path: DocumentPath;
    readonly report: Report;
  },
  historySeconds = 0,
): MetricSpec {
  const { target, missing, path, report } = context;
  if (!('preset' in metric)) {
    return { ...boundMetricSpec(metric, metric.id, { missing, path, report }), historySeconds };
  }
  const preset = presetOf(metric, target, path, report);
  return { ...preset, ...timing(metric.periodSeconds, missing), historySeconds };
}

/** A CloudWatch metric or expression under an id. */
export function boundMetricSpec(
  metric: BoundMetricDocument,
  id: string,
  context: { readonly missing: MissingRule; readonly path: DocumentPath; readonly report: Report },
): MetricSpec {
  if ('expression' in metric) checkExpression({ ...metric, id }, context.path, context.report);
  const unit = metric.unit?.trim() ?? '';
  return {
    id,
    label: metric.label ?? ('name' in metric ? metric.name : id),
    unit: unit === '' ? '' : ` ${unit}`,
    query: queryOf(metric),
    ...timing(metric.periodSeconds, context.missing),
    historySeconds: 0,
  };
}

function timing(period: number | undefined, missing: MissingRule) {
  const periodSeconds = period ?? DEFAULT_PERIOD_SECONDS;
  const staleAfterSeconds = missing.staleAfterSeconds ?? Math.max(300, 5 * periodSeconds);
  return { periodSeconds, staleAfterSeconds, whenMissing: missing.whenMissing ?? 'missing' } as const;
}

interface SourceDocument {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions?: Readonly<Record<string, string>> | undefined;
  readonly stat?: string | undefined;
}

const statOf = ({ namespace, name, dimensions, stat }: SourceDocument): MetricStat => ({
  namespace,
  name,
  dimensions: dimensions ?? {},
  stat: stat ?? 'Average',
});

function queryOf(metric: BoundMetricDocument): MetricQuery {
  if (!('expression' in metric)) return { kind: 'stat', ...statOf(metric) };
  const metrics = Object.entries(metric.metrics).map(([id, source]) => [id, statOf(source)] as const);
  return { kind: 'expression', expression: metric.expression, metrics: Object.fromEntries(metrics) };
}
