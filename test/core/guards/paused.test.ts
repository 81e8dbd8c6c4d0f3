import { describe, expect, it, test } from 'vitest';
import { paused } from '../../../shared/core/guards/paused.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aPause, aState } from '../../support/a-state.ts';
import { verdictOf } from '../../support/deciding.ts';
import { NOW } from '../../support/now.ts';

test.each([
  { off: { out: true, in: true }, wish: 5, effect: 'hold' },
  { off: { out: true, in: true }, wish: 3, effect: 'hold' },
  { off: { out: true, in: false }, wish: 5, effect: 'hold' },
  { off: { out: true, in: false }, wish: 3, effect: 'pass' },
  { off: { out: false, in: true }, wish: 5, effect: 'pass' },
  { off: { out: false, in: true }, wish: 3, effect: 'hold' },
  { off: { out: false, in: false }, wish: 3, effect: 'pass' },
  { off: { out: true, in: true }, wish: 4, effect: 'pass' },
])('from 4 to $wish while $off: $effect', ({ off, wish, effect }) => {
  expect(verdictOf(paused, { policy: aPolicy({ paused: off }), size: 4, wish }).effect).toBe(effect);
});

test.each([
  { wish: 5, detail: 'Scale-out is paused by the policy.' },
  { wish: 3, detail: 'Scale-in is paused by the policy.' },
])('says which direction is off for a wish of $wish', ({ wish, detail }) => {
  const policy = aPolicy({ paused: { out: true, in: true } });
  expect(verdictOf(paused, { policy, size: 4, wish })).toEqual({
    effect: 'hold',
    reason: 'paused',
    until: null,
    detail,
  });
});

it('leaves the work of an operator alone', () => {
  expect(paused.judges).not.toContain('manual');
  expect(paused.judges).not.toContain('pin');
});

describe('a pause that an operator asked for', () => {
  test.each([
    { direction: 'both', wish: 5, effect: 'hold' },
    { direction: 'both', wish: 3, effect: 'hold' },
    { direction: 'out', wish: 5, effect: 'hold' },
    { direction: 'out', wish: 3, effect: 'pass' },
    { direction: 'in', wish: 5, effect: 'pass' },
    { direction: 'in', wish: 3, effect: 'hold' },
  ] as const)('of $direction holds a wish of $wish from 4: $effect', ({ direction, wish, effect }) => {
    const state = aState({ overrides: [aPause({ direction })] });
    expect(verdictOf(paused, { state, size: 4, wish }).effect).toBe(effect);
  });

  it('says whose it is, why, and when it ends', () => {
    const pause = aPause({ expiresAt: plusSeconds(NOW, 90) });
    expect(verdictOf(paused, { state: aState({ overrides: [pause] }), size: 4, wish: 5 })).toMatchObject({
      reason: 'paused',
      until: pause.expiresAt,
      detail: expect.stringMatching(
        /^ada paused scale-out \("a load test"\); the pause ends at \d\d:\d\d:\d\d, in 90 s\.$/,
      ),
    });
  });

  it('has ended at its expiry', () => {
    const state = aState({ overrides: [aPause({ expiresAt: NOW })] });
    expect(verdictOf(paused, { state, size: 4, wish: 5 })).toEqual({ effect: 'pass' });
  });
});
