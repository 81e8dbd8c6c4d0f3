import type { Direction } from './decision.ts';
import type { OpenWindow, Schedule, ScheduleState } from './schedule.ts';

/** The bounds that the open windows leave, and the window that set each; null where it is the policy's own. */
export interface ScheduledBounds {
  readonly min: number;
  readonly max: number;
  readonly minFrom: string | null;
  readonly maxFrom: string | null;
}

/** A number that an open window sets. */
interface Setting {
  readonly window: OpenWindow;
  readonly value: number;
}

/**
 * The bounds of the open windows, never outside those of the policy: a window narrows them. Where the minimum of one
 * window is above the maximum of another, the minimum stands and lifts the maximum: the larger capacity is the safe one.
 */
export function scheduledBounds(
  bounds: { readonly min: number; readonly max: number },
  schedule: Schedule | null,
  state: ScheduleState,
): ScheduledBounds {
  if (schedule === null) return { min: bounds.min, max: bounds.max, minFrom: null, maxFrom: null };
  const inside = (value: number) => Math.min(Math.max(value, bounds.min), bounds.max);
  const [low, high] = [setting(schedule, state, 'min'), setting(schedule, state, 'max')];
  const min = inside(low?.value ?? bounds.min);
  const max = inside(high?.value ?? bounds.max);
  const minFrom = low !== null && min !== bounds.min ? low.window.name : null;
  if (max < min) return { min, max: min, minFrom, maxFrom: minFrom };
  return { min, max, minFrom, maxFrom: high !== null && max !== bounds.max ? high.window.name : null };
}

/** The size that the open windows ask for, and the window that asks; null when none does. */
export function scheduledSize(
  schedule: Schedule | null,
  state: ScheduleState,
): { readonly size: number; readonly window: OpenWindow } | null {
  const found = schedule === null ? null : setting(schedule, state, 'desired');
  return found === null ? null : { size: found.value, window: found.window };
}

/** The open window that freezes a direction, of several the one that closes last; null when automation may move. */
export function frozenBy(
  schedule: Schedule | null,
  state: ScheduleState,
  direction: Direction,
): OpenWindow | null {
  if (schedule === null) return null;
  return openWindows(schedule, state)
    .filter(({ rules: { freeze } }) => freeze === 'both' || freeze === direction)
    .map(({ window }) => window)
    .reduce<OpenWindow | null>(
      (last, next) => (last === null || closesLater(next, last) ? next : last),
      null,
    );
}

const closesLater = (one: OpenWindow, other: OpenWindow): boolean =>
  other.until !== null && (one.until === null || one.until > other.until);

/** One number of the windows that set it, by the overlap rule; among windows that opened together the higher one. */
function setting(schedule: Schedule, state: ScheduleState, field: 'min' | 'max' | 'desired'): Setting | null {
  const latest = schedule.overlap === 'latest';
  const wins = (one: Setting, other: Setting) =>
    latest && one.window.since !== other.window.since
      ? one.window.since > other.window.since
      : one.value > other.value;
  return openWindows(schedule, state)
    .flatMap(({ window, rules }) => {
      const value = rules[field];
      return value === null ? [] : [{ window, value }];
    })
    .reduce<Setting | null>((best, next) => (best === null || wins(next, best) ? next : best), null);
}

/** The open windows with their rules, in the order of the policy. */
const openWindows = (schedule: Schedule, state: ScheduleState) =>
  schedule.windows.flatMap((rules) => {
    const window = state.open.find(({ name }) => name === rules.name);
    return window === undefined ? [] : [{ window, rules }];
  });
