import * as z from 'zod';
import { mapping, text } from './mapping.ts';

const size = (least: number) => z.int32().min(least).optional();

const Zone = z.string().min(1).max(64);

const cron = z.string().min(1).max(120).optional();

const localTime = z.string().min(1).max(40).optional();

/** One window of a schedule: recurring with `start` and `end`, or once with `from` and `to`. */
export const Window = mapping({
  name: text(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'the name of a window',
    'up to 63 lower-case letters, digits and "-"; begin and end with a letter or digit',
  ).describe('Unique in its policy; part of decisions and events.'),
  start: cron.describe('When it opens: a cron expression of five fields, such as "0 8 * * mon-fri".'),
  end: cron.describe('When it closes: a cron expression of five fields.'),
  from: localTime.describe(
    'Instead of start: a local time at which it opens once, such as 2026-11-27T00:00.',
  ),
  to: localTime.describe('Instead of end: the local time at which it closes.'),
  timeZone: Zone.optional().describe('IANA time zone of its times. Default: that of the schedule.'),
  onHolidays: z
    .enum(['as-usual', 'skip', 'only'])
    .optional()
    .describe('What a start on a holiday does: as-usual (default), skip that start, or only then.'),
  min: size(0).describe('The least number of tasks while it is open; inside the bounds.'),
  max: size(1).describe('The largest number of tasks while it is open; inside the bounds.'),
  desired: size(0).describe('A size proposed while it is open, beside what the metrics propose.'),
  freeze: z
    .enum(['none', 'out', 'in', 'both'])
    .optional()
    .describe('Automation that rests while it is open. Default none.'),
  maintenance: z
    .boolean()
    .optional()
    .describe(
      'true: targets whose units change in size (ecs-task-size, rds-instance-class, elasticache-node-type) may be changed while it is open. Default false.',
    ),
});

/** The windows of a policy. */
export const Schedule = mapping({
  timeZone: Zone.optional().describe('IANA time zone, such as Europe/Berlin. Default UTC.'),
  holidays: z
    .array(z.string().min(1).max(20))
    .max(1000)
    .optional()
    .describe('Local dates, YYYY-MM-DD, for onHolidays. Default none.'),
  overlap: z
    .enum(['highest', 'latest'])
    .optional()
    .describe(
      'Of several open windows: highest (default) takes the highest min, max and desired; latest the one that opened last.',
    ),
  windows: z.array(Window).min(1).max(100).describe('The windows.'),
}).describe('Windows in time that set bounds, a size, or a freeze.');

/** A window as read. */
export type WindowDocument = z.infer<typeof Window>;
/** A schedule as read. */
export type ScheduleDocument = z.infer<typeof Schedule>;
