// An oracle that shares nothing with the calendar but Intl: it reads cron with a parser of its own, finds the offsets of
// a zone by walking ten years, and then goes through every minute with the clock on the wall.

const MINUTE = 60_000;
const MINUTES_OF_DAY = 1440;
const DAY = MINUTE * MINUTES_OF_DAY;

/** Ten years, and the time before in which a window may have been opened that is still open when they begin. */
export interface Decade {
  readonly early: number;
  readonly from: number;
  readonly until: number;
}

/** The ten years that begin with a year; a leap day lies before each of them. */
export const decadeFrom = (year: number): Decade => ({
  early: Date.UTC(year - 5, 0, 1),
  from: Date.UTC(year, 0, 1),
  until: Date.UTC(year + 10, 0, 1),
});

/** What happens at a minute of local time. */
const START = 1;
const END = 2;

export interface Pattern {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly onHolidays?: 'skip' | 'only';
}

export const HOLIDAYS: readonly string[] = Array.from({ length: 30 }, (_, index) => 2002 + index).flatMap(
  (year) => [
    `${year}-01-01`,
    `${year}-03-27`,
    `${year}-05-01`,
    `${year}-10-25`,
    `${year}-12-25`,
    `${year}-12-26`,
  ],
);

/** What happens at each minute of local time from the early time on: the same in every zone. */
export function localEvents({ start, end, onHolidays }: Pattern, { early, until }: Decade): Uint8Array {
  const days = (until - early) / DAY + 2;
  const events = new Uint8Array(days * MINUTES_OF_DAY);
  const [starts, ends] = [readCron(start), readCron(end)];
  const holidays = new Set(HOLIDAYS);
  for (let day = 0; day < days; day++) {
    const date = new Date(early + day * DAY);
    const isHoliday = holidays.has(date.toISOString().slice(0, 10));
    const counts = onHolidays === undefined || isHoliday === (onHolidays === 'only');
    if (counts && starts.onDay(date)) mark(events, day, starts.minutes, START);
    if (ends.onDay(date)) mark(events, day, ends.minutes, END);
  }
  return events;
}

function mark(events: Uint8Array, day: number, minutes: readonly number[], event: number): void {
  for (const minute of minutes) events[day * MINUTES_OF_DAY + minute]! |= event;
}

function readCron(expression: string) {
  const [minute, hour, dayOfMonth, month, dayOfWeek] = expression.split(' ') as [
    string,
    string,
    string,
    string,
    string,
  ];
  const minutes = readField(minute, 0, 59);
  const hours = readField(hour, 0, 23);
  const [inMonth, onDate, onWeekday] = [
    readField(month, 1, 12),
    readField(dayOfMonth, 1, 31),
    readField(dayOfWeek, 0, 7),
  ];
  return {
    minutes: hours.flatMap((each) => minutes.map((past) => each * 60 + past)),
    onDay: (date: Date) => {
      const byDate = onDate.includes(date.getUTCDate());
      const weekday = date.getUTCDay();
      const byWeekday = onWeekday.includes(weekday) || (weekday === 0 && onWeekday.includes(7));
      const either = dayOfMonth !== '*' && dayOfWeek !== '*';
      return inMonth.includes(date.getUTCMonth() + 1) && (either ? byDate || byWeekday : byDate && byWeekday);
    },
  };
}

function readField(field: string, least: number, most: number): readonly number[] {
  const all = Array.from({ length: most - least + 1 }, (_, index) => least + index);
  return field.split(',').flatMap((part) => {
    const [range, step] = part.split('/') as [string, string?];
    const [first, last] = range.split('-').map(Number) as [number, number?];
    const [low, high] = range === '*' ? [least, most] : [first, last ?? first];
    return all.filter((value) => value >= low && value <= high && (value - low) % Number(step ?? 1) === 0);
  });
}

/** Local time minus UTC, in minutes, from an instant on until the next. */
export interface Offset {
  readonly from: number;
  readonly minutes: number;
}

/** Every offset of a zone in the time that the oracle looks at: hour by hour, and minute by minute where it changes. */
export function offsetsOf(timeZone: string, { early, until }: Decade): readonly Offset[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
    hourCycle: 'h23',
  });
  const offsetAt = (at: number) => {
    const [day, month, year, hour, minute] = format.format(at).split(/\D+/).map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return (Date.UTC(year, month - 1, day, hour, minute) - at) / MINUTE;
  };
  const found: Offset[] = [{ from: early, minutes: offsetAt(early) }];
  for (let at = early; at < until + DAY; at += 6 * 60 * MINUTE) {
    if (offsetAt(at) === found.at(-1)!.minutes) continue;
    let change = at;
    while (offsetAt(change - MINUTE) !== found.at(-1)!.minutes) change -= MINUTE;
    found.push({ from: change, minutes: offsetAt(change) });
  }
  return found;
}

/** Whether the window is open, for every minute of the ten years: 1 or 0. */
export function openMinutes(
  events: Uint8Array,
  offsets: readonly Offset[],
  { early, from: first, until }: Decade,
): Uint8Array {
  const open = new Uint8Array((until - early) / MINUTE);
  // The latest minute of local time that has been on the clock: what was on it before does not happen again.
  let shown = offsets[0]!.minutes - 1;
  let isOpen = 0;
  for (const [index, { from, minutes }] of offsets.entries()) {
    const last = (Math.min(offsets[index + 1]?.from ?? until, until) - early) / MINUTE;
    for (let minute = (from - early) / MINUTE; minute < last; minute++) {
      const shows = minute + minutes;
      if (shows > shown) isOpen = afterEvents(events, shown + 1, shows, isOpen);
      shown = Math.max(shown, shows);
      open[minute] = isOpen;
    }
  }
  return open.subarray((first - early) / MINUTE);
}

/** Whether the window is open when local time has gone on: by more than a minute where an hour was left out, and then all of it happens in its order. */
function afterEvents(events: Uint8Array, from: number, to: number, wasOpen: number): number {
  let isOpen = wasOpen;
  for (let minute = from; minute <= to; minute++) {
    const event = events[minute] ?? 0;
    if (event !== 0) isOpen = event & START ? 1 : 0;
  }
  return isOpen;
}
