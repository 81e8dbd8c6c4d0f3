import { describe, expect, it, test } from 'vitest';
import type { SizeLimit } from '../../../shared/core/capacity.ts';
import type { ResizeCause } from '../../../shared/core/decision.ts';
import { limits } from '../../../shared/core/guards/limits.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { decideIn, verdictOf } from '../../support/deciding.ts';
import { fc } from '../../support/fast-check.ts';

const limit = (size: number, overrides: Partial<SizeLimit> = {}): SizeLimit => ({
  direction: 'out',
  size,
  reason: 'connection-budget',
  detail: `${size} and no more`,
  ...overrides,
});

const check = (wish: number, given: readonly SizeLimit[], cause: ResizeCause = 'policy') =>
  verdictOf(limits, { snapshot: { ...aSnapshot({ desired: 4 }), limits: given }, wish, cause });

describe('a way back into the bounds that a limit cuts short', () => {
  const anyLimit: fc.Arbitrary<SizeLimit> = fc.record({
    direction: fc.constantFrom('out' as const, 'in' as const),
    size: fc.nat(12),
    reason: fc.constantFrom(
      ...(['resource-limit', 'resource-busy', 'connection-budget', 'tier-order', 'plan-stopped'] as const),
    ),
    detail: fc.constant('and no more'),
  });

  it.each([
    ['from below the minimum', 1, { min: 4, max: 9 }, limit(2), undefined, 2],
    ['from above the maximum', 8, { min: 1, max: 3 }, limit(5, { direction: 'in' }), undefined, 5],
    ['to what a plan needs', 1, { min: 1, max: 9 }, limit(3), { size: 5, detail: 'the tasks need it' }, 3],
  ])('goes as far as it may: %s', (_case, desired, bounds, given, floor, to) => {
    const snapshot = { ...aSnapshot({ desired, metrics: { cpu: 70 } }), limits: [given], floor };
    expect(decideIn({ policy: aPolicy({ bounds }), snapshot })).toMatchObject({ kind: 'resize', to });
  });

  it('is decided, whatever the size, the bounds, the floor and the limits are, and never leads away', () => {
    fc.assert(
      fc.property(
        fc.nat(12),
        fc.nat(6),
        fc.nat(6),
        fc.array(anyLimit, { maxLength: 3 }),
        fc.option(fc.nat(14), { nil: undefined }),
        (desired, min, more, limitsNow, floor) => {
          const policy = aPolicy({ bounds: { min, max: min + more } });
          const snapshot = {
            ...aSnapshot({ desired, metrics: { cpu: 70 } }),
            limits: limitsNow,
            floor: floor === undefined ? undefined : { size: floor, detail: 'the tasks need it' },
          };
          const decision = decideIn({ policy, snapshot });
          if (decision.kind === 'hold') return;
          const [low, high] = [Math.min(desired, min), Math.max(desired, min + more)];
          expect(decision.to >= low && decision.to <= high).toBe(true);
        },
      ),
    );
  });
});

describe('how far a target may go now', () => {
  test.each<{ why: string; wish: number; given: readonly SizeLimit[]; verdict: object }>([
    { why: 'no limit', wish: 9, given: [], verdict: { effect: 'pass' } },
    { why: 'a limit that is not reached', wish: 6, given: [limit(6)], verdict: { effect: 'pass' } },
    { why: 'a limit on the way', wish: 9, given: [limit(6)], verdict: { effect: 'amend', to: 6 } },
    { why: 'the stricter of two', wish: 9, given: [limit(7), limit(5)], verdict: { effect: 'amend', to: 5 } },
    {
      why: 'the stricter, given first',
      wish: 9,
      given: [limit(5), limit(7)],
      verdict: { effect: 'amend', to: 5 },
    },
    {
      why: 'a limit that is used up',
      wish: 9,
      given: [limit(4)],
      verdict: { effect: 'hold', reason: 'connection-budget' },
    },
    { why: 'one that is exceeded already', wish: 9, given: [limit(2)], verdict: { effect: 'hold' } },
    { why: 'a cut under a limit outwards', wish: 2, given: [limit(2)], verdict: { effect: 'pass' } },
    {
      why: 'a cut to a limit inwards',
      wish: 1,
      given: [limit(3, { direction: 'in' })],
      verdict: { effect: 'amend', to: 3 },
    },
    {
      why: 'the stricter of two inwards',
      wish: 1,
      given: [limit(2, { direction: 'in' }), limit(3, { direction: 'in' })],
      verdict: { effect: 'amend', to: 3 },
    },
    {
      why: 'a size at the limit inwards',
      wish: 1,
      given: [limit(4, { direction: 'in' })],
      verdict: { effect: 'hold' },
    },
  ])('$why', ({ wish, given, verdict }) => {
    expect(check(wish, given)).toMatchObject(verdict);
  });

  it('binds an operator where nobody could do it, and not where it is a matter of order', () => {
    for (const reason of ['resource-limit', 'resource-busy', 'connection-budget'] as const) {
      expect(check(9, [limit(4, { reason })], 'manual')).toMatchObject({ effect: 'hold', reason });
    }
    for (const reason of ['tier-order', 'plan-stopped'] as const) {
      expect(check(9, [limit(4, { reason })], 'manual')).toEqual({ effect: 'pass' });
      expect(check(9, [limit(4, { reason })], 'schedule')).toMatchObject({ effect: 'hold', reason });
    }
  });

  it('is none where none is said', () => {
    expect(verdictOf(limits, { snapshot: aSnapshot({ desired: 4 }), wish: 9 })).toEqual({ effect: 'pass' });
  });
});
