import { explain } from '../../../shared/core/explain.ts';
import type { RunRecord } from './run-record.ts';
import { type Expectation, seconds } from './schema.ts';
import { momentText, numberText } from './words.ts';

/** An expectation that was not met: when, what was seen, what was expected. */
export interface Failure {
  /** Its place in the list, from 0. */
  readonly index: number;
  /** The second of the run at which it failed; null where it is about the whole run. */
  readonly second: number | null;
  readonly expected: string;
  readonly seen: string;
}

type Missed = Omit<Failure, 'index'>;
type Kind = Expectation['kind'];
type Of<K extends Kind> = Extract<Expectation, { kind: K }>;

/** Holds a run against what was expected of it. */
export const judge = (record: RunRecord, expectations: readonly Expectation[]): readonly Failure[] =>
  expectations.flatMap((expectation, index) => {
    const missed = missedBy(record, expectation);
    return missed === null ? [] : [{ index, ...missed }];
  });

function missedBy(record: RunRecord, expectation: Expectation): Missed | null {
  switch (expectation.kind) {
    case 'always':
      return always(record, expectation, true);
    case 'never':
      return always(record, expectation, false);
    case 'by':
      return by(record, expectation);
    case 'at-end':
      return atEnd(record, expectation);
    case 'figure':
      return figure(record, expectation);
    case 'in-order':
      return inOrder(record, expectation);
    case 'event':
      return counted(record.events.filter(({ event }) => isLike(event, expectation)).length, expectation);
    case 'decision':
      return counted(decisions(record, expectation), expectation);
    case 'calls':
      return counted(calls(record, expectation), expectation);
  }
}

type Bounds = Pick<Of<'always'>, 'atLeast' | 'atMost' | 'equals'>;

const TESTS = {
  atLeast: (value: number, bound: number) => value >= bound,
  atMost: (value: number, bound: number) => value <= bound,
  equals: (value: number, bound: number) => value === bound,
} as const;

const SIGNS = { atLeast: 'at least', atMost: 'at most', equals: 'exactly' } as const;

