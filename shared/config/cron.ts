import { cronTimes, type LocalTimes } from '../calendar/cron-times.ts';
import { wallTime, zoneClock } from '../calendar/zone-clock.ts';
import type { Instant } from '../core/time.ts';
import { quote } from './problem.ts';
import { checkZone } from './time-zone.ts';

const FIELDS = 'minute, hour, day of month, month, day of week';
// Any moment will do: what a cron expression names comes back within 28 years, or never.
const ANY_TIME = wallTime(Date.UTC(2000, 0, 1));

/** What is wrong with a cron expression in a time zone, with its fix; null when nothing is. */
export function checkCron(expression: string, timeZone: string): string | null {
  const [problem] = zoneProblems(timeZone);
  return problem ?? shapeProblem(expression) ?? timesProblem(expression);
}

function zoneProblems(timeZone: string): readonly string[] {
  const problems: string[] = [];
  checkZone(timeZone, [], (_, message) => problems.push(message));
  return problems;
}

function shapeProblem(expression: string): string | null {
  const fields = expression.trim().split(/\s+/);
  const [first = ''] = fields;
  if (first.startsWith('@')) {
    return `${quote(expression)} is a nickname (write its five fields: ${FIELDS})`;
  }
  if (fields.length > 5) {
    return `${quote(expression)} has ${fields.length} fields, but time is looked at by the minute, without seconds and years (write five: ${FIELDS})`;
  }
  if (fields.length < 5) {
    const count = first === '' ? 'no field' : fields.length === 1 ? '1 field' : `${fields.length} fields`;
    return `${quote(expression)} has ${count} (write five: ${FIELDS})`;
  }
  return expression.includes('?') ? `${quote(expression)} has a "?" (write * for every value)` : null;
}

function timesProblem(expression: string): string | null {
  const times = read(expression);
  if (typeof times === 'string') {
    return `${quote(expression)} is no cron expression: ${times} (write ${FIELDS}, such as "0 8 * * mon-fri")`;
  }
  if (times.firstAfter(ANY_TIME) !== null) return null;
  return `${quote(expression)} never happens (choose a day that its months have)`;
}

/** The times of an expression, or what is wrong with it. */
function read(expression: string): LocalTimes | string {
  try {
    return cronTimes(expression);
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return said.replace(/\.$/, '');
  }
}

/**
 * The instant of a local time such as `2026-12-24T18:00`: of a time that occurs twice the first, of one that is skipped
 * the first instant after the gap. Null when it is no local time. The time zone must be a known one.
 */
export function parseLocalTime(written: string, timeZone: string): Instant | null {
  const shape = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?$/.exec(written.trim());
  if (shape === null) return null;
  const [, date, minute, second = ':00'] = shape;
  const wall = Date.parse(`${date}T${minute}${second}Z`);
  // 30 February is read as 2 March, and 24:00 as the next day.
  const exists = !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(`${date}T${minute}${second}`);
  return exists ? zoneClock(timeZone).firstAt(wallTime(wall)) : null;
}
