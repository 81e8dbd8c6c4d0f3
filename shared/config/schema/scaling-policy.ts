import * as z from 'zod';
import { BehaviorDocument } from './behavior.ts';
import { Name } from './common.ts';
import { mapping } from './mapping.ts';
import { operation } from './operation.ts';
import { StrategyDocument } from './strategy.ts';
import { TargetDocument } from './target.ts';

/** The version of Plimsoll's own documents. */
export const API_VERSION = 'plimsoll/v1';

/** The least and the largest size. */
export const Bounds = mapping({
  min: z
    .int32()
    .min(0)
    .describe(
      'The least number of tasks; 0 only with a strategy that can speak at no task, such as a total.',
    ),
  max: z.int32().min(1).describe('The largest number of tasks.'),
}).describe('Automation and manual requests keep the size inside; a size outside is corrected at once.');

/** Plimsoll's own policy document. */
export const ScalingPolicyDocument = mapping({
  apiVersion: z.literal(API_VERSION).describe('The version of this document.'),
  kind: z.literal('ScalingPolicy').describe('A policy for one target.'),
  metadata: mapping({ name: Name }).describe('The name.'),
  spec: mapping({
    target: TargetDocument,
    bounds: Bounds,
    strategies: z
      .array(StrategyDocument)
      .max(20)
      .describe(
        'What proposes a size. The largest proposal wins; scale-in needs all to agree. Empty only with a schedule that has a desired size.',
      ),
    behavior: BehaviorDocument.optional(),
    ...operation,
  }).describe('What to resize, and how.'),
}).meta({ title: 'ScalingPolicy', description: 'A scaling policy of Plimsoll: docs/policies.md.' });

/** An own policy as read. */
export type ScalingPolicyDocument = z.infer<typeof ScalingPolicyDocument>;
