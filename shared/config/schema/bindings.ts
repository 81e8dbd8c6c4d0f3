import * as z from 'zod';
import { Alarms, Name } from './common.ts';
import { mapping } from './mapping.ts';
import { BoundMetric, Period } from './metric.ts';
import { operation } from './operation.ts';
import { API_VERSION } from './scaling-policy.ts';
import { TargetDocument } from './target.ts';

/** The AWS side of one HorizontalPodAutoscaler. */
export const Binding = mapping({
  target: TargetDocument.optional().describe(
    'The resource to resize; not together with annotations that name one.',
  ),
  metrics: z
    .record(z.string().min(1).max(253), BoundMetric)
    .optional()
    .describe(
      'The CloudWatch metric behind each Object, External or Pods metric, by its name in the manifest.',
    ),
  periodSeconds: Period.optional().describe(
    'Length of a datapoint of cpu and memory in seconds. Default 60.',
  ),
  alarms: Alarms.optional(),
  ...operation,
});

/** Joins HorizontalPodAutoscalers in the same folder to AWS, so that their manifests stay untouched. */
export const BindingsDocument = mapping({
  apiVersion: z.literal(API_VERSION).describe('The version of this document.'),
  kind: z.literal('Bindings').describe('The AWS side of manifests in the same folder.'),
  metadata: mapping({ name: Name.optional() }).optional().describe('A name, for people.'),
  spec: mapping({
    horizontalPodAutoscalers: z
      .record(z.string(), Binding)
      .describe('By metadata.name of the HorizontalPodAutoscaler in the same folder.'),
  }).describe('What is bound.'),
}).meta({ title: 'Bindings', description: 'The AWS side of HorizontalPodAutoscalers in the same folder.' });

/** A binding as read. */
export type Binding = z.infer<typeof Binding>;
/** Bindings as read. */
export type BindingsDocument = z.infer<typeof BindingsDocument>;
