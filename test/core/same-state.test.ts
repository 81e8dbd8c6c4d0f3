import { expect, it, test } from 'vitest';
import { isSameState } from '../../shared/core/same-state.ts';
import { aPin, aResize, aState } from '../support/a-state.ts';
import { NOW } from '../support/now.ts';

const state = aState({
  resize: aResize(),
  overrides: [aPin()],
  scaleEvents: [{ at: NOW, direction: 'out', change: 2 }],
  wakeAt: NOW,
});

it('does not mind the order of keys, in which a store hands them back', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, each]) => [key, reversed(each)]),
    );
  };
  expect(isSameState(state, reversed(state) as typeof state)).toBe(true);
});

test.each([
  { what: 'a number', other: { ...state, misses: 1 } },
  { what: 'null for a number', other: { ...state, wakeAt: null } },
  { what: 'a resize that is gone', other: { ...state, resize: null } },
  { what: 'a field deep inside', other: { ...state, resize: aResize({ to: 7 }) } },
  { what: 'an element less', other: { ...state, overrides: [] } },
  { what: 'an element more', other: { ...state, overrides: [aPin(), aPin()] } },
  { what: 'another element', other: { ...state, overrides: [aPin({ size: 9 })] } },
  { what: 'a key more', other: { ...state, extra: 1 } },
  { what: 'a key by another name', other: { ...state, resize: { ...aResize(), to: undefined, upTo: 6 } } },
  { what: 'an object for a list', other: { ...state, recommendations: {} } },
])('sees $what', ({ other }) => {
  expect(isSameState(state, other as typeof state)).toBe(false);
  expect(isSameState(other as typeof state, state)).toBe(false);
});
