import { NO_SCHEDULE, type ScheduleState, type ScheduleWindow } from '../core/schedule.ts';
import type { Calendar } from '../ports/calendar.ts';
import { type Axis, axesOf } from './axes.ts';
import type { Lab } from './lab.ts';
import { sampleSizes } from './samples.ts';
import { type OpenSet, type Timeline, timelineOf } from './timeline.ts';

/** The most sets of open windows that a policy is asked in. */
const MOST_SETS = 8;

/** A policy under examination: what every check looks at. */
export interface Case {
  readonly lab: Lab;
  readonly axes: readonly Axis[];
  readonly sizes: readonly number[];
  readonly calendar: Calendar;
  readonly windows: readonly ScheduleWindow[];
  readonly timeline: Timeline;
  /** States of the schedule to ask in: no window open, then those that occur, at most eight. */
  readonly schedules: readonly ScheduleState[];
}

const NO_TIMELINE: Timeline = { stretches: [], sets: [], minutes: 0 };

/** Prepares a policy for examination. */
export function caseOf(lab: Lab, calendar: Calendar): Case {
  const { policy, now } = lab;
  const timeline = policy.schedule === null ? NO_TIMELINE : timelineOf(policy.schedule, calendar, now);
  const open = timeline.sets.filter(({ names }) => names.length > 0).slice(0, MOST_SETS - 1);
  return {
    lab,
    axes: axesOf(policy),
    sizes: sampleSizes(policy.bounds),
    calendar,
    windows: policy.schedule?.windows ?? [],
    timeline,
    schedules: [NO_SCHEDULE, ...open.map(({ state }) => state)],
  };
}

/** The windows of a set, as the policy declares them. */
export const windowsOf = ({ windows }: Case, { names }: OpenSet): readonly ScheduleWindow[] =>
  windows.filter(({ name }) => names.includes(name));
