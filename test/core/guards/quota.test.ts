import { describe, expect, it } from 'vitest';
import type { AccountView } from '../../../shared/core/capacity.ts';
import { quota } from '../../../shared/core/guards/quota.ts';
import type { Guardrails, UnitResources } from '../../../shared/core/policy.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { verdictOf } from '../../support/deciding.ts';

const EACH = { cpu: 1, memoryMiB: 2048 };
const reserving = (cpu: number, memoryMiB = 0): AccountView => ({
  overrides: [],
  changes: [],
  reserved: { cpu, memoryMiB },
});

const at4 = (
  limit: Guardrails['quota'],
  account: AccountView,
  wish: number,
  unitResources: UnitResources | null = EACH,
) =>
  verdictOf(quota, {
    policy: aPolicy({ guardrails: { changeBudget: null, quota: limit }, unitResources }),
    wish,
    snapshot: { ...aSnapshot(), account },
  });

const CPU = { cpu: 40, memoryMiB: null };

describe('the quota', () => {
  it.each([
    { size: 1, wish: 2, effect: 'pass' },
    { size: 2, wish: 3, effect: 'hold' },
  ])(
    "lets $size, with 2 to 20 allowed, come back to the policy's bounds: $effect",
    ({ size, wish, effect }) => {
      const policy = aPolicy({ guardrails: { changeBudget: null, quota: CPU }, unitResources: EACH });
      const snapshot = { ...aSnapshot({ desired: size }), account: reserving(40) };
      expect(verdictOf(quota, { policy, wish, snapshot, cause: 'schedule' }).effect).toBe(effect);
    },
  );

  it('passes a scale-out that fits, to the last unit', () => {
    expect(at4(CPU, reserving(30), 10).effect).toBe('pass');
  });

  it('cuts a scale-out to what fits, with the arithmetic', () => {
    expect(at4(CPU, reserving(30.5), 12)).toEqual({
      effect: 'amend',
      to: 9,
      reason: 'quota',
      until: null,
      detail:
        'The quota is 40 vCPU, the other targets reserve 30.5, and one unit takes 1: room for 9: so 9, not 12.',
    });
  });

  it('goes by whichever runs out first', () => {
    const both = { cpu: 40, memoryMiB: 12_288 };
    expect(at4(both, reserving(0, 0), 8)).toMatchObject({ to: 6 });
    expect(at4({ cpu: null, memoryMiB: 12_288 }, reserving(99, 0), 8)).toMatchObject({ to: 6 });
  });

  it('holds when there is no room for more, and never takes away', () => {
    expect(at4(CPU, reserving(36), 5)).toMatchObject({ effect: 'hold', reason: 'quota' });
    expect(at4(CPU, reserving(50), 5)).toMatchObject({ effect: 'hold' });
    expect(at4(CPU, reserving(50), 3).effect).toBe('pass');
  });

  it('is not thrown off by fractions that a computer cannot write', () => {
    const tenth = { cpu: 0.1, memoryMiB: 0 };
    expect(at4({ cpu: 1, memoryMiB: 1 }, reserving(0.3), 7, tenth).effect).toBe('pass');
    expect(at4({ cpu: 1, memoryMiB: 1 }, reserving(0.3), 8, tenth)).toMatchObject({ to: 7 });
  });

  it('is silent where nothing is declared or nobody has asked', () => {
    expect(at4(null, reserving(99), 20).effect).toBe('pass');
    expect(at4(CPU, reserving(99), 20, null).effect).toBe('pass');
    expect(at4(CPU, { ...reserving(0), reserved: null }, 20).effect).toBe('pass');
  });
});
