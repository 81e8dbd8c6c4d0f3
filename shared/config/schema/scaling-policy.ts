import * as z from 'zod';
import { BehaviorDocument } from './behavior.ts';
import { Alarms, MissingMetric, Name, operation, Target } from './common.ts';
import { mapping } from './mapping.ts';
import { Metric } from './metric.ts';

/** The version of Plimsoll's own documents. */
export const API_VERSION = 'plimsoll/v1';

/** The least and the largest size. */
export const Bounds = mapping({
  min: z.int32().min(0).describe('The least number of tasks; 0 only with a strategy of scope total.'),
  max: z.int32().min(1).describe('The largest number of tasks.'),
}).describe('Automation and manual requests keep the size inside; a size outside is corrected at once.');

/** Keeps a metric at a target value. */
export const TargetTracking = mapping({
  type: z
    .literal('target-tracking')
    .describe('Keeps the metric at its target: tasks x value / target, rounded up.'),
  target: z.number().positive().describe('The value to hold, in the unit of the metric; more than 0.'),
  metric: Metric,
  scope: z
    .enum(['average', 'total'])
    .optional()
    .describe(
      'average (default): the metric is a mean over tasks. total: it is a sum, and target is the share of one task.',
    ),
  tolerance: mapping({
    out: z
      .number()
      .min(0)
      .max(10)
      .optional()
      .describe('Share above the target that is left alone. Default 0.1.'),
    in: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe('Share below the target that is left alone. Default 0.1.'),
  })
    .optional()
    .describe(
      'The band around the target in which the size stays; its edges are the thresholds of the alarms.',
    ),
  alarms: Alarms.optional(),
  missingData: MissingMetric.optional().describe('For this metric, instead of the rule of the policy.'),
});

/** What proposes a size, by `type`. */
export const StrategyDocument = z.discriminatedUnion('type', [TargetTracking]);

/** Plimsoll's own policy document. */
export const ScalingPolicyDocument = mapping({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('ScalingPolicy'),
  metadata: mapping({ name: Name }),
  spec: mapping({
    target: Target,
    bounds: Bounds,
    strategies: z
      .array(StrategyDocument)
      .min(1)
      .max(20)
      .describe('What proposes a size. The largest proposal wins; scale-in needs all to agree.'),
    behavior: BehaviorDocument.optional(),
    ...operation,
  }),
}).meta({ title: 'ScalingPolicy', description: 'A scaling policy of Plimsoll: docs/policies.md.' });

/** An own policy as read. */
export type ScalingPolicyDocument = z.infer<typeof ScalingPolicyDocument>;
/** A strategy as read. */
export type StrategyDocument = z.infer<typeof StrategyDocument>;
