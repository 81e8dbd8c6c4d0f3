import { describe, expect, it, test } from 'vitest';
import { maintenance } from '../../../shared/core/guards/maintenance.ts';
import { oneStep } from '../../../shared/core/guards/one-step.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aSchedule, opened } from '../../support/a-schedule.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { verdictOf } from '../../support/deciding.ts';

const ladder = (overrides: Partial<Policy> = {}, immediate = false): Policy =>
  aPolicy({
    target: { kind: 'rds-instance-class', instance: 'orders', ladder: ['a', 'b', 'c', 'd'], immediate },
    bounds: { min: 1, max: 4 },
    ...overrides,
  });
const at = (desired: number) => aSnapshot({ desired });

describe('a ladder', () => {
  test.each([
    { from: 1, wish: 4, to: 2 },
    { from: 4, wish: 1, to: 3 },
  ])('is climbed one rung at a time: from $from to $wish by way of $to', ({ from, wish, to }) => {
    expect(verdictOf(oneStep, { policy: ladder(), snapshot: at(from), wish })).toMatchObject({
      effect: 'amend',
      to,
      reason: 'one-step',
    });
  });

  it('lets a single rung pass, and whatever counts units', () => {
    expect(verdictOf(oneStep, { policy: ladder(), snapshot: at(2), wish: 3 })).toEqual({ effect: 'pass' });
    expect(verdictOf(oneStep, { snapshot: at(2), wish: 9 })).toEqual({ effect: 'pass' });
  });
});

describe('maintenance', () => {
  const schedule = aSchedule([
    { name: 'night', maintenance: true },
    { name: 'day', freeze: 'in' },
  ]);
  const policy = ladder({ schedule });
  const during = (...names: readonly string[]) => ({
    ...at(2),
    schedule: opened(...names.map((name) => ({ name }))),
  });

  it('waits for a window that allows it', () => {
    expect(verdictOf(maintenance, { policy, snapshot: during('night'), wish: 3 })).toEqual({
      effect: 'pass',
    });
    for (const names of [[], ['day']]) {
      expect(verdictOf(maintenance, { policy, snapshot: during(...names), wish: 3 })).toMatchObject({
        effect: 'hold',
        reason: 'outside-maintenance',
      });
    }
  });

  it('never comes without a schedule, and is no matter of what is immediate or counts units', () => {
    expect(verdictOf(maintenance, { policy: ladder(), snapshot: at(2), wish: 3 }).effect).toBe('hold');
    expect(verdictOf(maintenance, { policy: ladder({}, true), snapshot: at(2), wish: 3 }).effect).toBe(
      'pass',
    );
    expect(verdictOf(maintenance, { snapshot: at(2), wish: 3 }).effect).toBe('pass');
  });
});
