import type { Actual, Vector } from './vector.ts';

type Expected = Readonly<Record<string, unknown>>;

/** What is printed of an answer: the keys that `expect` has, and an error in any case; without `expect` all of it. */
export function picked(actual: Actual, expect: Vector['expect']): Actual {
  if (expect === undefined) return actual;
  const asked = Object.keys(expect).map((key) => [key, answered(actual, key)] as const);
  return {
    ...Object.fromEntries(asked),
    ...(actual['errorKind'] === undefined ? {} : { error: actual['error'], errorKind: actual['errorKind'] }),
  };
}

/** An answer says nothing of an error that did not happen. */
const answered = (actual: Actual, key: string): unknown =>
  actual[key] ?? (key === 'error' && actual['errorKind'] === undefined ? false : null);

/** Every key that does not match, as `key: expected X, got Y`. Null and absent keys were not asserted. */
export function differences(actual: Actual, expect: Expected): readonly string[] {
  return Object.entries(expect).flatMap(([key, wanted]) => {
    // The window of a scale-down that names none is null on purpose: it is filled in when a decision is made.
    if ((wanted === null && key !== 'stabilizationWindowSeconds') || key === 'informative') return [];
    const found = answered(actual, key);
    return matches(key, wanted, found) ? [] : [`${key}: expected ${text(wanted)}, got ${text(found)}`];
  });
}

function matches(key: string, wanted: unknown, found: unknown): boolean {
  return key === 'eventsAfter' ? same(current(wanted), current(found)) : same(wanted, found);
}

/** Outdated events are dropped here and marked there. */
const current = (events: unknown): unknown =>
  Array.isArray(events) ? events.filter((event: { outdated?: boolean }) => event.outdated !== true) : events;

function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(Reflect.get(a, key), Reflect.get(b, key)))
  );
}

const text = (value: unknown): string => JSON.stringify(value);
