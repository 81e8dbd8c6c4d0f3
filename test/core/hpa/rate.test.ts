import { describe, expect, it, test } from 'vitest';
import { implicitScaleOutLimit, rateLimit, recordChange } from '../../../shared/core/hpa/rate.ts';
import type { ScaleEvent } from '../../../shared/core/ledger-entry.ts';
import type { RatePolicy, ScalingRules } from '../../../shared/core/policy.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { NOW } from '../../support/now.ts';

const pods = (value: number, periodSeconds = 60): RatePolicy => ({ type: 'Pods', value, periodSeconds });
const percent = (value: number, periodSeconds = 60): RatePolicy => ({
  type: 'Percent',
  value,
  periodSeconds,
});
const rules = (
  policies: readonly RatePolicy[],
  selectPolicy: ScalingRules['selectPolicy'] = 'Max',
): ScalingRules => ({
  stabilizationWindowSeconds: 0,
  policies,
  selectPolicy,
});
const grew = (change: number, secondsAgo: number): ScaleEvent => ({
  at: plusSeconds(NOW, -secondsAgo),
  direction: 'out',
  change,
});
const shrank = (change: number, secondsAgo: number): ScaleEvent => ({
  ...grew(change, secondsAgo),
  direction: 'in',
});

const upByDefault = rules([pods(4, 15), percent(100, 15)]);

describe('one step without history', () => {
  test.each([
    { given: 'the defaults', rules: upByDefault, from: 1, limit: 5 },
    { given: 'the defaults', rules: upByDefault, from: 10, limit: 20 },
    { given: 'the defaults', rules: upByDefault, from: 3, limit: 7 },
    { given: 'the smaller of two', rules: rules([pods(4), percent(100)], 'Min'), from: 10, limit: 14 },
    // Percent up: ceil(start × (1 + v / 100)) in doubles and in this form.
    { given: '10 %', rules: rules([percent(10)]), from: 100, limit: 111 },
    { given: '10 %', rules: rules([percent(10)]), from: 50, limit: 56 },
    { given: '10 %', rules: rules([percent(10)]), from: 90, limit: 100 },
    { given: 'a disabled direction', rules: rules([pods(4)], 'Disabled'), from: 10, limit: 10 },
  ])('out from $from by $given: $limit', ({ rules: given, from, limit }) => {
    expect(rateLimit(given, 'out', from, [], NOW)).toBe(limit);
  });

  test.each([
    { given: '10 %', rules: rules([percent(10)]), from: 80, limit: 72 },
    { given: '10 % or 4 pods', rules: rules([percent(10), pods(4)]), from: 80, limit: 72 },
    {
      given: 'the smaller of 10 % and 4 pods',
      rules: rules([percent(10), pods(4)], 'Min'),
      from: 80,
      limit: 76,
    },
    // Percent down truncates toward more removal.
    { given: '50 %', rules: rules([percent(50)]), from: 5, limit: 2 },
    { given: '80 %', rules: rules([percent(80)]), from: 10, limit: 1 },
    { given: '90 %', rules: rules([percent(90)]), from: 100, limit: 9 },
    { given: '100 %', rules: rules([percent(100)]), from: 7, limit: 0 },
    // Below zero is no matter: the minimum decides.
    { given: '4 pods', rules: rules([pods(4)]), from: 3, limit: -1 },
    { given: 'a disabled direction', rules: rules([pods(4)], 'Disabled'), from: 10, limit: 10 },
  ])('in from $from by $given: $limit', ({ rules: given, from, limit }) => {
    expect(rateLimit(given, 'in', from, [], NOW)).toBe(limit);
  });
});

describe('what happened within the period', () => {
  test.each([
    { what: 'growth uses up the allowance', direction: 'out', from: 12, events: [grew(2, 30)], limit: 14 },
    {
      what: 'an event exactly one period old has left it',
      direction: 'out',
      from: 12,
      events: [grew(2, 60)],
      limit: 16,
    },
    {
      what: 'one a millisecond younger has not',
      direction: 'out',
      from: 12,
      events: [grew(2, 59.999)],
      limit: 14,
    },
    { what: 'a recent cut loosens growth', direction: 'out', from: 8, events: [shrank(2, 10)], limit: 14 },
    { what: 'recent growth loosens a cut', direction: 'in', from: 12, events: [grew(2, 10)], limit: 6 },
    {
      what: 'a recent cut uses up the next one',
      direction: 'in',
      from: 8,
      events: [shrank(3, 10)],
      limit: 7,
    },
    {
      what: 'both directions add up',
      direction: 'out',
      from: 10,
      events: [grew(5, 20), shrank(3, 10)],
      limit: 12,
    },
    { what: 'a limit never reverses growth', direction: 'out', from: 20, events: [grew(10, 10)], limit: 20 },
    { what: 'a limit never reverses a cut', direction: 'in', from: 5, events: [shrank(10, 10)], limit: 5 },
  ] as const)('$what', ({ direction, from, events, limit }) => {
    expect(rateLimit(rules([pods(4, 60)]), direction, from, events, NOW)).toBe(limit);
  });

  it('counts for each policy in its own period', () => {
    const slow = rules([pods(2, 10), pods(6, 300)]);
    // Within 10 s nothing happened: 12 + 2. Within 300 s it grew by 5: 7 + 6.
    expect(rateLimit(slow, 'out', 12, [grew(5, 100)], NOW)).toBe(14);
    expect(rateLimit({ ...slow, selectPolicy: 'Min' }, 'out', 12, [grew(5, 100)], NOW)).toBe(13);
  });

  it('takes percents of the size at the start of the period, not of the size now', () => {
    expect(rateLimit(rules([percent(50)]), 'out', 12, [grew(2, 30)], NOW)).toBe(15);
  });
});

test.each([
  [0, 4],
  [1, 4],
  [2, 4],
  [3, 6],
  [8, 16],
])('without a behavior block %i may become %i', (from, limit) => {
  expect(implicitScaleOutLimit(from)).toBe(limit);
});

describe('the log of changes', () => {
  it('forgets what is older than the longest period; the new change takes the place of the last that left', () => {
    expect(recordChange([grew(1, 61), grew(2, 62), grew(3, 59)], grew(4, 0), 60)).toEqual([
      grew(4, 0),
      grew(3, 59),
    ]);
  });

  it('keeps a change that is exactly as old as the longest period', () => {
    expect(recordChange([grew(2, 60)], grew(4, 0), 60)).toEqual([grew(2, 60), grew(4, 0)]);
  });
});
