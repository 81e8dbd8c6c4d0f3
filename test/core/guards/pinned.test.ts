import { expect, it } from 'vitest';
import { pinned } from '../../../shared/core/guards/pinned.ts';
import { aPin, aState } from '../../support/a-state.ts';
import { verdictOf } from '../../support/deciding.ts';
import { clockTime, NOW } from '../../support/now.ts';

it('keeps the size of an operator, and says whose it is and when it ends', () => {
  const state = aState({ overrides: [aPin({ expiresAt: clockTime('10:04:30') })] });
  expect(verdictOf(pinned, { state, size: 8, wish: 3 })).toEqual({
    effect: 'hold',
    reason: 'pinned',
    until: clockTime('10:04:30'),
    detail: 'ada pinned the size to 8 ("a load test"); the override ends at 10:04:30, in 84 s.',
  });
});

it('ends at its expiry, not after it', () => {
  expect(
    verdictOf(pinned, { state: aState({ overrides: [aPin({ expiresAt: NOW })] }), wish: 3 }).effect,
  ).toBe('pass');
});

it('has nothing to say without an override', () => {
  expect(verdictOf(pinned, { wish: 3 }).effect).toBe('pass');
});
