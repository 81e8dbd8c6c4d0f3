import * as z from 'zod';
import { parseQuantity } from '../../../shared/config/quantity.ts';
import type { Tracking } from './hpa-policy.ts';

const quantity = z.union([z.number(), z.string()]).nullish();

const Target = z.object({
  type: z.string().nullish(),
  averageUtilization: z.number().nullish(),
  averageValue: quantity,
  value: quantity,
});

type Target = z.infer<typeof Target>;

const Source = z.looseObject({ name: z.string().nullish(), target: Target });

/** One entry of `spec.metrics`; a type that nobody knows is a metric that fails. */
export const Metric = z.looseObject({
  type: z.string(),
  resource: Source.nullish(),
  containerResource: Source.nullish(),
  pods: Source.nullish(),
  object: Source.nullish(),
  external: Source.nullish(),
});

/** One entry of `spec.metrics`. */
export type Metric = z.infer<typeof Metric>;

/** What Kubernetes tracks where a spec names nothing. */
export const CPU_AT_80: Metric = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

/** Whether a metric is reported pod by pod; one number for all of them otherwise. */
export const isPerPod = ({ type }: Metric): boolean =>
  type === 'Resource' || type === 'ContainerResource' || type === 'Pods';

/** Whether a metric is the utilization that a status reports as CPU. */
export const isCpuUtilization = (metric: Metric): boolean =>
  metric.type === 'Resource' && metric.resource?.name === 'cpu' && trackingOf(metric)?.kind === 'utilization';

/** How a metric is tracked; null = it is none, or has no target that fits: a metric that always fails. */
export function trackingOf(metric: Metric): Tracking | null {
  switch (metric.type) {
    case 'Resource':
      return ofResource(metric.resource);
    case 'ContainerResource':
      return ofResource(metric.containerResource);
    case 'Pods':
      return average(metric.pods?.target.averageValue, 'average', false);
    case 'Object':
      return metric.object == null ? null : ofObject(metric.object.target);
    case 'External':
      return metric.external == null ? null : ofExternal(metric.external.target);
    default:
      return null;
  }
}

function ofResource(source: Metric['resource']): Tracking | null {
  if (source == null) return null;
  const { name, target } = source;
  const gatesOnReadiness = name === 'cpu';
  if (target.averageValue != null) return average(target.averageValue, 'average', gatesOnReadiness);
  const percent = target.averageUtilization;
  return percent == null
    ? null
    : { target: percent, scope: 'average', kind: 'utilization', gatesOnReadiness };
}

/** An Object goes by the type that its target names. */
function ofObject(target: Target): Tracking | null {
  if (target.type === 'Value') return value(target);
  return target.type === 'AverageValue' ? average(target.averageValue, 'total', false) : null;
}

/** An External takes the average where both are given. */
const ofExternal = (target: Target): Tracking | null =>
  average(target.averageValue, 'total', false) ?? value(target);

function average(
  given: Target['averageValue'],
  scope: Tracking['scope'],
  gatesOnReadiness: boolean,
): Tracking | null {
  const target = given == null ? null : parseQuantity(given);
  return target === null ? null : { target, scope, kind: 'averageValue', gatesOnReadiness };
}

function value({ value: given }: Target): Tracking | null {
  const target = given == null ? null : parseQuantity(given);
  return target === null ? null : { target, scope: 'average', kind: 'value', gatesOnReadiness: false };
}
