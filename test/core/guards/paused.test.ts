import { expect, it, test } from 'vitest';
import { paused } from '../../../shared/core/guards/paused.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { verdictOf } from '../../support/deciding.ts';

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
