import {
  cronTimes,
  type LocalTimes,
  midnightOf,
  timesOffDays,
  timesOnDays,
} from '../../calendar/cron-times.ts';
import { type WallTime, wallTime, type ZoneClock, zoneClock } from '../../calendar/zone-clock.ts';
import type { OpenWindow, Schedule, ScheduleState, ScheduleWindow } from '../../core/schedule.ts';
import { earliest, type Instant } from '../../core/time.ts';
import type { Calendar } from '../../ports/calendar.ts';

/** One window, from a moment on until it changes. */
interface WindowState {
  readonly open: OpenWindow | null;
  readonly changesAt: Instant | null;
}

/**
 * The calendar of the machine: cron by croner, time zones by Intl. A schedule is parsed once, and an answer holds until
 * the next change, so asking each minute costs next to nothing.
 */
export function cronerCalendar(): Calendar {
  const prepared = new WeakMap<Schedule, (now: Instant) => ScheduleState>();
  return {
    at: (schedule, now) => {
      const known = prepared.get(schedule);
      if (known !== undefined) return known(now);
      const ask = prepare(schedule);
      prepared.set(schedule, ask);
      return ask(now);
    },
  };
}

function prepare(schedule: Schedule): (now: Instant) => ScheduleState {
  const holidays = schedule.holidays.map(midnightOf);
  const windows = schedule.windows.map((window) => untilItChanges(windowClock(window, holidays)));
  return untilItChanges((now) => {
    const states = windows.map((window) => window(now));
    return {
      open: states.flatMap(({ open }) => open ?? []),
      changesAt: earliest(...states.map(({ changesAt }) => changesAt)),
    };
  });
}

/** Keeps the last answer for as long as it holds: from the moment it was asked for until it changes. */
function untilItChanges<T extends { readonly changesAt: Instant | null }>(
  ask: (now: Instant) => T,
): (now: Instant) => T {
  let last: { readonly from: Instant; readonly answer: T } | null = null;
  return (now) => {
    const holds =
      last !== null && last.from <= now && (last.answer.changesAt === null || now < last.answer.changesAt);
    if (last === null || !holds) last = { from: now, answer: ask(now) };
    return last.answer;
  };
}

function windowClock(
  { name, timeZone, times, onHolidays }: ScheduleWindow,
  holidays: readonly WallTime[],
): (now: Instant) => WindowState {
  if (times.kind === 'once') {
    const { from, to } = times;
    const open: OpenWindow = { name, since: from, until: to };
    return (now) => {
      if (now < from) return { open: null, changesAt: from < to ? from : null };
      return now < to ? { open, changesAt: to } : { open: null, changesAt: null };
    };
  }
  const starts = {
    'as-usual': (all: LocalTimes) => all,
    skip: (all: LocalTimes) => timesOffDays(all, holidays),
    only: (all: LocalTimes) => timesOnDays(all, holidays),
  }[onHolidays](cronTimes(times.start));
  return recurring(name, { starts, ends: cronTimes(times.end), clock: zoneClock(timeZone) });
}

/**
 * Open from the last start on that no end has followed. Starts and ends are compared as local times, so that those of a
 * skipped hour, which share an instant, keep their order; at the same local time the start comes after the end.
 */
function recurring(
  name: string,
  { starts, ends, clock }: { starts: LocalTimes; ends: LocalTimes; clock: ZoneClock },
): (now: Instant) => WindowState {
  const firstAt = (wall: WallTime | null) => (wall === null ? null : clock.firstAt(wall));
  return (now) => {
    const wall = clock.reachedBy(now);
    const start = starts.lastBy(wall);
    const end = ends.lastBy(wall);
    if (start === null || (end !== null && end > start)) {
      return { open: null, changesAt: firstAt(starts.firstAfter(wall)) };
    }
    // Of several starts without an end between them the first one opened the window.
    const opened = (end === null ? null : starts.firstAfter(justBefore(end))) ?? start;
    const until = firstAt(ends.firstAfter(wall));
    return { open: { name, since: clock.firstAt(opened), until }, changesAt: until };
  };
}

const justBefore = (wall: WallTime): WallTime => wallTime(wall - 1);
