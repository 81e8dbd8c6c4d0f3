import * as z from 'zod';
import { mapping } from './mapping.ts';

/** One rate policy of `autoscaling/v2`. */
export const RatePolicy = mapping({
  type: z.enum(['Pods', 'Percent']).describe('Pods: tasks. Percent: of the size at the start of the period.'),
  value: z.int32().min(1).describe('At most so many tasks, or so many percent, in the period.'),
  periodSeconds: z.int().min(1).max(1800).describe('Length of the period in seconds, 1 to 1800.'),
});

const rules = {
  stabilizationWindowSeconds: z
    .int()
    .min(0)
    .max(3600)
    .optional()
    .describe('Seconds of past wishes that hold a change back, 0 to 3600. Default: 0 up, 300 down.'),
  policies: z
    .array(RatePolicy)
    .min(1)
    .optional()
    .describe('Rate limits. Default up: the larger of 4 tasks and 100 % in 15 s; down: 100 % in 15 s.'),
  selectPolicy: z
    .enum(['Max', 'Min', 'Disabled'])
    .optional()
    .describe('Which limit counts: the largest change, the smallest, or none at all. Default Max.'),
};

/** Rules of one direction in an own policy; its tolerance stands in the strategy. */
export const Rules = mapping(rules);

/** The behavior block of an own policy. */
export const BehaviorDocument = mapping({
  scaleUp: Rules.optional().describe('Rules for scale-out.'),
  scaleDown: Rules.optional().describe('Rules for scale-in.'),
}).describe(
  'How fast the size may follow, as in autoscaling/v2. Without it cooldowns alone pace the policy.',
);

/** A Kubernetes quantity: a number or a string such as "500m". */
export const Quantity = z
  .union([z.number(), z.string()])
  .describe('A Kubernetes quantity: 0.05, "50m", "1k".');

const hpaRules = mapping({
  ...rules,
  tolerance: Quantity.optional().describe(
    'Share of the target that is left alone, a quantity: "0.05" or "50m". Default 0.1.',
  ),
});

/** The behavior block of a HorizontalPodAutoscaler. */
export const HpaBehavior = mapping({
  scaleUp: hpaRules.optional().describe('Rules for scale-out.'),
  scaleDown: hpaRules.optional().describe('Rules for scale-in.'),
}).describe('Rules of autoscaling/v2. Absent and {} are different algorithms, as in Kubernetes.');
