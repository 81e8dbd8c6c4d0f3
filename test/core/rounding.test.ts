import { expect, test } from 'vitest';
import { ceilOf, floorOf } from '../../shared/core/rounding.ts';

test.each([
  { value: 4.2, up: 5, down: 4 },
  { value: 4, up: 4, down: 4 },
  { value: 70 * 1.1, up: 77, down: 77 },
  { value: 10000 * 0.57 - 1e-9, up: 5700, down: 5700 },
  { value: 1e-12, up: 1, down: 0 },
  { value: 0, up: 0, down: 0 },
  { value: -6.67, up: -6, down: -7 },
  { value: 1000.0001, up: 1001, down: 1000 },
])('$value is $up rounded up and $down rounded down', ({ value, up, down }) => {
  expect(ceilOf(value)).toBe(up);
  expect(floorOf(value)).toBe(down);
});
