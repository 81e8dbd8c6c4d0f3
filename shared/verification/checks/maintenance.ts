import type { Policy } from '../../core/policy.ts';
import { NO_SCHEDULE, type ScheduleState } from '../../core/schedule.ts';
import { isVertical } from '../../core/target.ts';
import type { Instant } from '../../core/time.ts';
import type { Calendar } from '../../ports/calendar.ts';
import type { Finding } from '../finding.ts';
import { timelineOf } from '../timeline.ts';

/** When a ladder may be climbed. */
export interface MaintenanceTime {
  /** The windows that are open then; none for a target that may be changed at any time. */
  readonly opened: ScheduleState;
  readonly findings: readonly Finding[];
}

/**
 * Finds a time at which a target whose units change in size may be changed, so that its rules are judged there, and reports when
 * there is none in the next two years.
 */
export function maintenance(policy: Policy, calendar: Calendar, now: Instant): MaintenanceTime {
  const { target, schedule } = policy;
  if (!isVertical(target) || target.immediate) return { opened: NO_SCHEDULE, findings: [] };
  const names = (schedule?.windows ?? []).filter((window) => window.maintenance).map(({ name }) => name);
  const sets = schedule === null || names.length === 0 ? [] : timelineOf(schedule, calendar, now).sets;
  // The fewest windows beside it, so that nothing else is open that could be avoided.
  const [best] = sets
    .filter((set) => set.names.some((name) => names.includes(name)))
    .toSorted((one, other) => one.names.length - other.names.length);
  if (best !== undefined) return { opened: best.state, findings: [] };
  const windows = names.map((name) => `"${name}"`).join(', ');
  const why =
    names.length === 0
      ? 'no window of its schedule has maintenance: true'
      : `${windows} ${names.length === 1 ? 'does' : 'do'} not open in the next two years`;
  const finding: Finding = {
    check: 'maintenance',
    severity: 'error',
    policy: policy.name,
    message: `The size can never be changed: ${target.kind} waits for a maintenance window, and ${why}.`,
    fix: 'add a window with maintenance: true to the schedule, or set immediate: true',
  };
  return { opened: NO_SCHEDULE, findings: [finding] };
}
