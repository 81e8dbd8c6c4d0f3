import type { MetricSpec } from '../core/metric.ts';
import type { TargetTrackingStrategy } from '../core/strategy.ts';
import type { Target } from '../core/target.ts';
import type { BoundBy } from './bound-by.ts';
import { checkStale } from './checks.ts';
import { boundMetricSpec, metricSpec } from './metric-spec.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import { parseQuantity } from './quantity.ts';
import type { HpaMetric } from './schema/horizontal-pod-autoscaler.ts';
import type { BoundMetricDocument } from './schema/metric.ts';
import { trackingAlarms } from './strategies/target-tracking.ts';

/** Where the CloudWatch metrics of a manifest are named. */
export interface MetricBindings {
  readonly annotated: ReadonlyMap<
    string,
    { readonly metric: BoundMetricDocument | null; readonly path: DocumentPath }
  >;
  readonly bound: BoundBy | null;
}

interface Context {
  readonly target: Target | null;
  readonly tolerance: TargetTrackingStrategy['tolerance'];
  readonly bindings: MetricBindings;
  readonly path: DocumentPath;
  readonly report: Report;
}

/** Kubernetes looks every 15 s in both directions; its window, not the alarm, is what makes scale-in slow. */
const SENSITIVITY = { out: { datapoints: 1, of: 1 }, in: { datapoints: 1, of: 1 } } as const;

const UNKNOWN_TARGET: Target = { kind: 'ecs-service', cluster: 'unknown', service: 'unknown' };

/** One metric of a HorizontalPodAutoscaler as a strategy, or null after reporting why it cannot be honoured. */
export function hpaStrategy(metric: HpaMetric, context: Context): TargetTrackingStrategy | null {
  const measured = measure(metric, context);
  if (measured === null) return null;
  const { bindings, report, tolerance } = context;
  const options = bindings.bound;
  checkStale(measured.metric, ['missingData', 'staleAfterSeconds'], options?.report ?? report);
  const alarms = trackingAlarms(
    options?.binding.alarms,
    { periodSeconds: measured.metric.periodSeconds, scope: measured.scope },
    ['alarms'],
    options?.report ?? report,
    SENSITIVITY,
  );
  return { kind: 'target-tracking', ...measured, activation: 0, tolerance, alarms };
}

type Measured = Pick<TargetTrackingStrategy, 'metric' | 'target' | 'scope'>;

function measure(metric: HpaMetric, context: Context): Measured | null {
  switch (metric.type) {
    case 'Resource':
      return resource(metric.resource, { ...context, path: [...context.path, 'resource'] });
    case 'Pods':
      return named(metric.pods, ['AverageValue'], { ...context, path: [...context.path, 'pods'] });
    case 'Object':
      return named(metric.object, ['AverageValue', 'Value'], {
        ...context,
        path: [...context.path, 'object'],
      });
    case 'External':
      return named(metric.external, ['AverageValue', 'Value'], {
        ...context,
        path: [...context.path, 'external'],
      });
    case 'ContainerResource':
      context.report(
        [...context.path, 'type'],
        'ECS publishes no metric per container (use type: Resource, or an External metric bound to one of Container Insights)',
      );
      return null;
  }
}

type ResourceMetric = Extract<HpaMetric, { type: 'Resource' }>['resource'];

function resource({ name, target }: ResourceMetric, context: Context): Measured | null {
  const { path, report } = context;
  if (name !== 'cpu' && name !== 'memory') {
    report(
      [...path, 'name'],
      `${quote(name)} is not measured by ECS (use cpu or memory, or an External metric)`,
    );
    return null;
  }
  if (target.type !== 'Utilization' || target.averageUtilization === undefined) {
    const fix = 'write type: Utilization and averageUtilization, or use an External metric';
    report([...path, 'target'], `ECS publishes ${name} in percent of what the tasks reserve only (${fix})`);
    return null;
  }
  if (target.averageValue !== undefined || target.value !== undefined) {
    report([...path, 'target'], 'has two targets (keep averageUtilization alone)');
    return null;
  }
  const options = context.bindings.bound?.binding;
  const spec = metricSpec(
    { preset: name, periodSeconds: options?.periodSeconds },
    { target: context.target ?? UNKNOWN_TARGET, missing: options?.missingData ?? {}, path, report },
  );
  return { metric: spec, target: target.averageUtilization, scope: 'average' };
}

interface NamedMetric {
  readonly metric: { readonly name: string };
  readonly target: ResourceMetric['target'];
}

function named(source: NamedMetric, types: readonly string[], context: Context): Measured | null {
  const { path, report } = context;
  const target = namedTarget(source.target, types, [...path, 'target'], report);
  const metric = boundMetric(source.metric.name, context);
  if (target === null || metric === null) return null;
  // The mean over pods and the plain value both answer in proportion to the ready tasks; a share of a sum does not.
  const scope = source.target.type === 'AverageValue' && types.includes('Value') ? 'total' : 'average';
  return { metric, target, scope };
}

function namedTarget(
  target: ResourceMetric['target'],
  types: readonly string[],
  path: DocumentPath,
  report: Report,
): number | null {
  if (!types.includes(target.type)) {
    report([...path, 'type'], `${target.type} does not fit this type of metric (use ${types.join(' or ')})`);
    return null;
  }
  const field = target.type === 'Value' ? 'value' : 'averageValue';
  const quantity = target[field];
  if (quantity === undefined) {
    report([...path, field], 'is missing (give the value to hold, a quantity)', 'key');
    return null;
  }
  const value = parseQuantity(quantity);
  if (value !== null && value > 0) return value;
  report([...path, field], `${quote(quantity)} is not a quantity above 0 (write 30, "500m" or "1k")`);
  return null;
}

function boundMetric(name: string, { bindings, path, report }: Context): MetricSpec | null {
  const id = idOf(name);
  const missing = bindings.bound?.binding.missingData ?? {};
  const annotated = bindings.annotated.get(name);
  if (annotated !== undefined) {
    const { metric } = annotated;
    return (
      metric &&
      boundMetricSpec(metric, metric.id ?? id, {
        missing,
        path: [...path, 'metric', 'name'],
        report: atAnnotation(annotated.path, report),
      })
    );
  }
  const metrics = bindings.bound?.binding.metrics ?? {};
  const metric = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  if (metric === undefined || bindings.bound === null) {
    report(
      [...path, 'metric', 'name'],
      `nothing says which CloudWatch metric ${quote(name)} is (name it under metrics in the bindings, or in the annotation plimsoll.io/metric.NAME)`,
    );
    return null;
  }
  return boundMetricSpec(metric, metric.id ?? id, {
    missing,
    path: ['metrics', name],
    report: bindings.bound.report,
  });
}

/** Problems inside the text of an annotation are reported at the annotation. */
const atAnnotation =
  (annotation: DocumentPath, report: Report): Report =>
  (_, message) =>
    report(annotation, message);

/** A metric id from the name of a Kubernetes metric: `queue-depth` becomes `queue_depth`. */
const idOf = (name: string): string => {
  const plain = name.replace(/[^a-zA-Z0-9]+/g, '_').slice(0, 90);
  return /^[a-zA-Z]/.test(plain) ? plain.charAt(0).toLowerCase() + plain.slice(1) : `m${plain}`;
};