/** Whether a measure keeps its bounds in a second; null where it, or a measure that bounds it, is not there. */
function holds(record: RunRecord, measure: string, bounds: Bounds, second: number): boolean | null {
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

const BOUND_KEYS = ['atLeast', 'atMost', 'equals'] as const;

/** What was seen of a measure, with the values of the measures that bound it. */
function seenAt(record: RunRecord, measure: string, bounds: Bounds, second: number): string {
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

const boundsText = (bounds: Bounds): string =>
  BOUND_KEYS.flatMap((key) => {
    const bound = bounds[key];
    if (bound === undefined) return [];
    return [`${SIGNS[key]} ${typeof bound === 'number' ? numberText(bound) : bound}`];
  }).join(' and ');

interface Window {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

const windowOf = (record: RunRecord, { from, until }: Window) => ({
  first: from === undefined ? 0 : seconds(from),
  last: until === undefined ? record.seconds : Math.min(record.seconds, seconds(until)),
});

const windowText = ({ from, until }: Window): string =>
  [from === undefined ? '' : ` from ${from}`, until === undefined ? '' : ` until ${until}`].join('');

function always(record: RunRecord, expectation: Of<'always'> | Of<'never'>, wanted: boolean): Missed | null {
  const { measure } = expectation;
  const expected = `${measure} ${wanted ? 'always' : 'never'} ${boundsText(expectation)}${windowText(expectation)}`;
  const { first, last } = windowOf(record, expectation);
  let judged = 0;
  for (let second = first; second <= last; second += 1) {
    const verdict = holds(record, measure, expectation, second);
    if (verdict === null) continue;
    judged += 1;
    if (verdict !== wanted) return { second, expected, seen: seenAt(record, measure, expectation, second) };
  }
  // What was never seen was never right.
  return judged > 0 ? null : { second: null, expected, seen: `${measure} was never there` };
}

function by(record: RunRecord, expectation: Of<'by'>): Missed | null {
  const { measure, at, from } = expectation;
  const { first, last } = windowOf(record, { from, until: at });
  for (let second = first; second <= last; second += 1)
    if (holds(record, measure, expectation, second) === true) return null;
  const expected = `${measure} ${boundsText(expectation)} by ${at}`;
  return { second: last, expected, seen: seenAt(record, measure, expectation, last) };
}

function atEnd(record: RunRecord, expectation: Of<'at-end'>): Missed | null {
  const { measure } = expectation;
  if (holds(record, measure, expectation, record.seconds) === true) return null;
  const expected = `${measure} ${boundsText(expectation)} at the end`;
  return { second: record.seconds, expected, seen: seenAt(record, measure, expectation, record.seconds) };
}

function figure(record: RunRecord, expectation: Of<'figure'>): Missed | null {
  const { measure, of } = expectation;
  const figures = figuresOf(record, measure, windowOf(record, expectation));
  const expected = `${of} of ${measure} ${boundsText(expectation)}${windowText(expectation)}`;
  if (figures === null) return { second: null, expected, seen: `${measure} was never there` };
  const value = figures[of];
  const isMet = BOUND_KEYS.every((key) => {
    const bound = expectation[key];
    return bound === undefined || TESTS[key](value, bound);
  });
  return isMet ? null : { second: null, expected, seen: `it is ${numberText(value)}` };
}

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

type Pattern = Of<'in-order'>['events'][number];
type Event = RunRecord['events'][number]['event'];

const isLike = (event: Event, { event: type, policy, from, to, says }: Pattern | Of<'event'>): boolean =>
  event.type === type &&
  (policy === undefined || event.policy === policy) &&
  (from === undefined || event.from === from) &&
  (to === undefined || event.to === to) &&
  (says === undefined || event.reason.includes(says));

const patternText = ({ event, policy, from, to, says }: Pattern | Of<'event'>): string =>
  [
    event,
    policy === undefined ? '' : ` of ${policy}`,
    from === undefined ? '' : ` from ${from}`,
    to === undefined ? '' : ` to ${to}`,
    says === undefined ? '' : ` that says ${JSON.stringify(says)}`,
  ].join('');

function inOrder(record: RunRecord, { events }: Of<'in-order'>): Missed | null {
  let next = 0;
  let last = 0;
  for (const { second, event } of record.events) {
    const pattern = events[next];
    if (pattern === undefined || !isLike(event, pattern)) continue;
    next += 1;
    last = second;
  }
  const missing = events[next];
  if (missing === undefined) return null;
  const before = events[next - 1];
  const expected = `${patternText(missing)}${before === undefined ? '' : ` after ${patternText(before)}`}`;
  const seen = before === undefined ? 'there was none' : `there was none after ${momentText(last)}`;
  return { second: null, expected, seen };
}

type Counted = Of<'event'> | Of<'decision'> | Of<'calls'>;

/** Without a bound: at least once. */
function counted(count: number, expectation: Counted): Missed | null {
  const isBounded = BOUND_KEYS.some((key) => expectation[key] !== undefined);
  const bounds: Pick<Counted, 'atLeast' | 'atMost' | 'equals'> = isBounded ? expectation : { atLeast: 1 };
  const isMet = BOUND_KEYS.every((key) => {
    const bound = bounds[key];
    return bound === undefined || TESTS[key](count, bound);
  });
  if (isMet) return null;
  const expected = `${subjectOf(expectation)}: ${boundsText(bounds)}`;
  return { second: null, expected, seen: count === 0 ? 'there was none' : `there were ${count}` };
}

function subjectOf(expectation: Counted): string {
  switch (expectation.kind) {
    case 'event':
      return patternText(expectation);
    case 'decision': {
      const { policy, hold, resizeTo, says } = expectation;
      const what =
        hold === undefined ? `resizes of ${policy} to ${resizeTo}` : `holds of ${policy} for ${hold}`;
      return `${what}${says === undefined ? '' : ` that say ${JSON.stringify(says)}`}${windowText(expectation)}`;
    }
    case 'calls':
      return `calls of ${expectation.operation}${expectation.outcome === undefined ? '' : ` answered ${expectation.outcome}`}`;
  }
}

function decisions(record: RunRecord, expectation: Of<'decision'>): number {
  const { policy, hold, resizeTo, says } = expectation;
  const { first, last } = windowOf(record, expectation);
  return record.decisions.filter(
    (taken) =>
      taken.policy === policy &&
      taken.second >= first &&
      taken.second <= last &&
      (taken.decision.kind === 'hold' ? taken.decision.reason === hold : taken.decision.to === resizeTo) &&
      (says === undefined || explain(taken.decision).includes(says)),
  ).length;
}

function calls(record: RunRecord, { operation, outcome }: Of<'calls'>): number {
  const outcomes = record.calls.get(operation) ?? new Map<string, number>();
  if (outcome !== undefined) return outcomes.get(outcome) ?? 0;
  return [...outcomes.values()].reduce((sum, count) => sum + count, 0);
}
