import { describe, expect, it, test } from 'vitest';
import { explain } from '../../../shared/core/explain.ts';
import { cooldownIn, cooldownOut } from '../../../shared/core/guards/cooldown.ts';
import type { TargetState } from '../../../shared/core/ledger-entry.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aPolicy, aTargetTracking } from '../../support/a-policy.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { aResize, aState } from '../../support/a-state.ts';
import { aQueue, aStepScaling } from '../../support/a-strategy.ts';
import { type Circumstances, decideIn, inShort, verdictOf } from '../../support/deciding.ts';
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

describe('a step within the cooldown on scale-out', () => {
  const out = {
    threshold: 50,
    steps: [
      { lower: 0, upper: 10, adjustment: 2 },
      { lower: 10, upper: null, adjustment: 3 },
    ],
  };
  const strategy = aStepScaling({ adjustmentType: 'ChangeInCapacity', out });
  const steps = aPolicy({ strategies: [strategy], cooldownSeconds: { out: 60, in: 300 } });

  /** A decision at `cpu` after a scale-out from 10 to 12 that ended 18 s ago. */
  const decided = (cpu: number, desired = 12, given: Circumstances = {}) =>
    decideIn({
      policy: steps,
      snapshot: aSnapshot({ desired, metrics: { cpu } }),
      state: aState({ lastOut: { at: plusSeconds(NOW, -18), from: 10, to: 12 } }),
      ...given,
    });

  it('acts only when it is larger, and by the difference: 10 + 2, then + 3 from the same 10', () => {
    expect(inShort(decided(55))).toBe('hold at 12: cooldown-out');
    expect(decided(60)).toMatchObject({
      kind: 'resize',
      from: 12,
      to: 13,
      limitedBy: 'cooldown-out',
      wish: 15,
    });
    expect(explain(decided(60))).toContain(
      'Until the scale-out cooldown ends at 10:03:48, a larger step counts from the 10 before the last scale-out, so 13, not 15.',
    );
  });

  it('is not made larger by a scale-in in between: the trap of out, in, out', () => {
    expect(inShort(decided(55, 11))).toBe('hold at 11: cooldown-out');
    expect(inShort(decided(60, 11))).toBe('11 -> 13');
  });

  it('once taken is the one that counts', () => {
    const state = aState({ lastOut: { at: NOW, from: 10, to: 13 } });
    expect(inShort(decided(60, 13, { state }))).toBe('hold at 13: cooldown-out');
  });

  it('never leads below the minimum, which is the least on the way back from its own zero', () => {
    const out = { threshold: 40, steps: [{ lower: 0, upper: null, adjustment: 3 }] };
    const exact = aStepScaling({ scope: 'independent', adjustmentType: 'ExactCapacity', in: null, out });
    const { metric } = aTargetTracking();
    const load = aTargetTracking({ scope: 'total', target: 10, metric: { ...metric, id: 'load' } });
    const decision = decideIn({
      policy: aPolicy({ atZero: 'kubernetes', bounds: { min: 5 }, strategies: [exact, load] }),
      snapshot: aSnapshot({ desired: 0, metrics: { cpu: 65, load: 90 } }),
      state: aState({ scaledToZero: true, lastOut: { at: NOW, from: 0, to: 2 } }),
    });
    expect(inShort(decision)).toBe('0 -> 5');
  });

  it('that leads no further than the size waits', () => {
    expect(inShort(decided(60, 14))).toBe('hold at 14: cooldown-out');
    expect(decided(60, 13).trace.at(-1)).toMatchObject({ step: 'guard', effect: 'hold', to: 16 });
  });

  it('passes as it is where other limits leave no more than the difference', () => {
    const policy = { ...steps, bounds: { min: 2, max: 13 } };
    expect(decided(60, 12, { policy })).toMatchObject({ kind: 'resize', to: 13, limitedBy: 'at-maximum' });
  });

  it('counts in full once the cooldown has ended', () => {
    const state = aState({ lastOut: { at: plusSeconds(NOW, -60), from: 10, to: 12 } });
    expect(inShort(decided(60, 12, { state }))).toBe('12 -> 15');
  });

  it('is one that holds the value: outside all steps, or blind, nothing is larger', () => {
    const queue = aQueue({ backlogPerWorker: { kind: 'fixed', messages: 10 } });
    const policy = { ...steps, strategies: [strategy, queue] };
    const hold = (cpu: number | 'stale') =>
      inShort(decided(0, 12, { policy, snapshot: aSnapshot({ desired: 12, metrics: { cpu, queue: 150 } }) }));
    expect(hold(45)).toBe('hold at 12: cooldown-out');
    expect(hold('stale')).toBe('hold at 12: cooldown-out');
    expect(hold(60)).toBe('12 -> 13');
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
