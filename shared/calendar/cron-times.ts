import { Cron } from 'croner';
import { DAY, type WallTime, wallTime } from './zone-clock.ts';

/** Local times, in order. */
export interface LocalTimes {
  /** The last one at or before a local time; null when there is none. */
  lastBy(wall: WallTime): WallTime | null;
  /** The first one after a local time; null when there is none. */
  firstAfter(wall: WallTime): WallTime | null;
}

const SECOND = 1000;

// A parsed expression holds an array of ten thousand years, 80 kB: a thousand schedules may not keep one each, and parsing
// again at the edge of a window costs 25 µs.
const KEPT = 64;
const parsed = new Map<string, Cron>();

function parse(expression: string): Cron {
  const known = parsed.get(expression);
  if (known !== undefined) return known;
  // Croner works on local time here, of which UTC is the plainest kind: its own rules for skipped and doubled times differ
  // from pattern to pattern, and ours (see zone-clock.ts) do not.
  const cron = new Cron(expression, { utcOffset: 0, mode: '5-part', paused: true });
  const [oldest] = parsed.keys();
  if (oldest !== undefined && parsed.size >= KEPT) parsed.delete(oldest);
  parsed.set(expression, cron);
  return cron;
}

/**
 * The local times that a cron expression of five fields names. A day counts when it matches the day of month or the day of
 * week, where both are restricted: a field is unrestricted when it is `*`.
 * @throws TypeError for an expression that is none.
 */
export function cronTimes(expression: string): LocalTimes {
  parse(expression);
  const orNull = (found: Date | null | undefined) => (found ? wallTime(found.getTime()) : null);
  return {
    // Croner looks strictly before, and in whole seconds.
    lastBy: (wall) => {
      const reference = new Date((Math.floor(wall / SECOND) + 1) * SECOND);
      return orNull(parse(expression).previousRuns(1, reference)[0]);
    },
    firstAfter: (wall) => orNull(parse(expression).nextRun(new Date(wall))),
  };
}

/** The local midnight that a date (`YYYY-MM-DD`) begins with. */
export const midnightOf = (date: string): WallTime => wallTime(Date.parse(`${date}T00:00:00Z`));

const dayOf = (wall: WallTime): WallTime => wallTime(Math.floor(wall / DAY) * DAY);

/** The times that are on none of the days. */
export function timesOffDays(times: LocalTimes, days: readonly WallTime[]): LocalTimes {
  const off = new Set(days);
  return {
    lastBy: (wall) => {
      let found = times.lastBy(wall);
      while (found !== null && off.has(dayOf(found))) found = times.lastBy(wallTime(dayOf(found) - 1));
      return found;
    },
    firstAfter: (wall) => {
      let found = times.firstAfter(wall);
      while (found !== null && off.has(dayOf(found)))
        found = times.firstAfter(wallTime(dayOf(found) + DAY - 1));
      return found;
    },
  };
}

/** The times that are on one of the days. */
export function timesOnDays(times: LocalTimes, days: readonly WallTime[]): LocalTimes {
  const sorted = [...new Set(days)].sort((a, b) => a - b);
  return {
    lastBy: (wall) => {
      for (const day of sorted.filter((each) => each <= wall).reverse()) {
        const found = times.lastBy(wallTime(Math.min(wall, day + DAY - 1)));
        if (found !== null && found >= day) return found;
      }
      return null;
    },
    firstAfter: (wall) => {
      for (const day of sorted.filter((each) => each + DAY > wall)) {
        const found = times.firstAfter(wallTime(Math.max(wall, day - 1)));
        if (found !== null && found < day + DAY) return found;
      }
      return null;
    },
  };
}
