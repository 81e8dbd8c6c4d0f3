import * as z from 'zod';
import { HpaBehavior, Quantity } from './behavior.ts';
import { Name } from './common.ts';
import { mapping } from './mapping.ts';

/** The version of HorizontalPodAutoscaler that is read. */
export const HPA_VERSION = 'autoscaling/v2';

const MetricTarget = mapping({
  type: z.enum(['Utilization', 'AverageValue', 'Value']),
  averageUtilization: z.int32().min(1).optional().describe('Percent of what the tasks reserve.'),
  averageValue: Quantity.optional().describe('The share of one task.'),
  value: Quantity.optional().describe('The value to hold.'),
});

const Selector = z
  .record(z.string(), z.unknown())
  .optional()
  .describe('Not read: the binding names the dimensions.');
const MetricName = mapping({ name: z.string().min(1).max(253), selector: Selector });
const Reference = mapping({ apiVersion: z.string().optional(), kind: z.string(), name: z.string() });

/** One entry of `spec.metrics`. ContainerResource is read to be refused with a fix. */
export const HpaMetric = z.discriminatedUnion('type', [
  mapping({ type: z.literal('Resource'), resource: mapping({ name: z.string(), target: MetricTarget }) }),
  mapping({ type: z.literal('Pods'), pods: mapping({ metric: MetricName, target: MetricTarget }) }),
  mapping({
    type: z.literal('Object'),
    object: mapping({ metric: MetricName, target: MetricTarget, describedObject: Reference }),
  }),
  mapping({ type: z.literal('External'), external: mapping({ metric: MetricName, target: MetricTarget }) }),
  mapping({ type: z.literal('ContainerResource'), containerResource: z.unknown() }),
]);

const ignored = z.unknown().optional();

/** A pasted `autoscaling/v2` HorizontalPodAutoscaler. */
export const HorizontalPodAutoscalerDocument = mapping({
  apiVersion: z.literal(HPA_VERSION),
  kind: z.literal('HorizontalPodAutoscaler'),
  metadata: mapping({
    name: Name,
    annotations: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        'plimsoll.io/ecs-cluster and plimsoll.io/ecs-service name the target; or a bindings.yaml does.',
      ),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    // What `kubectl get -o yaml` prints besides.
    creationTimestamp: ignored,
    generateName: ignored,
    generation: ignored,
    managedFields: ignored,
    ownerReferences: ignored,
    finalizers: ignored,
    resourceVersion: ignored,
    selfLink: ignored,
    uid: ignored,
  }),
  spec: mapping({
    scaleTargetRef: Reference.describe('Not read: annotations or bindings name the ECS service.'),
    minReplicas: z.int32().min(0).optional().describe('Default 1.'),
    maxReplicas: z.int32().min(1),
    metrics: z.array(HpaMetric).max(20).optional().describe('Default: cpu at 80 %.'),
    behavior: HpaBehavior.optional(),
  }),
  status: z.unknown().optional().describe('Not read.'),
}).meta({
  title: 'HorizontalPodAutoscaler',
  description: 'A Kubernetes autoscaling/v2 manifest, as it stands.',
});

/** A HorizontalPodAutoscaler as read. */
export type HorizontalPodAutoscalerDocument = z.infer<typeof HorizontalPodAutoscalerDocument>;
/** One of its metrics as read. */
export type HpaMetric = z.infer<typeof HpaMetric>;
