import type { OpenWindow, Schedule, ScheduleState } from '../core/schedule.ts';
import { type Instant, plusSeconds, secondsBetween } from '../core/time.ts';
import type { Calendar } from '../ports/calendar.ts';

/** How far ahead a schedule is looked at: two years, so that every change of the clock comes twice. */
const AHEAD_SECONDS = 2 * 366 * 86_400;

/** The most changes of open windows that are followed. */
const MOST_CHANGES = 20_000;

/** A time in which the same windows are open. */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly open: readonly OpenWindow[];
}

/** A set of windows that are open at once. */
export interface OpenSet {
  readonly names: readonly string[];
  /** What the calendar says of it at its first minute; it is taken to stay so. */
  readonly state: ScheduleState;
  readonly firstAt: Instant;
  readonly seconds: number;
}

/** What the calendar says from now on. */
export interface Timeline {
  readonly stretches: readonly Stretch[];
  /** Every set of open windows that occurs, in the order of its first time; the one without any too. */
  readonly sets: readonly OpenSet[];
  readonly minutes: number;
}

/** Follows a schedule from change to change, so that no minute is left out: two years, or 20,000 changes. */
export function timelineOf(schedule: Schedule, calendar: Calendar, from: Instant): Timeline {
  const end = plusSeconds(from, AHEAD_SECONDS);
  const stretches: Stretch[] = [];
  for (let at = from; at < end && stretches.length < MOST_CHANGES; ) {
    const { open, changesAt } = calendar.at(schedule, at);
    const to = changesAt === null || changesAt > end ? end : changesAt;
    stretches.push({ from: at, to, open });
    at = to;
  }
  const last = stretches.at(-1)?.to ?? from;
  return { stretches, sets: setsOf(stretches), minutes: Math.round(secondsBetween(from, last) / 60) };
}

function setsOf(stretches: readonly Stretch[]): readonly OpenSet[] {
  const sets = new Map<string, OpenSet>();
  for (const { from, to, open } of stretches) {
    const names = open.map(({ name }) => name);
    const key = JSON.stringify(names);
    const before = sets.get(key);
    const seconds = (before?.seconds ?? 0) + secondsBetween(from, to);
    sets.set(
      key,
      before === undefined
        ? { names, state: { open, changesAt: null }, firstAt: from, seconds }
        : { ...before, seconds },
    );
  }
  return [...sets.values()];
}

/** A time for people: `2026-11-27 08:00 UTC`. */
export const timeText = (at: Instant): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A number of minutes for people: `2,880 minutes`. */
export const minutesText = (seconds: number): string => {
  const minutes = Math.round(seconds / 60);
  return `${minutes.toLocaleString('en-US')} ${minutes === 1 ? 'minute' : 'minutes'}`;
};
