import { ControllerError } from '../core/controller-error.ts';
import { type Instant, instant } from '../core/time.ts';
import type { Trace } from './trace-csv.ts';

/** A load over time: what drives the simulated account. */
export interface Workload {
  /** First instant of the load. */
  readonly start: Instant;
  /** Instant at which it ends; the load keeps its last value from then on. */
  readonly end: Instant;
  /** Load at an instant, in the unit of its source; zero or more. */
  loadAt(at: Instant): number;
  /** The load that is not exceeded for the given share (0 to 1) of the time. */
  percentile(share: number): number;
}

/** Which part of a trace to replay, both in seconds. */
export interface TraceWindow {
  /** Seconds after the first value of the trace. */
  readonly fromSeconds: number;
  readonly seconds: number;
}

/** Length of a trace in seconds. */
export const traceSeconds = (trace: Trace): number => trace.values.length * trace.stepSeconds;

/**
 * A window of a trace, in the trace's own time.
 * Between two values the load is interpolated linearly: a rate does not jump, and a step at every full minute would
 * be in phase with the metric periods. A trace never wraps: a replay does not invent load.
 * @throws ControllerError `invalid` when the window does not lie inside the trace.
 */
export function traceWorkload(
  trace: Trace,
  window: TraceWindow = { fromSeconds: 0, seconds: traceSeconds(trace) },
): Workload {
  assertInside(trace, window);
  const { startSeconds, stepSeconds, values } = trace;
  const first = Math.floor(window.fromSeconds / stepSeconds);
  const last = Math.ceil((window.fromSeconds + window.seconds) / stepSeconds);
  const sorted = Float64Array.from(values.slice(first, last)).sort();
  const start = instant((startSeconds + window.fromSeconds) * 1000);
  return {
    start,
    end: instant(start + window.seconds * 1000),
    loadAt: (at) => interpolate(values, (at / 1000 - startSeconds) / stepSeconds),
    percentile: (share) => interpolate(sorted, share * (sorted.length - 1)),
  };
}

/** A load that never changes: for tests and for policies without a trace. */
export function constantWorkload(load: number, start: Instant, end: Instant): Workload {
  return { start, end, loadAt: () => load, percentile: () => load };
}

/** Value at a fractional index, held at both ends. */
function interpolate(values: ArrayLike<number>, position: number): number {
  const clamped = Math.min(Math.max(position, 0), values.length - 1);
  const index = Math.floor(clamped);
  const before = values[index] ?? 0;
  const after = values[index + 1] ?? before;
  return before + (after - before) * (clamped - index);
}

function assertInside(trace: Trace, { fromSeconds, seconds }: TraceWindow): void {
  const length = traceSeconds(trace);
  if (fromSeconds >= 0 && seconds > 0 && fromSeconds + seconds <= length) return;
  const left = Math.max(0, length - fromSeconds);
  throw new ControllerError(
    'invalid',
    `${trace.file}: a window of ${hours(seconds)} from hour ${(fromSeconds / 3600).toFixed(1)} on does not lie inside the trace of ${hours(length)} (choose a window of at most ${hours(left)} there, or an earlier start)`,
    { retryable: false },
  );
}

const hours = (seconds: number): string => `${Number((seconds / 3600).toFixed(2))} h`;
