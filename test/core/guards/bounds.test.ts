import { expect, it, test } from 'vitest';
import type { ResizeCause } from '../../../shared/core/decision.ts';
import { bounds } from '../../../shared/core/guards/bounds.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { verdictOf } from '../../support/deciding.ts';

const policy = aPolicy({ bounds: { min: 2, max: 20 } });

test.each([2, 3, 19, 20])('%i of 2 to 20 is inside', (wish) => {
  expect(verdictOf(bounds, { policy, wish })).toEqual({ effect: 'pass' });
});

test.each([
  { wish: 1, to: 2, reason: 'at-minimum', detail: 'The minimum is 2, so 2, not 1.' },
  { wish: -3, to: 2, reason: 'at-minimum', detail: 'The minimum is 2, so 2, not -3.' },
  { wish: 21, to: 20, reason: 'at-maximum', detail: 'The maximum is 20, so 20, not 21.' },
  { wish: Number.POSITIVE_INFINITY, to: 20, reason: 'at-maximum' },
])('a wish for $wish becomes $to', ({ wish, ...expected }) => {
  for (const cause of ['policy', 'fallback', 'pin'] satisfies ResizeCause[]) {
    expect(verdictOf(bounds, { policy, wish, cause })).toMatchObject({ effect: 'amend', ...expected });
  }
});

test.each([
  { wish: 1, detail: '1 is outside the minimum of 2 of policy web.' },
  { wish: 21, detail: '21 is outside the maximum of 20 of policy web.' },
])('a manual request for $wish is refused, not bent', ({ wish, detail }) => {
  expect(verdictOf(bounds, { policy, wish, cause: 'manual' })).toEqual({
    effect: 'hold',
    reason: 'outside-bounds',
    until: null,
    detail,
  });
});

it('also judges a wish for the size that is there', () => {
  expect(bounds.alsoWhenContent).toBe(true);
});
