import type { Instant } from './time.ts';

/** When a window is open: between recurring local times, or once. */
export type WindowTimes =
  | {
      readonly kind: 'recurring';
      /** Cron expressions of five fields, in the window's time zone. */
      readonly start: string;
      readonly end: string;
    }
  | { readonly kind: 'once'; readonly from: Instant; readonly to: Instant };

/** A stretch of time with rules of its own. Null = the window says nothing of it. */
export interface ScheduleWindow {
  /** Unique in its policy. */
  readonly name: string;
  /** IANA time zone, for example `Europe/Berlin`. */
  readonly timeZone: string;
  readonly times: WindowTimes;
  /** What a start on a holiday (a local date of the schedule's list) does: `as-usual`, `skip` that start, or `only` then. */
  readonly onHolidays: 'as-usual' | 'skip' | 'only';
  readonly min: number | null;
  readonly max: number | null;
  /** A size proposed while the window is open, beside what the metrics propose. */
  readonly desired: number | null;
  /** Automation that rests while the window is open. */
  readonly freeze: 'none' | 'out' | 'in' | 'both';
  /** Whether a target whose units change in size may be changed while the window is open. */
  readonly maintenance: boolean;
}

/** The windows of a policy. */
export interface Schedule {
  readonly windows: readonly ScheduleWindow[];
  /** Local dates, `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
  /** Of several open windows: `highest` takes the highest min, max and desired; `latest` the window that opened last. */
  readonly overlap: 'highest' | 'latest';
}

/** A window that is open. */
export interface OpenWindow {
  readonly name: string;
  readonly since: Instant;
  /** When it closes; null when it never does. */
  readonly until: Instant | null;
}

/** What a calendar says of a policy at one moment: handed to the core, which knows no calendar. */
export interface ScheduleState {
  readonly open: readonly OpenWindow[];
  /** When the set of open windows changes next; null when it never does. */
  readonly changesAt: Instant | null;
}

/** Nothing is scheduled. */
export const NO_SCHEDULE: ScheduleState = { open: [], changesAt: null };
