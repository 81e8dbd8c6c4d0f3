import * as z from 'zod';
import { Quantity } from './behavior.ts';
import { Cooldowns, MissingData, Paused, seconds } from './common.ts';
import { mapping, text } from './mapping.ts';
import { Metric } from './metric.ts';
import { Schedule } from './schedule.ts';

const percent = z.number().positive().max(100);

/** The incident guard. */
export const Incident = mapping({
  load: Metric.describe('What falls in an outage: requests, as a rate or per task.'),
  errors: Metric.describe('What rises: an error rate, or a count of errors.'),
  dropPercent: percent
    .lt(100)
    .optional()
    .describe('An incident begins when the load is so far below the median of its last hour … Default 50.'),
  errorsAbove: z
    .number()
    .min(0)
    .optional()
    .describe('… while errors are above this value. Default 5 (percent) for the preset error-rate.'),
  holdSeconds: seconds(60)
    .optional()
    .describe('No scale-in for so long after the incident was last seen. Default 600.'),
  longestHoldSeconds: seconds(60)
    .optional()
    .describe('The hold ends at the latest so long after the incident began. Default 3600.'),
  rampPercent: percent
    .optional()
    .describe('After the hold at most so many percent of the size go in one scale-in. Default 10.'),
  rampSeconds: seconds(0).optional().describe('How long the ramp lasts. Default 1800.'),
}).describe(
  'A load that falls much faster than its own history while errors rise is an outage: capacity is held, then given back in steps.',
);

/** What one unit reserves. */
export const Unit = mapping({
  cpu: Quantity.describe('vCPU that one task reserves: 1, 0.5 or "500m".'),
  memory: Quantity.describe('Memory that one task reserves, as a Kubernetes quantity: 2Gi, 512Mi.'),
}).describe(
  'What one task reserves: counted in the quota over all targets. Without it a target is not counted.',
);

/** What own policies and bindings of HorizontalPodAutoscalers have in common. */
export const operation = {
  schedule: Schedule.optional(),
  cooldowns: Cooldowns.optional(),
  missingData: MissingData.optional(),
  incident: Incident.optional(),
  coreSize: z
    .int32()
    .min(0)
    .optional()
    .describe('The size that a circuit breaker goes to; inside the bounds. Without it there is none.'),
  unit: Unit.optional(),
  evaluation: z
    .enum(['whenAwake', 'everyMinute'])
    .optional()
    .describe(
      'whenAwake (default): alarms wake the target. everyMinute: it never sleeps, and pays for its metric reads.',
    ),
  paused: Paused.optional(),
  atZero: z
    .enum(['resume', 'kubernetes'])
    .optional()
    .describe(
      'resume: a size of zero is below the minimum, or automation’s own. kubernetes: a zero that somebody else set stays. Default: resume; kubernetes for a HorizontalPodAutoscaler.',
    ),
  receipts: mapping({
    holds: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('Share of the holds whose receipt is stored, 0 to 1. Default 0.01.'),
  })
    .optional()
    .describe('Which decisions are stored with all their inputs. Resizes always are.'),
  resizeTimeoutSeconds: seconds(60)
    .optional()
    .describe('Seconds after which an unfinished resize counts as failed. Default 900.'),
  wakeOnAlarms: z
    .array(text(/^[^\p{C}]{1,255}$/u, 'the name of an alarm', '1 to 255 printable characters'))
    .max(100)
    .optional()
    .describe('Names of your own alarms (composite ones, say) that also wake this target.'),
};

const Operation = mapping(operation);

/** The options that {@link operation} describes, as read. */
export type Operation = z.infer<typeof Operation>;
