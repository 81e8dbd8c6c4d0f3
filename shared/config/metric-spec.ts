import type { MetricQuery, MetricSpec, MetricStat } from '../core/policy.ts';
import type { Target } from '../core/target.ts';
import { checkExpression } from './expression-ids.ts';
import type { DocumentPath, Report } from './problem.ts';
import type { BoundMetricDocument, MetricDocument } from './schema/metric.ts';

/** What a metric means besides its numbers. */
export interface MissingRule {
  readonly staleAfterSeconds?: number | undefined;
  readonly whenMissing?: 'missing' | 'zero' | undefined;
}

/** Length of a datapoint in seconds where the document names none: what AWS services publish. */
export const DEFAULT_PERIOD_SECONDS = 60;

type PresetDocument = Extract<MetricDocument, { preset: string }>;

/** The metric of a strategy, with every default filled in. Reports what the schema cannot see. */
export function metricSpec(
  metric: MetricDocument,
  context: {
    readonly target: Target;
    readonly missing: MissingRule;
    readonly path: DocumentPath;
    readonly report: Report;
  },
): MetricSpec {
  const { target, missing, path, report } = context;
  if ('preset' in metric) {
    checkPreset(metric, path, report);
    const { unit, ...preset } = presets(metric, target)[metric.preset];
    const shown = { id: metric.id ?? preset.id, label: metric.label ?? preset.label, unit };
    return { ...shown, query: { kind: 'stat', ...preset.stat }, ...timing(metric.periodSeconds, missing) };
  }
  return boundMetricSpec(metric, metric.id, { missing, path, report });
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
  };
}

function timing(period: number | undefined, missing: MissingRule) {
  const periodSeconds = period ?? DEFAULT_PERIOD_SECONDS;
  const staleAfterSeconds = missing.staleAfterSeconds ?? Math.max(300, 5 * periodSeconds);
  return {
    periodSeconds,
    staleAfterSeconds,
    whenMissing: missing.whenMissing ?? 'missing',
    historySeconds: 0,
  } as const;
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

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html and the load balancer's page of metrics. */
function presets(metric: PresetDocument, target: Target) {
  const service = (name: string): MetricStat => ({
    namespace: 'AWS/ECS',
    name,
    dimensions: { ClusterName: target.cluster, ServiceName: target.service },
    stat: 'Average',
  });
  const requests: MetricStat = {
    namespace: 'AWS/ApplicationELB',
    name: 'RequestCountPerTarget',
    dimensions: { LoadBalancer: metric.loadBalancer ?? '', TargetGroup: metric.targetGroup ?? '' },
    stat: 'Sum',
  };
  return {
    cpu: { id: 'cpu', label: 'CPU', unit: ' %', stat: service('CPUUtilization') },
    memory: { id: 'memory', label: 'memory', unit: ' %', stat: service('MemoryUtilization') },
    'requests-per-task': { id: 'requests_per_task', label: 'requests per task', unit: '', stat: requests },
  } as const;
}

function checkPreset(metric: PresetDocument, path: DocumentPath, report: Report): void {
  for (const [field, form] of [
    ['loadBalancer', 'app/NAME/ID'],
    ['targetGroup', 'targetgroup/NAME/ID'],
  ] as const) {
    const given = metric[field] !== undefined;
    if (metric.preset === 'requests-per-task' && !given) {
      report([...path, field], `is missing (give the end of the ARN, ${form})`, 'key');
    } else if (metric.preset !== 'requests-per-task' && given) {
      report([...path, field], `means nothing to the preset ${metric.preset} (remove it)`, 'key');
    }
  }
}
