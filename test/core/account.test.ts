import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  accountEntry,
  accountView,
  isCounted,
  reservedByOthers,
  withOverrides,
  withReservation,
} from '../../shared/core/account.ts';
import type { LedgerEntry, Reservation, TargetState } from '../../shared/core/ledger-entry.ts';
import type { Policy } from '../../shared/core/policy.ts';
import type { TargetId } from '../../shared/core/target.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aPause, aResize, aState, aTargetId } from '../support/a-state.ts';
import { NOW } from '../support/now.ts';

const BUDGET = { units: 10, seconds: 300 };
const QUOTA = { cpu: 40, memoryMiB: null };
const EACH = { cpu: 0.5, memoryMiB: 1024 };

const budgeted = aPolicy({ guardrails: { changeBudget: BUDGET, quota: null } });
const reservation = (secondsAgo: number, overrides: Partial<Reservation> = {}): Reservation => ({
  at: plusSeconds(NOW, -secondsAgo),
  target: aTargetId('shop'),
  from: 4,
  to: 7,
  ...overrides,
});
const account = (state: Partial<TargetState>): LedgerEntry => {
  const blank = accountEntry(undefined);
  return { ...blank, version: 1, state: { ...blank.state, ...state } };
};

describe('a resize is counted over all targets', () => {
  it.each([
    [budgeted, true],
    [aPolicy(), false],
    [aPolicy({ guardrails: { changeBudget: null, quota: QUOTA }, unitResources: EACH }), true],
    [aPolicy({ guardrails: { changeBudget: null, quota: QUOTA }, unitResources: null }), false],
  ])('when there is a change budget, or a quota that its units are part of (%#)', (policy, counted) => {
    expect(isCounted(policy)).toBe(counted);
  });
});

describe('what a decision sees of the account', () => {
  it('is nothing when it was never written', () => {
    expect(accountView(undefined, null, budgeted, NOW)).toEqual({
      overrides: [],
      changes: [],
      reserved: null,
    });
    expect(accountEntry(undefined)).toMatchObject({ target: ACCOUNT, version: 0 });
  });

  it('are the freezes in force', () => {
    const ended = aPause({ expiresAt: NOW });
    const entry = account({ overrides: [ended, aPause({ direction: 'in' })] });
    expect(accountView(entry, null, budgeted, NOW).overrides).toEqual([aPause({ direction: 'in' })]);
  });

  it.each<{ own: string; state: Partial<TargetState> | null; counts: boolean }>([
    { own: 'has no entry yet', state: null, counts: false },
    { own: 'has done nothing since', state: {}, counts: false },
    { own: 'acted before', state: { lastIn: { at: plusSeconds(NOW, -61), from: 5, to: 4 } }, counts: false },
    {
      own: 'was set to work by it',
      state: { resize: aResize({ startedAt: plusSeconds(NOW, -60) }) },
      counts: true,
    },
    { own: 'has grown since', state: { lastOut: { at: NOW, from: 4, to: 7 } }, counts: true },
    { own: 'has failed since', state: { failures: { count: 1, at: NOW, direction: 'out' } }, counts: true },
  ])(
    'are not what was reserved for the target itself and led to nothing: one that $own',
    ({ state, counts }) => {
      const entry = account({ reservations: [reservation(60, { target: aTargetId() })] });
      const own =
        state === null ? null : { target: aTargetId(), version: 1, state: aState(state), outbox: [] };
      expect(accountView(entry, own, budgeted, NOW).changes).toHaveLength(counts ? 1 : 0);
    },
  );

  it('are the changes that the budget still counts, without their sign', () => {
    const reservations = [reservation(300), reservation(299), reservation(1, { from: 7, to: 2 })];
    const entry = account({ reservations });
    expect(accountView(entry, null, budgeted, NOW).changes).toEqual([
      { at: plusSeconds(NOW, -299), units: 3 },
      { at: plusSeconds(NOW, -1), units: 5 },
    ]);
    expect(accountView(entry, null, aPolicy(), NOW).changes).toEqual([]);
  });
});

describe('what all other targets reserve', () => {
  const policyFor = (name: string, overrides: Partial<Policy> = {}): Policy =>
    aPolicy({
      ...overrides,
      name,
      target: { kind: 'ecs-service', cluster: 'prod', service: name },
      unitResources: overrides.unitResources === undefined ? EACH : overrides.unitResources,
    });
  const shop = policyFor('shop');
  const head = (state: Partial<TargetState>, name = 'shop'): ReadonlyMap<TargetId, LedgerEntry> => {
    const target = aTargetId(name);
    return new Map([[target, { target, version: 1, state: aState(state), outbox: [] }]]);
  };
  const others = (
    heads: ReadonlyMap<TargetId, LedgerEntry>,
    reservations: readonly Reservation[] = [],
    all: readonly Policy[] = [shop],
    unseen: ReadonlyMap<TargetId, number> = new Map(),
  ) => reservedByOthers(all, heads, unseen, reservations, NOW);

  it('is the size that their heads name, by what a unit takes', () => {
    expect(others(head({ size: 6 }))).toEqual({ cpu: 3, memoryMiB: 6144 });
  });

  it('is the size that a resize in flight goes to, and nothing of one that is gone', () => {
    expect(others(head({ size: 6, resize: aResize({ to: 9 }) })).cpu).toBe(4.5);
    expect(others(head({ size: null })).cpu).toBe(0);
  });

  it('is what one without a head was found to have, and its maximum when nobody could look', () => {
    expect(others(new Map(), [], [shop], new Map([[aTargetId('shop'), 5]])).cpu).toBe(2.5);
    expect(others(new Map()).cpu).toBe(10);
  });

  it('is the larger size that was reserved a moment ago, for two minutes', () => {
    expect(others(head({ size: 6 }), [reservation(119, { to: 10 })]).cpu).toBe(5);
    expect(others(head({ size: 6 }), [reservation(120, { to: 10 })]).cpu).toBe(3);
    expect(others(head({ size: 6 }), [reservation(1, { to: 3 })]).cpu).toBe(3);
    expect(others(head({ size: 6 }), [reservation(1, { to: 10, target: aTargetId('else') })]).cpu).toBe(3);
  });

  it('leaves out those that do not say what a unit takes', () => {
    const silent = policyFor('silent', { unitResources: null });
    expect(others(new Map(), [], [silent])).toEqual({ cpu: 0, memoryMiB: 0 });
  });
});

describe('a reservation', () => {
  it('is added to those that a limit still counts', () => {
    const { state } = account({ reservations: [reservation(301), reservation(200)] });
    const next = reservation(0);
    expect(withReservation(state, next, budgeted).reservations).toEqual([reservation(200), next]);
    expect(withReservation(state, next, aPolicy()).reservations).toEqual([next]);
    expect(withReservation(account({}).state, next, budgeted).reservations).toEqual([next]);
  });
});

it('wakes the account when the first of its overrides ends', () => {
  const { state } = account({});
  expect(withOverrides(state, [aPause()])).toMatchObject({ wakeAt: aPause().expiresAt });
  expect(withOverrides(state, []).wakeAt).toBeNull();
});
