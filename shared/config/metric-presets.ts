import type { MetricQuery, MetricScope, MetricStat } from '../core/metric.ts';
import type { Target } from '../core/target.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import { isOfResource, type ResourcePreset, resourceMetric, resourcePresets } from './resource-metrics.ts';
import type { MetricDocument } from './schema/metric.ts';

/** A preset as a document names it. */
type PresetDocument = Extract<MetricDocument, { preset: string }>;

type PresetName = PresetDocument['preset'];

type Field = 'loadBalancer' | 'targetGroup' | 'queueName' | 'stat';

interface Preset {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly scope: MetricScope;
  readonly required: readonly Field[];
  readonly optional: readonly Field[];
  readonly unitDimension?: string | undefined;
  readonly query: (metric: PresetDocument) => MetricQuery;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
const balanced = (metric: PresetDocument, name: string, stat: string): MetricStat => ({
  namespace: 'AWS/ApplicationELB',
  name,
  dimensions: {
    LoadBalancer: metric.loadBalancer ?? '',
    ...(metric.targetGroup === undefined ? {} : { TargetGroup: metric.targetGroup }),
  },
  stat,
});

const PRESETS: Readonly<Record<Exclude<PresetName, ResourcePreset>, Preset>> = {
  'requests-per-task': {
    ...{ id: 'requests_per_task', label: 'requests per task', unit: '', scope: 'average' },
    ...{ required: ['loadBalancer', 'targetGroup'], optional: [] },
    query: (metric) => ({ kind: 'stat', ...balanced(metric, 'RequestCountPerTarget', 'Sum') }),
  },
  'request-rate': {
    ...{ id: 'request_rate', label: 'requests per second', unit: '', scope: 'total' },
    ...{ required: ['loadBalancer'], optional: ['targetGroup'] },
    query: (metric) => ({
      kind: 'expression',
      expression: 'requests / PERIOD(requests)',
      metrics: { requests: balanced(metric, 'RequestCount', 'Sum') },
    }),
  },
  'error-rate': {
    ...{ id: 'error_rate', label: 'errors', unit: ' %', scope: 'independent' },
    ...{ required: ['loadBalancer'], optional: ['targetGroup'] },
    // The count of errors is not published without an error, the one of requests not without traffic.
    query: (metric) => ({
      kind: 'expression',
      expression: '100 * FILL(errors, 0) / requests',
      metrics: {
        errors: balanced(metric, 'HTTPCode_Target_5XX_Count', 'Sum'),
        requests: balanced(metric, 'RequestCount', 'Sum'),
      },
    }),
  },
  latency: {
    ...{ id: 'latency', label: 'response time', unit: ' s', scope: 'independent' },
    ...{ required: ['loadBalancer'], optional: ['targetGroup', 'stat'] },
    query: (metric) => ({
      kind: 'stat',
      ...balanced(metric, 'TargetResponseTime', metric.stat ?? 'p95'),
    }),
  },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  'queue-length': {
    ...{ id: 'queue_length', label: 'messages waiting', unit: '', scope: 'total' },
    ...{ required: ['queueName'], optional: [] },
    query: (metric) => ({
      kind: 'stat',
      namespace: 'AWS/SQS',
      name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: metric.queueName ?? '' },
      stat: 'Maximum',
    }),
  },
};

/** A preset with its metric for a target; reports fields that it lacks or that mean nothing to it. */
export function presetOf(metric: PresetDocument, target: Target, path: DocumentPath, report: Report) {
  const preset = presetFor(metric.preset, target);
  if (preset === null) {
    const known = presetsOf(target.kind).join(', ');
    report([...path, 'preset'], `${quote(metric.preset)} is no metric of ${target.kind} (one of: ${known})`);
    return { id: metric.id ?? 'unknown', label: '', unit: '', query: NO_QUERY };
  }
  const { id, label, unit, query, required, optional, unitDimension } = preset;
  for (const field of Object.keys(FORMS) as readonly Field[]) {
    const given = metric[field] !== undefined;
    if (required.includes(field) && !given) {
      report([...path, field], `is missing (give ${FORMS[field]})`, 'key');
    } else if (given && !required.includes(field) && !optional.includes(field)) {
      report([...path, field], `means nothing to the preset ${metric.preset} (remove it)`, 'key');
    }
  }
  return {
    id: metric.id ?? id,
    label: metric.label ?? label,
    unit,
    query: query(metric),
    ...(unitDimension === undefined ? {} : { unitDimension }),
  };
}

const NO_QUERY: MetricQuery = { kind: 'stat', namespace: '-', name: '-', dimensions: {}, stat: 'Average' };

function presetFor(name: PresetName, target: Target): Preset | null {
  if (!isOfResource(name)) return PRESETS[name];
  const found = resourceMetric(name, target);
  if (found === null) return null;
  const { stat, ...preset } = found;
  return { ...preset, required: [], optional: [], query: () => ({ kind: 'stat', ...stat }) };
}

const presetsOf = (kind: Target['kind']): readonly PresetName[] => [
  ...resourcePresets(kind),
  ...(Object.keys(PRESETS) as readonly (keyof typeof PRESETS)[]),
];

const FORMS: Readonly<Record<Field, string>> = {
  loadBalancer: 'the end of the ARN, app/NAME/ID',
  targetGroup: 'the end of the ARN, targetgroup/NAME/ID',
  queueName: 'the name of the queue',
  stat: 'a statistic',
};

const SCOPES: Readonly<Record<MetricScope, string>> = {
  average: 'a mean over tasks',
  total: 'a sum that the size does not change',
  independent: 'not known to follow the size',
};

/** How a metric answers to the size: what its preset is, what the document says, or the default. Reports a contradiction. */
export function scopeOf(
  metric: MetricDocument,
  given: MetricScope | undefined,
  otherwise: MetricScope,
  { target, path, report }: { readonly target: Target; readonly path: DocumentPath; readonly report: Report },
): MetricScope {
  if (!('preset' in metric)) return given ?? otherwise;
  const scope = presetFor(metric.preset, target)?.scope ?? given ?? otherwise;
  if (given !== undefined && given !== scope) {
    report(
      [...path, 'scope'],
      `the preset ${metric.preset} is ${SCOPES[scope]} (remove scope, or write ${scope})`,
    );
  }
  return scope;
}

const isShareOfReserved = (metric: MetricDocument): boolean =>
  'preset' in metric && (metric.preset === 'cpu' || metric.preset === 'memory');

/** Values of cpu and memory are percent of what the tasks reserve: a share or more than all of it is a slip. */
export function checkPercent(
  metric: MetricDocument,
  value: number,
  use: 'a value' | 'passed',
  path: DocumentPath,
  report: Report,
): void {
  if (!isShareOfReserved(metric) || !('preset' in metric)) return;
  if (value > 0 && value < 1) {
    report(path, `${value} means ${value} % (write ${Number((value * 100).toPrecision(10))} for that share)`);
  } else if (value > 100 || (use === 'passed' && value === 100)) {
    const most = use === 'passed' ? 'less than 100' : 'at most 100';
    report(path, `${quote(metric.preset)} never passes 100 % of what the tasks reserve (give ${most})`);
  }
}
