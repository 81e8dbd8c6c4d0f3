import { expect, it, test } from 'vitest';
import { earliest, instant, plusSeconds, secondsBetween, timeOfDay } from '../../shared/core/time.ts';
import { NOW } from '../support/now.ts';

test.each([
  { at: 0, says: '00:00:00' },
  { at: Date.UTC(2026, 2, 2, 10, 4, 30, 999), says: '10:04:30' },
  { at: Date.UTC(2026, 11, 31, 23, 59, 59), says: '23:59:59' },
  { at: Date.UTC(2028, 1, 29, 0, 0, 0), says: '00:00:00' },
])('the time of day of $at in UTC is $says', ({ at, says }) => {
  expect(timeOfDay(instant(at))).toBe(says);
});

it('adds and measures seconds in both directions', () => {
  expect(plusSeconds(NOW, 1.5) - NOW).toBe(1500);
  expect(secondsBetween(NOW, plusSeconds(NOW, 84))).toBe(84);
  expect(secondsBetween(plusSeconds(NOW, 84), NOW)).toBe(-84);
});

it('finds the earliest of the instants that there are', () => {
  expect(earliest(null, instant(7), instant(3), null, instant(5))).toBe(3);
  expect(earliest(null)).toBeNull();
  expect(earliest()).toBeNull();
});
