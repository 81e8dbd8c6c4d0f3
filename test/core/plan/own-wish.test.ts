import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/core/decide.ts';
import { ownWish } from '../../../shared/core/plan/own-wish.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aSignal } from '../../support/a-signal.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { aPause, aState } from '../../support/a-state.ts';
import { NOW } from '../../support/now.ts';

const limit = { direction: 'out', size: 4, reason: 'tier-order', detail: 'It waits.' } as const;
const wishOf = (cpu: number | null, more: object = {}, state = {}) => {
  const metrics = aSnapshot().metrics;
  const value = { kind: 'value', value: cpu ?? 0, at: NOW } as const;
  const missing = { kind: 'missing', reason: 'no-data', detail: 'none' } as const;
  const snapshot = { ...aSnapshot(), metrics: { ...metrics, cpu: cpu === null ? missing : value }, ...more };
  return ownWish(decide(aPolicy(), snapshot, aState(state), aSignal(), NOW));
};

describe('what a tier wants by itself', () => {
  it('is the wish of its strategies, whether it is carried out or waits', () => {
    expect(wishOf(140)).toBe(8);
    expect(wishOf(140, { limits: [limit] })).toBe(8);
    expect(wishOf(70)).toBe(4);
  });

  it('is cut to its bounds, and is its size while an operator holds it', () => {
    expect(wishOf(700)).toBe(20);
    expect(wishOf(140, {}, { overrides: [aPause()] })).toBe(4);
  });

  it('is unknown where it sees nothing, and where the plan moved it', () => {
    expect(wishOf(null)).toBeNull();
    expect(wishOf(70, { floor: { size: 9, detail: 'web needs it' } })).toBeNull();
    const nothing = {
      kind: 'hold',
      reason: 'target-missing',
      size: 0,
      wish: null,
      until: null,
      trace: [],
    } as const;
    expect(ownWish(nothing)).toBeNull();
  });

  it('is the minimum where the size is below it', () => {
    const capacity = { desired: 1, running: 1, ready: 1, pending: 0 };
    expect(wishOf(70, { capacity })).toBe(2);
  });
});
