const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

/**
 * A cron expression of five fields as EventBridge Scheduler writes it: six fields, days of the week by name because their numbers
 * differ, and "?" for the kind of day that is not asked for. Null for what it cannot say: both kinds of day at once, and days such as
 * "the second Friday". https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function schedulerCron(cron: string): string | null {
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = cron
    .trim()
    .toUpperCase()
    .split(/\s+/);
  if (weekday === '*') return `cron(${minute} ${hour} ${day} ${month} ? *)`;
  if (day !== '*') return null;
  const days = weekday.split(',').map(daysOf);
  if (!days.every((each) => each !== null)) return null;
  const names = [...new Set(days.flat())].sort((one, other) => one - other).map((each) => DAYS[each]);
  return `cron(${minute} ${hour} ? ${month} ${names.join(',')} *)`;
}

/** The days that one entry of a list names, from 0 for Sunday; null for a form that is not read. */
function daysOf(entry: string): readonly number[] | null {
  const shape = /^(\*|[A-Z]{3}|[0-7])(?:-([A-Z]{3}|[0-7]))?(?:\/([1-7]))?$/.exec(entry);
  if (shape === null) return null;
  const [, first = '', last, step] = shape;
  if (first === '*') return stepped(0, 6, Number(step ?? 1));
  const from = dayOf(first);
  const to = dayOf(last ?? (step === undefined ? first : 'SAT'));
  return from === null || to === null ? null : stepped(from, to < from ? to + 7 : to, Number(step ?? 1));
}

const stepped = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => (from + index * step) % 7);

/** From 0 for Sunday; 7 is Sunday, too. */
function dayOf(text: string): number | null {
  if (/^\d$/.test(text)) return Number(text);
  const at = (DAYS as readonly string[]).indexOf(text);
  return at < 0 ? null : at;
}
