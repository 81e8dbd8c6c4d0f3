import { describe, expect, it, test } from 'vitest';
import { absoluteBounds, effectiveBounds } from '../../shared/core/effective-bounds.ts';
import type { Override } from '../../shared/core/ledger-entry.ts';
import { NO_SCHEDULE } from '../../shared/core/schedule.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aSchedule, opened } from '../support/a-schedule.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aCeiling, aFloor, aPin, aState } from '../support/a-state.ts';
import { decideIn, inShort } from '../support/deciding.ts';
import { NOW } from '../support/now.ts';

const policy = aPolicy({ bounds: { min: 2, max: 20 } });
const under = (...overrides: readonly Override[]) =>
  effectiveBounds(policy, { schedule: NO_SCHEDULE }, aState({ overrides }), NOW);

describe('the bounds in force', () => {
  it('are those of the policy where nobody says otherwise', () => {
    expect(under()).toEqual({ min: 2, max: 20, minBy: 'policy', maxBy: 'policy' });
  });

  test.each<{ why: string; overrides: readonly Override[]; bounds: string }>([
    { why: 'a floor raises the minimum', overrides: [aFloor({ size: 8 })], bounds: '8 override..20 policy' },
    {
      why: 'a floor below it changes nothing',
      overrides: [aFloor({ size: 1 })],
      bounds: '2 policy..20 policy',
    },
    {
      why: 'a floor stops at the maximum',
      overrides: [aFloor({ size: 30 })],
      bounds: '20 override..20 policy',
    },
    {
      why: 'a forced floor lifts the maximum',
      overrides: [aFloor({ size: 30, force: true })],
      bounds: '30 override..30 override',
    },
    {
      why: 'a ceiling lowers the maximum',
      overrides: [aCeiling({ size: 6 })],
      bounds: '2 policy..6 override',
    },
    {
      why: 'a ceiling above it changes nothing',
      overrides: [aCeiling({ size: 25 })],
      bounds: '2 policy..20 policy',
    },
    {
      why: 'a ceiling stops at the minimum',
      overrides: [aCeiling({ size: 0 })],
      bounds: '2 policy..2 override',
    },
    {
      why: 'of a floor above a ceiling the floor wins',
      overrides: [aCeiling({ size: 4 }), aFloor({ size: 9 })],
      bounds: '9 override..9 override',
    },
    {
      why: 'what has expired says nothing',
      overrides: [aCeiling({ size: 4, expiresAt: NOW }), aFloor({ size: 9, expiresAt: NOW })],
      bounds: '2 policy..20 policy',
    },
  ])('$why', ({ overrides, bounds }) => {
    const { min, max, minBy, maxBy } = under(...overrides);
    expect(`${min} ${minBy}..${max} ${maxBy}`).toBe(bounds);
  });
});

describe('the bounds of an operator', () => {
  it('are those of the policy, whatever floors and ceilings say', () => {
    const state = aState({ overrides: [aFloor({ size: 9 }), aCeiling({ size: 4 })] });
    expect(absoluteBounds(policy, state, NOW)).toEqual({ min: 2, max: 20, minBy: 'policy', maxBy: 'policy' });
  });

  it('are lifted by a forced floor alone', () => {
    const lifted = aState({ overrides: [aFloor({ size: 30, force: true })] });
    expect(absoluteBounds(policy, lifted, NOW)).toEqual({
      min: 2,
      max: 30,
      minBy: 'policy',
      maxBy: 'override',
    });
    const inside = aState({ overrides: [aFloor({ size: 9, force: true })] });
    expect(absoluteBounds(policy, inside, NOW).max).toBe(20);
  });
});

describe('a decision under overrides', () => {
  it('goes to a floor at once, whatever cooldown runs', () => {
    const state = aState({ overrides: [aFloor({ size: 8 })], lastOut: { at: NOW, from: 2, to: 4 } });
    const decision = decideIn({ state });
    expect(decision).toMatchObject({ kind: 'resize', from: 4, to: 8, cause: 'override' });
    expect(decision.trace[0]).toMatchObject({
      detail: 'The size 4 is below the minimum of 8 that an operator set.',
    });
  });

  it('goes down to a ceiling at once', () => {
    const state = aState({ overrides: [aCeiling({ size: 3 })] });
    expect(decideIn({ state })).toMatchObject({ from: 4, to: 3, cause: 'override' });
  });

  it('keeps a pin although a floor stands above it', () => {
    const state = aState({ overrides: [aPin({ size: 4 }), aFloor({ size: 8 })] });
    expect(inShort(decideIn({ state }))).toBe('hold at 4: pinned');
  });

  it('lets a forced floor pass the maximum', () => {
    const state = aState({ overrides: [aFloor({ size: 30, force: true })] });
    expect(inShort(decideIn({ state }))).toBe('4 -> 30');
  });
});

describe('what the plan of the application needs', () => {
  const needing = (size: number, overrides: readonly Override[] = [], max: number | null = null) => {
    const schedule = aSchedule([{ name: 'day', max }]);
    return effectiveBounds(
      aPolicy({ bounds: { min: 2, max: 20 }, schedule }),
      { schedule: opened({ name: 'day' }), floor: { size, detail: 'the web tier needs them' } },
      aState({ overrides }),
      NOW,
    );
  };

  it('is a minimum, within the maximum of the policy', () => {
    expect(needing(6)).toEqual({ min: 6, max: 20, minBy: 'plan', maxBy: 'policy' });
    expect(needing(30)).toEqual({ min: 20, max: 20, minBy: 'plan', maxBy: 'policy' });
    expect(needing(1)).toEqual({ min: 2, max: 20, minBy: 'policy', maxBy: 'policy' });
  });

  it('stands above a window that keeps the tier small, and below an operator', () => {
    expect(needing(6, [], 4)).toEqual({ min: 6, max: 6, minBy: 'plan', maxBy: 'plan' });
    expect(needing(6, [aCeiling({ size: 4 })])).toEqual({
      min: 4,
      max: 4,
      minBy: 'override',
      maxBy: 'override',
    });
  });

  it('is corrected at once, with its reason', () => {
    const decision = decideIn({
      snapshot: { ...aSnapshot({ desired: 4 }), floor: { size: 6, detail: 'the web tier needs them' } },
    });
    expect(inShort(decision)).toBe('4 -> 6');
    expect(decision).toMatchObject({ cause: 'plan' });
    expect(JSON.stringify(decision.trace)).toContain('that the plan needs (the web tier needs them)');
  });
});
