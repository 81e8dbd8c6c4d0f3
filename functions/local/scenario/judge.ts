import { explain } from '../../../shared/core/explain.ts';
import { BOUND_KEYS, boundsText, figuresOf, holds, seenAt, TESTS, windowOf, windowText } from './bounds.ts';
import type { Expectation } from './expectation-schema.ts';
import type { RunRecord } from './run-record.ts';
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
