import { describe, expect, it } from 'vitest';
import type { AccountView } from '../../../shared/core/capacity.ts';
import { changeBudget } from '../../../shared/core/guards/change-budget.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { decideIn, inShort, verdictOf } from '../../support/deciding.ts';
import { NOW } from '../../support/now.ts';

const policy = aPolicy({ guardrails: { changeBudget: { units: 10, seconds: 300 }, quota: null } });
const used = (...changes: readonly (readonly [secondsAgo: number, units: number])[]): AccountView => ({
  overrides: [],
  reserved: null,
  changes: changes.map(([secondsAgo, units]) => ({ at: plusSeconds(NOW, -secondsAgo), units })),
});
const at4 = (account: AccountView, wish: number) =>
  verdictOf(changeBudget, { policy, wish, snapshot: { ...aSnapshot(), account } });

describe('the change budget', () => {
  it('passes what is left of it, either way', () => {
    expect(at4(used([10, 4]), 10).effect).toBe('pass');
    expect(at4(used([10, 8]), 2).effect).toBe('pass');
    expect(at4(used(), 14).effect).toBe('pass');
  });

  it('cuts a wish to what is left', () => {
    expect(at4(used([10, 4], [5, 3]), 9)).toMatchObject({ effect: 'amend', to: 7, reason: 'change-budget' });
    expect(at4(used([10, 9]), 2)).toMatchObject({ effect: 'amend', to: 3 });
    expect(at4(used([10, 9]), 2)).toMatchObject({
      detail:
        'All targets together may change by 10 units in 300 s, and 9 are used, which leaves 1: so 3, not 2.',
    });
  });

  it.each([
    { size: 25, wish: 10, effect: 'pass' },
    { size: 20, wish: 10, effect: 'hold' },
    { size: 2, wish: 6, effect: 'hold' },
    { size: 1, wish: 6, effect: 'pass' },
  ])(
    "lets $size, with 2 to 20 allowed, come back to the policy's bounds: $effect",
    ({ size, wish, effect }) => {
      const snapshot = { ...aSnapshot({ desired: size }), account: used([10, 10]) };
      expect(verdictOf(changeBudget, { policy, wish, snapshot, cause: 'schedule' }).effect).toBe(effect);
    },
  );

  it('says when the first of it is free again, where it ever is', () => {
    expect(at4(used([100, 10]), 5)).toMatchObject({
      detail: expect.stringMatching(
        /^All targets together may change by 10 units in 300 s, and 10 are used; the first is free again at \d\d:\d\d:\d\d\.$/,
      ),
    });
  });

  it('holds when nothing is left, until enough of it has aged out', () => {
    expect(at4(used([100, 2], [50, 10]), 5)).toMatchObject({
      effect: 'hold',
      reason: 'change-budget',
      until: plusSeconds(NOW, 250),
    });
    expect(at4(used([100, 2], [50, 8]), 5)).toMatchObject({ until: plusSeconds(NOW, 200) });
  });

  it('forgets changes that are as old as it', () => {
    expect(at4(used([300, 10]), 5).effect).toBe('pass');
    expect(at4(used([299, 10]), 5).effect).toBe('hold');
  });

  it('of no unit at all holds everything, without an end', () => {
    const none = aPolicy({ guardrails: { changeBudget: { units: 0, seconds: 300 }, quota: null } });
    const verdict = verdictOf(changeBudget, { policy: none, wish: 5 });
    expect(verdict).toMatchObject({ effect: 'hold', until: null });
  });

  it('is none of a policy without one', () => {
    expect(verdictOf(changeBudget, { wish: 20 }).effect).toBe('pass');
  });

  it('does not stop what an operator asks for, nor the way back into the bounds', () => {
    for (const cause of ['manual', 'pin', 'override', 'bounds'] as const) {
      expect(changeBudget.judges).not.toContain(cause);
    }
    const account = used([10, 10]);
    expect(inShort(decideIn({ policy, snapshot: { ...aSnapshot({ desired: 1 }), account } }))).toBe('1 -> 2');
  });

  it('bends a decision, which says so', () => {
    const snapshot = { ...aSnapshot({ metrics: { cpu: 140 } }), account: used([10, 8]) };
    const decision = decideIn({ policy, snapshot });
    expect(inShort(decision)).toBe('4 -> 6');
    expect(decision).toMatchObject({ wish: 8, limitedBy: 'change-budget' });
  });

  it('lets a correction by a schedule end on its way into the bounds', () => {
    const schedule = {
      windows: [
        {
          name: 'day',
          timeZone: 'UTC',
          times: { kind: 'once', from: plusSeconds(NOW, -60), to: plusSeconds(NOW, 60) },
          onHolidays: 'as-usual',
          min: 10,
          max: null,
          desired: null,
          freeze: 'none',
          maintenance: false,
        },
      ],
      holidays: [],
      overlap: 'highest',
    } as const;
    const open = [{ name: 'day', since: plusSeconds(NOW, -60), until: plusSeconds(NOW, 60) }];
    const account = used([10, 8]);
    const snapshot = { ...aSnapshot({ schedule: { open, changesAt: plusSeconds(NOW, 60) } }), account };
    const decision = decideIn({ policy: { ...policy, schedule }, snapshot });
    expect(inShort(decision)).toBe('4 -> 6');
    expect(decision).toMatchObject({ cause: 'schedule', limitedBy: 'change-budget' });
  });
});
