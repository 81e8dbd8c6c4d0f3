import type { Expectation } from './expectation-schema.ts';
import { seconds } from './happening-schema.ts';
import type { RunRecord } from './run-record.ts';
import { numberText } from './words.ts';

/** What a number, or a measure, must keep to. */
export type Bounds = Pick<Extract<Expectation, { kind: 'always' }>, 'atLeast' | 'atMost' | 'equals'>;

/** Whether a value keeps a bound. */
export const TESTS = {
  atLeast: (value: number, bound: number) => value >= bound,
  atMost: (value: number, bound: number) => value <= bound,
  equals: (value: number, bound: number) => value === bound,
} as const;

const SIGNS = { atLeast: 'at least', atMost: 'at most', equals: 'exactly' } as const;

/** Whether a measure keeps its bounds in a second; null where it, or a measure that bounds it, is not there. */
export function holds(record: RunRecord, measure: string, bounds: Bounds, second: number): boolean | null {
  const value = record.valueAt(measure, second);
  if (value === null) return null;
  let known: boolean | null = null;
  for (const key of BOUND_KEYS) {
    const given = bounds[key];
    if (given === undefined) continue;
    const bound = typeof given === 'number' ? given : record.valueAt(given, second);
    if (bound === null) return null;
    known = (known ?? true) && TESTS[key](value, bound);
  }
  return known;
}

/** The bounds that there are. */
export const BOUND_KEYS = ['atLeast', 'atMost', 'equals'] as const;

/** What was seen of a measure, with the values of the measures that bound it. */
export function seenAt(record: RunRecord, measure: string, bounds: Bounds, second: number): string {
  const value = record.valueAt(measure, second);
  const others = BOUND_KEYS.flatMap((key) => {
    const name = bounds[key];
    const other = typeof name === 'string' ? record.valueAt(name, second) : null;
    return other === null ? [] : [`${String(name)} is ${numberText(other)}`];
  });
  return [value === null ? `${measure} is not known` : `${measure} is ${numberText(value)}`, ...others].join(
    ', ',
  );
}

/** Bounds in words. */
export const boundsText = (bounds: Bounds): string =>
  BOUND_KEYS.flatMap((key) => {
    const bound = bounds[key];
    if (bound === undefined) return [];
    return [`${SIGNS[key]} ${typeof bound === 'number' ? numberText(bound) : bound}`];
  }).join(' and ');

interface Window {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** The first and the last second of a window; the whole run where it says nothing. */
export const windowOf = (record: RunRecord, { from, until }: Window) => ({
  first: from === undefined ? 0 : seconds(from),
  last: until === undefined ? record.seconds : Math.min(record.seconds, seconds(until)),
});

/** A window in words, with a space before it. */
export const windowText = ({ from, until }: Window): string =>
  [from === undefined ? '' : ` from ${from}`, until === undefined ? '' : ` until ${until}`].join('');

/** A measure over a window of a run. */
export interface Figures {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** The sum over the seconds. */
  readonly total: number;
  readonly end: number;
}

/** What a measure comes to between two seconds; null = it was never there. */
export function figuresOf(
  record: RunRecord,
  measure: string,
  { first, last }: { readonly first: number; readonly last: number },
): Figures | null {
  let [min, max, total, count, end] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let second = first; second <= last; second += 1) {
    const value = record.valueAt(measure, second);
    if (value === null) continue;
    [min, max, total, count, end] = [
      Math.min(min, value),
      Math.max(max, value),
      total + value,
      count + 1,
      value,
    ];
  }
  return count === 0 ? null : { min, max, mean: total / count, total, end };
}
