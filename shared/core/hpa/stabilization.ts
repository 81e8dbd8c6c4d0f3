import type { RecommendationRun } from '../ledger-entry.ts';
import { type Instant, secondsBetween } from '../time.ts';

/** What the history of wishes allows. `limit` is the recommendation that held the size, for the explanation. */
export interface Stabilized {
  readonly size: number;
  readonly limited: 'out' | 'in' | null;
  /** When the recommendation that holds leaves its window; null when none holds or it still stands. */
  readonly until: Instant | null;
}

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
  if (size === wish) return { size, limited: null, until: null };
  const limited = wish >= current ? 'out' : 'in';
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
  limited: 'out' | 'in',
  seconds: number,
  now: Instant,
): Instant | null {
  const holds = history.flatMap((run, index) => {
    const against = limited === 'in' ? run.wish > wish : run.wish < wish;
    return against ? [endOf(history, index, now)] : [];
  });
  const last = holds.at(-1);
  return last === undefined ? null : ((last + seconds * 1000) as Instant);
}

/** Adds a wish to the run-length coded history and drops the runs that left the longest window. A repeated wish changes nothing. */
export function recordWish(
  history: readonly RecommendationRun[],
  wish: number,
  keepSeconds: number,
  now: Instant,
): readonly RecommendationRun[] {
  const kept = history.filter(
    (_, index) =>
      secondsBetween(endOf(history, index, now), now) < keepSeconds || index === history.length - 1,
  );
  if (kept.at(-1)?.wish === wish) return kept.length === history.length ? history : kept;
  const last = kept.at(-1);
  // A run that began at this very instant was never in force.
  const before = last !== undefined && last.since === now ? kept.slice(0, -1) : kept;
  return before.at(-1)?.wish === wish ? before : [...before, { wish, since: now }];
}
