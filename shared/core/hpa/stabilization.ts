import type { Direction } from '../decision.ts';
import type { RecommendationRun } from '../ledger-entry.ts';
import { type Instant, instant, plusSeconds, secondsBetween } from '../time.ts';

/** What the history of wishes allows: the size, and which window keeps it from the wish. */
export type Stabilized =
  | { readonly size: number; readonly limited: null }
  | {
      readonly size: number;
      readonly limited: Direction;
      /** When the youngest recommendation that holds leaves its window. */
      readonly until: Instant;
    };

interface Window {
  readonly outSeconds: number;
  readonly inSeconds: number;
}

/**
 * The stabilization of `autoscaling/v2` with a behavior block: the current size is clamped into
 * [lowest wish of the scale-up window, highest wish of the scale-down window]. Both windows act whatever the direction.
 * A recommendation younger than the window counts (strictly); the raw wish of now always counts.
 */
export function stabilize(
  current: number,
  wish: number,
  history: readonly RecommendationRun[],
  window: Window,
  now: Instant,
): Stabilized {
  const lowest = Math.min(wish, ...wishesWithin(history, window.outSeconds, now));
  const highest = Math.max(wish, ...wishesWithin(history, window.inSeconds, now));
  const size = Math.min(Math.max(current, lowest), highest);
  if (size === wish) return { size, limited: null };
  const limited = wish > current ? 'out' : 'in';
  const seconds = limited === 'out' ? window.outSeconds : window.inSeconds;
  return { size, limited, until: leavesWindow(history, wish, limited, seconds, now) };
}

/** The end of a run: the start of the next one. The last run lasts until now: nobody has contradicted it. */
const endOf = (history: readonly RecommendationRun[], index: number, now: Instant): Instant =>
  history[index + 1]?.since ?? now;

/** The wishes in force less than `seconds` ago. */
export function wishesWithin(
  history: readonly RecommendationRun[],
  seconds: number,
  now: Instant,
): readonly number[] {
  return history
    .filter((_, index) => secondsBetween(endOf(history, index, now), now) < seconds)
    .map(({ wish }) => wish);
}

function leavesWindow(
  history: readonly RecommendationRun[],
  wish: number,
  limited: Direction,
  seconds: number,
  now: Instant,
): Instant {
  const ends = history.flatMap((run, index) => {
    const against = limited === 'in' ? run.wish > wish : run.wish < wish;
    return against ? [endOf(history, index, now)] : [];
  });
  return plusSeconds(instant(Math.max(...ends)), seconds);
}

/** Adds a wish to the run-length coded history and drops the runs that left the longest window. A repeated wish changes nothing. */
export function recordWish(
  history: readonly RecommendationRun[],
  wish: number,
  keepSeconds: number,
  now: Instant,
): readonly RecommendationRun[] {
  if (history.at(-1)?.wish === wish) return history;
  const kept = history.filter((_, index) => secondsBetween(endOf(history, index, now), now) < keepSeconds);
  return [...kept, { wish, since: now }];
}
