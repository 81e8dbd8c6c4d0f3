import type { StepAdjustment } from '../../core/strategy.ts';
import type { DocumentPath, Report } from '../problem.ts';

/** A step by its distance from the threshold, away from it in both directions; null = no end. */
interface Interval {
  readonly index: number;
  readonly from: number | null;
  readonly to: number | null;
}

/**
 * The steps of one direction must cover every value beyond the threshold once: no overlap, no gap, at most one without
 * a beginning, and the last one without an end.
 */
export function checkIntervals(
  steps: readonly StepAdjustment[],
  direction: 'out' | 'in',
  path: DocumentPath,
  report: Report,
): void {
  const intervals = steps.map((step, index) => intervalOf(step, index, direction));
  const whole = intervals.map((interval, index) => {
    const step = steps[index];
    return step === undefined || !checkOne(step, interval, direction, [...path, index], report);
  });
  // Steps that are wrong by themselves would only be blamed twice.
  if (whole.includes(true)) return;
  const sorted = [...intervals].sort((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity));
  checkEnds(sorted, direction, path, report);
  for (const [position, next] of sorted.entries()) {
    const before = sorted[position - 1];
    if (before !== undefined) checkSeam(before, next, direction, path, report);
  }
}

const negated = (bound: number | null): number | null => (bound === null ? null : bound === 0 ? 0 : -bound);

const intervalOf = ({ lower, upper }: StepAdjustment, index: number, direction: 'out' | 'in'): Interval =>
  direction === 'out'
    ? { index, from: lower, to: upper }
    : { index, from: negated(upper), to: negated(lower) };

/** The document's names of the near and the far bound of a step. */
const NAMES = {
  out: { near: 'metricIntervalLowerBound', far: 'metricIntervalUpperBound', side: 'above' },
  in: { near: 'metricIntervalUpperBound', far: 'metricIntervalLowerBound', side: 'below' },
} as const;

/** Whether a step is right by itself; reports it when it is not. */
function checkOne(
  { lower, upper }: StepAdjustment,
  interval: Interval,
  direction: 'out' | 'in',
  path: DocumentPath,
  report: Report,
): boolean {
  const { near, side } = NAMES[direction];
  if (lower === null && upper === null) {
    report(path, `has no bound (give ${near}: 0 for every value ${side} the threshold)`);
    return false;
  }
  if (lower !== null && upper !== null && lower >= upper) {
    report(
      [...path, 'metricIntervalLowerBound'],
      `${lower} is not below metricIntervalUpperBound ${upper} (lower it, or raise the other)`,
    );
    return false;
  }
  const wrong = boundBehind(interval, direction);
  if (wrong === null) return true;
  const message = 'the step lies on the other side of the threshold, where it never applies';
  report([...path, wrong], `${message} (bounds are differences from it: all ${side} it)`);
  return false;
}

/** The bound of a step that lies behind the threshold, or null. */
function boundBehind({ from, to }: Interval, direction: 'out' | 'in'): string | null {
  if (from !== null && from < 0) return NAMES[direction].near;
  return to !== null && to <= 0 ? NAMES[direction].far : null;
}

function checkEnds(
  sorted: readonly Interval[],
  direction: 'out' | 'in',
  path: DocumentPath,
  report: Report,
): void {
  const { near, far, side } = NAMES[direction];
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first !== undefined && first.from !== null && first.from > 0) {
    report(
      [...path, first.index, near],
      `no step covers the values from 0 to ${first.from} ${side} the threshold (begin a step at 0)`,
    );
  }
  if (last !== undefined && last.to !== null) {
    report(
      [...path, last.index, far],
      `no step covers the values more than ${last.to} ${side} the threshold (leave ${far} out of this step)`,
    );
  }
}

function checkSeam(
  before: Interval,
  next: Interval,
  direction: 'out' | 'in',
  path: DocumentPath,
  report: Report,
): void {
  const { near, side } = NAMES[direction];
  const at = [...path, next.index, near];
  const other = `entry [${before.index}]`;
  if (next.from === null) {
    report([...path, next.index], `has no ${near}, like ${other} (only one step may have none)`);
  } else if (before.to === null || before.to > next.from) {
    const fix = before.to === null ? 'give that one an end' : `begin at ${signed(before.to, direction)}`;
    report(at, `the step overlaps with ${other} (${fix})`);
  } else if (before.to < next.from) {
    report(
      at,
      `no step covers the values from ${before.to} to ${next.from} ${side} the threshold (begin at ${signed(before.to, direction)})`,
    );
  }
}

const signed = (distance: number, direction: 'out' | 'in'): number =>
  direction === 'out' ? distance : -distance;
