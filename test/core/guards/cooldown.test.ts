import { describe, expect, it, test } from 'vitest';
import { cooldownIn, cooldownOut } from '../../../shared/core/guards/cooldown.ts';
import type { TargetState } from '../../../shared/core/ledger-entry.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aResize, aState } from '../../support/a-state.ts';
import { verdictOf } from '../../support/deciding.ts';
import { clockTime, NOW } from '../../support/now.ts';

const policy = aPolicy({ cooldownSeconds: { out: 60, in: 300 } });
const ended = (secondsAgo: number): TargetState['lastOut'] => ({
  at: plusSeconds(NOW, -secondsAgo),
  from: 3,
  to: 4,
});

describe('the cooldown on scale-out', () => {
  test.each([
    { after: 'nothing', state: {}, effect: 'pass' },
    { after: 'a scale-out that just ended', state: { lastOut: ended(0) }, effect: 'hold' },
    { after: 'a scale-out 59.999 s ago', state: { lastOut: ended(59.999) }, effect: 'hold' },
    { after: 'a scale-out exactly 60 s ago', state: { lastOut: ended(60) }, effect: 'pass' },
    { after: 'a scale-in', state: { lastIn: ended(0) }, effect: 'pass' },
    {
      after: 'a scale-out, while the next is in flight',
      state: { lastOut: ended(0), resize: aResize() },
      effect: 'pass',
    },
  ])('after $after: $effect', ({ state, effect }) => {
    expect(verdictOf(cooldownOut, { policy, state: aState(state), wish: 9 }).effect).toBe(effect);
  });

  it('has nothing to say of a scale-in', () => {
    expect(verdictOf(cooldownOut, { policy, state: aState({ lastOut: ended(0) }), wish: 2 }).effect).toBe(
      'pass',
    );
  });

  it('says when it ends', () => {
    expect(verdictOf(cooldownOut, { policy, state: aState({ lastOut: ended(18) }), wish: 9 })).toEqual({
      effect: 'hold',
      reason: 'cooldown-out',
      until: clockTime('10:03:48'),
      detail: 'Scale-out cooldown ends at 10:03:48, in 42 s.',
    });
  });
});

describe('the cooldown on scale-in', () => {
  test.each([
    { after: 'nothing', state: {}, effect: 'pass' },
    { after: 'a scale-out that just ended', state: { lastOut: ended(0) }, effect: 'hold' },
    { after: 'a scale-in that just ended', state: { lastIn: ended(0) }, effect: 'hold' },
    { after: 'a scale-in exactly 300 s ago', state: { lastIn: ended(300) }, effect: 'pass' },
    {
      after: 'an old scale-in and a young scale-out',
      state: { lastIn: ended(900), lastOut: ended(10) },
      effect: 'hold',
    },
    {
      after: 'a young scale-in and an old scale-out',
      state: { lastIn: ended(10), lastOut: ended(900) },
      effect: 'hold',
    },
    { after: 'two old ones', state: { lastIn: ended(300), lastOut: ended(900) }, effect: 'pass' },
  ])('after $after: $effect', ({ state, effect }) => {
    expect(verdictOf(cooldownIn, { policy, state: aState(state), wish: 2 }).effect).toBe(effect);
  });

  it('has nothing to say of a scale-out', () => {
    expect(verdictOf(cooldownIn, { policy, state: aState({ lastIn: ended(0) }), wish: 9 }).effect).toBe(
      'pass',
    );
  });

  it('says when it ends', () => {
    expect(verdictOf(cooldownIn, { policy, state: aState({ lastOut: ended(216) }), wish: 2 })).toEqual({
      effect: 'hold',
      reason: 'cooldown-in',
      until: clockTime('10:04:30'),
      detail: 'Scale-in cooldown ends at 10:04:30, in 84 s.',
    });
  });
});
