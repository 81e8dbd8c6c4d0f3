import { type Instant, instant } from '../core/time.ts';

/** A local date and time as a number: the milliseconds since the epoch at which a clock in UTC shows the same. */
export type WallTime = number & { readonly __brand: 'WallTime' };

/** Marks such a number as a {@link WallTime}. */
export const wallTime = (millis: number): WallTime => millis as WallTime;

/**
 * The clock on the wall of a zone, read so that each local time comes once and none is left out: a local time that is
 * skipped comes at the first instant after the gap, one that is doubled comes at its first occurrence.
 */
export interface ZoneClock {
  /** The latest local time that the clock has shown by an instant: it stands still while an hour is repeated. */
  reachedBy(at: Instant): WallTime;
  /** The first instant at which the clock shows a local time or a later one. */
  firstAt(wall: WallTime): Instant;
}

/** A stretch of time in which a zone keeps its distance from UTC, in milliseconds; `until` is not part of it. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

const SECOND = 1000;
export const DAY: number = 86_400 * SECOND;
// No zone is further from UTC than 14 hours, and no clock was ever set by more than a day (Samoa left out 30 December 2011).
const REACH = 2 * DAY;

const clocks = new Map<string, ZoneClock>();

/**
 * The clock of an IANA time zone.
 * @throws RangeError for a zone that the runtime does not know.
 */
export function zoneClock(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const offsetAt = offsetsOf(timeZone);
  const clock: ZoneClock = {
    reachedBy: (at) => reachedBy(stretches(offsetAt, at - REACH, at + 1)),
    firstAt: (wall) => firstAt(stretches(offsetAt, wall - REACH, wall + REACH), wall),
  };
  clocks.set(timeZone, clock);
  return clock;
}

const reachedBy = (past: readonly Stretch[]): WallTime =>
  wallTime(Math.max(...past.map(({ until, offset }) => until - 1 + offset)));

function firstAt(around: readonly Stretch[], wall: WallTime): Instant {
  const shows = around.find(({ until, offset }) => until + offset > wall);
  // Where the stretch begins later than the wall time, the wall time was skipped.
  return instant(shows === undefined ? wall : Math.max(shows.from, wall - shows.offset));
}

type Offsets = (at: number) => number;

/** The distance from UTC in milliseconds, as `GMT-03:30` tells it. */
function offsetsOf(timeZone: string): Offsets {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (at) => {
    const [, sign, hours, minutes, seconds] =
      /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(format.format(at)) ?? [];
    const distance = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
    return (sign === '-' ? -distance : distance) * SECOND;
  };
}

// Looking once a day finds every change: since 1970 no zone has changed its offset twice within six days.
function stretches(offsetAt: Offsets, from: number, until: number): readonly Stretch[] {
  const found: Stretch[] = [];
  let begin = from;
  let offset = offsetAt(from);
  for (let seen = from; seen < until; ) {
    const next = Math.min(seen + DAY, until);
    const after = offsetAt(next);
    if (after !== offset) {
      const change = changeBetween(offsetAt, seen, next);
      found.push({ from: begin, until: change, offset });
      begin = change;
      offset = after;
    }
    seen = next;
  }
  return begin < until ? [...found, { from: begin, until, offset }] : found;
}

/** The first instant of a new offset, to the second: `low` has the old one, `high` the new one. */
function changeBetween(offsetAt: Offsets, low: number, high: number): number {
  const old = offsetAt(low);
  let before = Math.floor(low / SECOND);
  let after = Math.ceil(high / SECOND);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle * SECOND) === old) before = middle;
    else after = middle;
  }
  return after * SECOND;
}
