import { expect, it, test } from 'vitest';
import { halfBlind } from '../../../shared/core/guards/half-blind.ts';
import { verdictOf } from '../../support/deciding.ts';

test.each([
  { blind: ['memory'], wish: 5, effect: 'pass' },
  { blind: ['memory'], wish: 4, effect: 'pass' },
  { blind: ['memory'], wish: 3, effect: 'hold' },
  { blind: [], wish: 3, effect: 'pass' },
])('from 4 to $wish while $blind is missing: $effect', ({ blind, wish, effect }) => {
  expect(verdictOf(halfBlind, { size: 4, wish, blind }).effect).toBe(effect);
});

it('names what is missing', () => {
  expect(verdictOf(halfBlind, { size: 4, wish: 3, blind: ['memory', 'requests'] })).toEqual({
    effect: 'hold',
    reason: 'metric-missing',
    until: null,
    detail: 'No scale-in while a metric is missing (memory, requests).',
  });
});
