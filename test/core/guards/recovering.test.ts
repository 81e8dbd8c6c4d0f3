import { expect, it, test } from 'vitest';
import { recovering } from '../../../shared/core/guards/recovering.ts';
import { aFallback, aPolicy } from '../../support/a-policy.ts';
import { aState } from '../../support/a-state.ts';
import { verdictOf } from '../../support/deciding.ts';

const policy = aPolicy({ fallback: aFallback({ recoverAfter: 3 }) });

test.each([
  { left: 3, wish: 3, effect: 'hold' },
  { left: 2, wish: 3, effect: 'hold' },
  { left: 1, wish: 3, effect: 'pass' },
  { left: 0, wish: 3, effect: 'pass' },
  { left: 3, wish: 5, effect: 'pass' },
])('with $left good readings to go, a wish of $wish from 4: $effect', ({ left, wish, effect }) => {
  expect(verdictOf(recovering, { policy, state: aState({ recovering: left }), size: 4, wish }).effect).toBe(
    effect,
  );
});

test.each([
  { left: 3, says: 'Metrics are back after a fallback; scale-in waits for 2 more good readings.' },
  { left: 2, says: 'Metrics are back after a fallback; scale-in waits for 1 more good reading.' },
])('says how many are still wanted', ({ left, says }) => {
  const verdict = verdictOf(recovering, { policy, state: aState({ recovering: left }), size: 4, wish: 3 });
  expect(verdict).toEqual({ effect: 'hold', reason: 'recovering', until: null, detail: says });
});

it('means nothing to a policy that has no fallback any more', () => {
  const state = aState({ recovering: 3 });
  expect(verdictOf(recovering, { policy: aPolicy(), state, size: 4, wish: 3 })).toEqual({ effect: 'pass' });
});
