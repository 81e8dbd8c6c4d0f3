import type { OpenWindow, Schedule, ScheduleState, ScheduleWindow } from '../../shared/core/schedule.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { NOW } from './now.ts';

/** Business hours in Berlin, which say nothing of sizes yet. */
export function aWindow(overrides: Partial<ScheduleWindow> = {}): ScheduleWindow {
  return {
    name: 'day',
    timeZone: 'Europe/Berlin',
    times: { kind: 'recurring', start: '0 8 * * 1-5', end: '0 18 * * 1-5' },
    onHolidays: 'as-usual',
    min: null,
    max: null,
    desired: null,
    freeze: 'none',
    maintenance: false,
    ...overrides,
  };
}

/** The windows of a policy, without holidays; of several open ones the highest numbers count. */
export const aSchedule = (
  windows: readonly Partial<ScheduleWindow>[],
  overrides: Partial<Schedule> = {},
): Schedule => ({ windows: windows.map(aWindow), holidays: [], overlap: 'highest', ...overrides });

/** A window that has been open for a minute and closes in an hour. */
export const anOpenWindow = (overrides: Partial<OpenWindow> = {}): OpenWindow => ({
  name: 'day',
  since: plusSeconds(NOW, -60),
  until: plusSeconds(NOW, 3600),
  ...overrides,
});

/** What the calendar says when these windows are open. */
export const opened = (...windows: readonly Partial<OpenWindow>[]): ScheduleState => ({
  open: windows.map(anOpenWindow),
  changesAt: null,
});
