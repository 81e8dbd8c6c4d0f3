import type { Schedule, ScheduleState } from '../core/schedule.ts';
import type { Instant } from '../core/time.ts';

/** Knows time zones and cron: the core is told what is open. */
export interface Calendar {
  /** Which windows are open at a time, and when that changes next. Never throws for a schedule that validation let pass. */
  at(schedule: Schedule, now: Instant): ScheduleState;
}

/** A calendar that may have to be loaded before its first answer: only policies with windows need one. */
export interface CalendarSource {
  /** As {@link Calendar.at}, perhaps later. */
  at(schedule: Schedule, now: Instant): ScheduleState | Promise<ScheduleState>;
}
