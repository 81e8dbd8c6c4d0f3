import * as z from 'zod';
import { mapping, text } from './mapping.ts';

/** The name of a policy: what Kubernetes takes for the name of an object, so that both kinds of document share the rule. */
export const Name = text(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  'a name',
  'use lower-case letters, digits, "-" and "."; begin and end with a letter or digit',
)
  .max(253)
  .describe(
    'Unique among all policies; part of alarm names, events and logs. Lower-case letters, digits, "-" and ".".',
  );

/** A duration in whole seconds, up to a day. */
export const seconds = (least: number) => z.int().min(least).max(86_400);

/** How long size changes keep apart. */
export const Cooldowns = mapping({
  outSeconds: seconds(0).optional().describe('Seconds from the end of a scale-out to the next one.'),
  inSeconds: seconds(0).optional().describe('Seconds from the end of any resize to a scale-in.'),
}).describe('Pauses between resizes. They never delay a correction to the bounds or a manual request.');

/** The size to go to when blind. */
export const Fallback = mapping({
  mode: z
    .enum(['static', 'current', 'higher', 'lower'])
    .optional()
    .describe(
      'static (default): go to the size. current: stay. higher, lower: the larger or smaller of the size and the current one.',
    ),
  size: z
    .int32()
    .min(0)
    .optional()
    .describe(
      'Tasks to run while every metric is missing; inside the bounds. Required but for mode current.',
    ),
  afterMisses: z
    .int()
    .min(1)
    .max(1440)
    .optional()
    .describe('Evaluations in a row without any metric before the fallback applies. Default 5.'),
  recoverAfter: z
    .int()
    .min(1)
    .max(1440)
    .optional()
    .describe('Good evaluations in a row after a fallback before automation may scale in again. Default 1.'),
}).describe('Without it, a target whose metrics are all missing keeps its size.');

/** When a metric counts as missing, and what that means. */
export const MissingMetric = mapping({
  staleAfterSeconds: seconds(10)
    .optional()
    .describe(
      'A datapoint whose period ended longer ago than this counts as missing. At least two periods. Default: five periods, and no less than 300.',
    ),
  whenMissing: z
    .enum(['missing', 'zero'])
    .optional()
    .describe(
      'missing (default): unknown, blocks scale-in. zero: the metric disappears when there is nothing to count.',
    ),
});

/** The rule of a whole policy for missing data. */
export const MissingData = mapping({ ...MissingMetric.shape, fallback: Fallback.optional() }).describe(
  'What to do without data. Missing is never zero unless whenMissing says so.',
);

/** M out of N of a CloudWatch alarm. */
export const Sensitivity = mapping({
  datapoints: z.int().min(1).describe('Periods beyond the threshold that change the state.'),
  of: z.int().min(1).optional().describe('Among the last so many periods. Default: datapoints.'),
});

/** The alarms of one metric. */
export const Alarms = mapping({
  out: Sensitivity.optional().describe('The alarm that asks for scale-out. Default 1 of 1.'),
  in: Sensitivity.nullable()
    .optional()
    .describe(
      'The alarm that asks for scale-in; null for none. Default 5 of 5. A metric of scope total has none.',
    ),
}).describe('When the alarms of the metric change their state (CloudWatch: M out of N).');

/** Automation that the author switched off. */
export const Paused = z
  .union([
    z.boolean(),
    mapping({
      out: z.boolean().optional().describe('No automatic scale-out. Default false.'),
      in: z.boolean().optional().describe('No automatic scale-in. Default false.'),
    }),
  ])
  .describe('true, or a direction: automation holds; manual scaling still works. Default false.');
