import { describe, expect, it } from 'vitest';
import { ownedElsewhere } from '../../../shared/core/guards/owned-elsewhere.ts';
import { aManualSignal } from '../../support/a-signal.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { aFloor, aState } from '../../support/a-state.ts';
import { decideIn, inShort, verdictOf } from '../../support/deciding.ts';

const owned = aState({ ownedBy: 'Application Auto Scaling keeps it (to hand it over: aws …)' });

describe('a target that somebody else scales', () => {
  it('is left alone, and the sentence says who and how it lets go', () => {
    expect(verdictOf(ownedElsewhere, { state: owned, wish: 5 })).toEqual({
      effect: 'hold',
      reason: 'owned-elsewhere',
      until: null,
      detail: 'Somebody else scales this target: Application Auto Scaling keeps it (to hand it over: aws …).',
    });
  });

  it('is held against metrics and bounds, not against an operator', () => {
    const high = aSnapshot({ metrics: { cpu: 140 } });
    expect(inShort(decideIn({ state: owned, snapshot: high }))).toBe('hold at 4: owned-elsewhere');
    const low = aSnapshot({ desired: 1 });
    expect(inShort(decideIn({ state: owned, snapshot: low }))).toBe('hold at 1: owned-elsewhere');
    expect(inShort(decideIn({ state: owned, signal: aManualSignal() }))).toBe('4 -> 8');
    const floored = { ...owned, overrides: [aFloor()] };
    expect(inShort(decideIn({ state: floored }))).toBe('4 -> 8');
  });

  it('is ours when nobody else is known', () => {
    expect(verdictOf(ownedElsewhere, { wish: 5 }).effect).toBe('pass');
  });
});
