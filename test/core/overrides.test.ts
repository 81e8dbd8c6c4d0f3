import { describe, expect, it } from 'vitest';
import { activePin, describeOverride, nextExpiry, splitOverrides } from '../../shared/core/overrides.ts';
import { instant, plusSeconds } from '../../shared/core/time.ts';
import { aCeiling, aFloor, aPause, aPin, aState } from '../support/a-state.ts';
import { NOW } from '../support/now.ts';

const pin = aPin({ expiresAt: NOW });
const state = aState({ overrides: [pin] });
const justBefore = instant(NOW - 1);

describe('an override ends at the very instant of its expiry', () => {
  it('is in force a millisecond before', () => {
    expect(activePin(state, justBefore)).toBe(pin);
    expect(splitOverrides(state, justBefore)).toEqual({ active: [pin], expired: [] });
  });

  it('has ended then', () => {
    expect(activePin(state, NOW)).toBeNull();
    expect(splitOverrides(state, NOW)).toEqual({ active: [], expired: [pin] });
  });
});

it('knows when the next override ends', () => {
  expect(nextExpiry([])).toBeNull();
  expect(
    nextExpiry([aPin({ expiresAt: plusSeconds(NOW, 9) }), aPin({ expiresAt: plusSeconds(NOW, 3) })]),
  ).toBe(plusSeconds(NOW, 3));
});

it.each([
  [aPin(), 'The size of 8'],
  [aFloor(), 'The floor of 8'],
  [aCeiling(), 'The ceiling of 3'],
  [aPause(), 'The pause'],
  [aPause({ direction: 'out' }), 'The pause of scale-out'],
])('calls %j "%s"', (override, words) => {
  expect(describeOverride(override)).toBe(words);
});
