import { expect, it, test } from 'vitest';
import { rate } from '../../../shared/core/guards/rate.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aState } from '../../support/a-state.ts';
import { someRules } from '../../support/behaviors.ts';
import { verdictOf } from '../../support/deciding.ts';
import { NOW } from '../../support/now.ts';

const four = { policies: [{ type: 'Pods', value: 4, periodSeconds: 60 }] } as const;
const policy = aPolicy({ behavior: someRules({ up: four, down: four }) });

test.each([
  { wish: 13, effect: 'pass' },
  { wish: 14, effect: 'pass' },
  { wish: 15, effect: 'amend', to: 14, detail: 'The rate policies of scale-out allow 14 now, not 15.' },
  { wish: 7, effect: 'pass' },
  { wish: 6, effect: 'pass' },
  { wish: 5, effect: 'amend', to: 6, detail: 'The rate policies of scale-in allow 6 now, not 5.' },
])('four units a minute, from 10 to $wish: $effect', ({ wish, ...expected }) => {
  expect(verdictOf(rate, { policy, size: 10, wish })).toMatchObject(expected);
});

it('counts what has been done within the minute', () => {
  const state = aState({ scaleEvents: [{ at: plusSeconds(NOW, -30), direction: 'out', change: 3 }] });
  expect(verdictOf(rate, { policy, state, size: 10, wish: 15 })).toMatchObject({
    to: 11,
    reason: 'rate-limited',
  });
});

test.each([
  {
    behavior: someRules({ up: { selectPolicy: 'Disabled' } }),
    wish: 11,
    detail: 'The behavior block disables scale-out.',
  },
  {
    behavior: someRules({ down: { selectPolicy: 'Disabled' } }),
    wish: 9,
    detail: 'The behavior block disables scale-in.',
  },
])('stays where the direction is disabled: $detail', ({ behavior, wish, detail }) => {
  expect(verdictOf(rate, { policy: aPolicy({ behavior }), size: 10, wish })).toEqual({
    effect: 'amend',
    to: 10,
    reason: 'direction-disabled',
    until: null,
    detail,
  });
});

test.each([
  { size: 1, wish: 9, effect: 'amend', to: 4, reason: 'rate-limited' },
  { size: 3, wish: 9, effect: 'amend', to: 6, reason: 'rate-limited' },
  { size: 3, wish: 6, effect: 'pass' },
  { size: 10, wish: 1, effect: 'pass' },
])(
  'without a behavior block growth is limited and a cut is not: from $size to $wish',
  ({ size, wish, ...expected }) => {
    const implicit = aPolicy({ behavior: { kind: 'implicit', downscaleStabilizationSeconds: 300 } });
    expect(verdictOf(rate, { policy: implicit, size, wish })).toMatchObject(expected);
  },
);

it('is silent where cooldowns alone pace the policy', () => {
  expect(verdictOf(rate, { policy: aPolicy({ behavior: { kind: 'none' } }), size: 1, wish: 20 }).effect).toBe(
    'pass',
  );
});
