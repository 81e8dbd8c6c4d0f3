import type { Schedule, ScheduleWindow, WindowTimes } from '../core/schedule.ts';
import { checkCron, parseLocalTime } from './cron.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import type { ScheduleDocument, WindowDocument } from './schema/schedule.ts';
import { checkInside } from './strategies/context.ts';
import { checkZone } from './time-zone.ts';

interface Bounds {
  readonly min: number;
  readonly max: number;
}

interface Context {
  /** Of the schedule. */
  readonly timeZone: string;
  /** Null when they are wrong by themselves. */
  readonly bounds: Bounds | null;
  readonly path: DocumentPath;
  readonly report: Report;
}

/** A schedule document with its defaults, or null after reporting times that cannot be read. */
export function compileSchedule(
  document: ScheduleDocument,
  bounds: Bounds | null,
  path: DocumentPath,
  report: Report,
): Schedule | null {
  const timeZone = document.timeZone ?? 'UTC';
  const zoneIsRight = checkZone(timeZone, [...path, 'timeZone'], report);
  const holidays = [...new Set(document.holidays ?? [])];
  for (const [index, day] of (document.holidays ?? []).entries()) {
    if (!isDate(day)) report([...path, 'holidays', index], `${quote(day)} is not a date (write YYYY-MM-DD)`);
  }
  checkNames(document.windows, [...path, 'windows'], report);
  const windows = document.windows.map((window, index) => {
    // A wrong zone of the schedule has been reported once; its windows are read as if it were UTC.
    const context = { timeZone: zoneIsRight ? timeZone : 'UTC', bounds, report };
    return compileWindow(window, { ...context, path: [...path, 'windows', index] }, holidays.length > 0);
  });
  if (!windows.every((window) => window !== null)) return null;
  return { windows, holidays, overlap: document.overlap ?? 'highest' };
}

function isDate(day: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // 30 February is read as 2 March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

function checkNames(windows: readonly WindowDocument[], path: DocumentPath, report: Report): void {
  const names = windows.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    const first = names.indexOf(name);
    if (first === index) continue;
    report(
      [...path, index, 'name'],
      `the name ${quote(name)} is taken by entry [${first}] (choose another one)`,
    );
  }
}

function compileWindow(window: WindowDocument, context: Context, holidays: boolean): ScheduleWindow | null {
  const { path, report } = context;
  const timeZone = window.timeZone ?? context.timeZone;
  const zoneIsRight =
    window.timeZone === undefined || checkZone(window.timeZone, [...path, 'timeZone'], report);
  checkSays(window, path, report);
  checkSizes(window, context);
  checkHolidays(window, holidays, path, report);
  const times = zoneIsRight ? timesOf(window, timeZone, path, report) : null;
  return (
    times && {
      name: window.name,
      timeZone,
      times,
      onHolidays: window.onHolidays ?? 'as-usual',
      min: window.min ?? null,
      max: window.max ?? null,
      desired: window.desired ?? null,
      freeze: window.freeze ?? 'none',
      maintenance: window.maintenance ?? false,
    }
  );
}

function checkSays(window: WindowDocument, path: DocumentPath, report: Report): void {
  const { min, max, desired, freeze, maintenance } = window;
  if ([min, max, desired].some((size) => size !== undefined) || (freeze ?? 'none') !== 'none') return;
  if (maintenance === true) return;
  report(path, 'says nothing (give min, max, desired, freeze or maintenance)', 'key');
}

function checkSizes({ min, max, desired }: WindowDocument, { bounds, path, report }: Context): void {
  for (const [key, size] of Object.entries({ min, max, desired })) {
    if (size !== undefined) checkInside(size, bounds, [...path, key], report);
  }
  if (min !== undefined && max !== undefined && min > max) {
    report([...path, 'min'], `${min} is more than max ${max} (lower min or raise max)`);
  } else if (desired !== undefined && (desired < (min ?? desired) || desired > (max ?? desired))) {
    const range = `${min ?? ''}..${max ?? ''}`;
    report([...path, 'desired'], `${desired} is outside ${range} of its own window (choose a size inside)`);
  }
}

function checkHolidays(
  { onHolidays, from }: WindowDocument,
  known: boolean,
  path: DocumentPath,
  report: Report,
): void {
  if (onHolidays === undefined || onHolidays === 'as-usual') return;
  if (from !== undefined) {
    report([...path, 'onHolidays'], 'means nothing to a window with from and to (remove it)', 'key');
  } else if (!known) {
    report([...path, 'onHolidays'], 'the schedule lists no holidays (add holidays, or remove it)', 'key');
  }
}

function timesOf(
  window: WindowDocument,
  zone: string,
  path: DocumentPath,
  report: Report,
): WindowTimes | null {
  const { start, end, from, to } = window;
  const recurring = start !== undefined || end !== undefined;
  if (recurring && (from !== undefined || to !== undefined)) {
    const stray = from === undefined ? 'to' : 'from';
    report([...path, stray], 'stands beside start and end (keep one pair of the two)', 'key');
    return null;
  }
  if (recurring) return recurringOf(start, end, zone, path, report);
  if (from === undefined && to === undefined) {
    report(path, 'has no times (give start and end, or from and to)', 'key');
    return null;
  }
  return onceOf(from, to, zone, path, report);
}

function recurringOf(
  start: string | undefined,
  end: string | undefined,
  zone: string,
  path: DocumentPath,
  report: Report,
): WindowTimes | null {
  const read = (key: 'start' | 'end', expression: string | undefined): string | null => {
    const problem =
      expression === undefined
        ? 'is missing (give a cron expression of five fields)'
        : checkCron(expression, zone);
    if (problem !== null) report([...path, key], problem, expression === undefined ? 'key' : 'value');
    return problem === null && expression !== undefined ? expression.trim() : null;
  };
  const times = { kind: 'recurring', start: read('start', start), end: read('end', end) } as const;
  if (times.start === null || times.end === null) return null;
  if (fields(times.start) === fields(times.end)) {
    report(
      [...path, 'end'],
      `the window ends when it starts, and so it would never be closed (choose another end)`,
    );
  }
  return { ...times, start: times.start, end: times.end };
}

const fields = (cron: string): string => cron.toLowerCase().split(/\s+/).join(' ');

function onceOf(
  from: string | undefined,
  to: string | undefined,
  zone: string,
  path: DocumentPath,
  report: Report,
): WindowTimes | null {
  const read = (key: 'from' | 'to', written: string | undefined) => {
    const time = written === undefined ? null : parseLocalTime(written, zone);
    if (written === undefined) report([...path, key], 'is missing (give a local time)', 'key');
    else if (time === null) {
      report([...path, key], `${quote(written)} is not a local time (write 2026-11-27T08:00)`);
    }
    return time;
  };
  const [begin, end] = [read('from', from), read('to', to)];
  if (begin === null || end === null) return null;
  if (end <= begin) {
    report([...path, 'to'], `${quote(to)} is not after from ${quote(from)} (correct one of the two)`);
  }
  return { kind: 'once', from: begin, to: end };
}
