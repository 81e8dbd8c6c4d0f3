import { describe, expect, it, test } from 'vitest';
import { largerStep, proposeStepScaling, unitsOf } from '../../../shared/core/strategies/step.ts';
import type { StepRule, StepScalingStrategy } from '../../../shared/core/strategy.ts';
import golden from '../../fixtures/golden-step-scaling.json' with { type: 'json' };
import { aResize } from '../../support/a-state.ts';
import { aSight, aStepScaling, stepOf, wished } from '../../support/a-strategy.ts';
import { fc } from '../../support/fast-check.ts';

const propose = (cpu: number, desired: number, strategy: Partial<StepScalingStrategy> = {}) =>
  proposeStepScaling(aStepScaling(strategy), aSight({ desired, metrics: { cpu } }));

const percent = { adjustmentType: 'PercentChangeInCapacity', minAdjustmentMagnitude: null } as const;
const units = { adjustmentType: 'ChangeInCapacity', minAdjustmentMagnitude: null } as const;
const exact = { adjustmentType: 'ExactCapacity', minAdjustmentMagnitude: null } as const;

/** One step over the whole half-line. */
const outBy = (adjustment: number): StepRule => ({
  threshold: 50,
  steps: [{ lower: 0, upper: null, adjustment }],
});
const inBy = (adjustment: number): StepRule => ({
  threshold: 30,
  steps: [{ lower: null, upper: 0, adjustment }],
});

describe('the vendor’s own examples', () => {
  test.each(golden.path)('$name', ({ size, value, want }) => {
    expect(propose(value, size)).toMatchObject({ wish: want });
  });

  it('make one path: 10 @60 → 11 @70 → 14 @40 → 13 @30 → 10', () => {
    const path = [10];
    for (const { value } of golden.path) path.push(stepOf(propose(value, path.at(-1) ?? 0), 'step').wish);
    expect(path).toEqual([10, 11, 14, 13, 10]);
  });

  test.each(golden.rounding)('$name', ({ size, percent: adjustment, want }) => {
    expect(unitsOf(percent, adjustment, size)).toBe(want);
  });

  test.each(golden.cooldown)('$name', ({ size, first, then, want }) => {
    const lastOut = { from: size, to: size + first };
    expect(largerStep({ strategy: units, adjustment: then, lastOut })).toBe(lastOut.to + want);
  });
});

describe('the step that holds the difference', () => {
  test.each([
    { cpu: 50, says: '10 above', adjustment: 0, side: 'out' },
    { cpu: 59.99, says: '10 above', adjustment: 0, side: 'out' },
    { cpu: 60, says: '11 above', adjustment: 10, side: 'out' },
    { cpu: 69.99, says: '11 above', adjustment: 10, side: 'out' },
    { cpu: 70, says: '13 above', adjustment: 30, side: 'out' },
    { cpu: 1e6, says: '13 above', adjustment: 30, side: 'out' },
    { cpu: 49.99, says: '10 below', adjustment: 0, side: 'in' },
    { cpu: 40.01, says: '10 below', adjustment: 0, side: 'in' },
    { cpu: 40, says: '9 below', adjustment: -10, side: 'in' },
    { cpu: 30.01, says: '9 below', adjustment: -10, side: 'in' },
    { cpu: 30, says: '7 below', adjustment: -30, side: 'in' },
    { cpu: 0, says: '7 below', adjustment: -30, side: 'in' },
  ])('$cpu % around 50 %: $says', ({ cpu, says, adjustment, side }) => {
    const proposal = propose(cpu, 10);
    expect(wished(proposal)).toBe(says);
    expect(stepOf(proposal, 'step')).toMatchObject({ adjustment, side, threshold: 50 });
  });

  it('leaves what lies between the two thresholds alone', () => {
    const proposal = propose(40, 10, { out: outBy(10), in: inBy(-10) });
    expect(wished(proposal)).toBe('10 within-tolerance');
    expect(stepOf(proposal, 'step')).toMatchObject({ side: null, threshold: null, adjustment: null });
  });

  it('holds a breach exactly at the threshold, on either side', () => {
    expect(wished(propose(50, 10, { out: outBy(10), in: inBy(-10) }))).toBe('11 above');
    expect(wished(propose(30, 10, { out: outBy(10), in: inBy(-10) }))).toBe('9 below');
  });

  it('may be of one side alone', () => {
    expect(wished(propose(30, 10, { in: null }))).toBe('silent');
    expect(wished(propose(70, 10, { out: null }))).toBe('10 within-tolerance');
    expect(wished(propose(30, 10, { out: null }))).toBe('7 below');
  });

  it('may be none', () => {
    const out = { threshold: 50, steps: [{ lower: 10, upper: 20, adjustment: 10 }] };
    expect(wished(propose(55, 10, { out }))).toBe('10 within-tolerance');
    expect(wished(propose(70, 10, { out }))).toBe('10 within-tolerance');
    expect(wished(propose(70, 10, { out, in: null }))).toBe('silent');
  });

  it('is that of the way out where both rules apply', () => {
    const both = { out: { ...outBy(10), threshold: 20 }, in: { ...inBy(-10), threshold: 60 } };
    expect(wished(propose(40, 10, both))).toBe('11 above');
  });
});

describe('an adjustment in units', () => {
  test.each([
    { strategy: units, adjustment: 2, size: 10, says: 2 },
    { strategy: units, adjustment: -3, size: 10, says: -3 },
    { strategy: exact, adjustment: 4, size: 10, says: -6 },
    { strategy: exact, adjustment: 12, size: 10, says: 2 },
    { strategy: percent, adjustment: 25, size: 4, says: 1 },
    { strategy: { ...percent, minAdjustmentMagnitude: 2 }, adjustment: 25, size: 4, says: 2 },
    { strategy: { ...percent, minAdjustmentMagnitude: 2 }, adjustment: -25, size: 4, says: -2 },
    { strategy: { ...percent, minAdjustmentMagnitude: 2 }, adjustment: 50, size: 10, says: 5 },
    { strategy: { ...percent, minAdjustmentMagnitude: 2 }, adjustment: 0, size: 10, says: 0 },
    // Between 0 and 1 is 1, whatever the least magnitude says.
    { strategy: { ...percent, minAdjustmentMagnitude: 0 }, adjustment: 1, size: 10, says: 1 },
    { strategy: percent, adjustment: 0, size: 10, says: 0 },
    { strategy: percent, adjustment: 10, size: 10, says: 1 },
    { strategy: percent, adjustment: -10, size: 10, says: -1 },
    { strategy: percent, adjustment: 10, size: 0, says: 1 },
    { strategy: percent, adjustment: 0.57, size: 10000, says: 57 },
  ])('$adjustment of $strategy.adjustmentType at $size: $says', ({ strategy, adjustment, size, says }) => {
    expect(unitsOf(strategy, adjustment, size)).toBe(says);
  });

  it('never makes less than nothing', () => {
    expect(wished(propose(10, 2, { ...units, in: inBy(-5) }))).toBe('0 below');
  });

  it('sets a size where it is exact, also a smaller one', () => {
    expect(wished(propose(80, 10, { ...exact, out: outBy(4) }))).toBe('4 above');
    expect(wished(propose(80, 10, { ...exact, out: outBy(40) }))).toBe('40 above');
  });
});

describe('while a scale-out is under way', () => {
  const asked = (adjustment: number, resize: Parameters<typeof aResize>[0] = {}) => {
    const state = { resize: aResize({ from: 4, to: 6, ...resize }) };
    return wished(
      proposeStepScaling(
        aStepScaling({ ...units, out: outBy(adjustment), in: inBy(adjustment) }),
        aSight({ desired: state.resize.to, running: 4, state, metrics: { cpu: adjustment > 0 ? 80 : 10 } }),
      ),
    );
  };

  it('the same step is the one that is on its way, and a larger one adds the difference', () => {
    expect(asked(2)).toBe('6 above');
    expect(asked(1)).toBe('6 above');
    expect(asked(3)).toBe('7 above');
  });

  it('a scale-out that adds to an earlier one counts from the size before both', () => {
    expect(asked(3, { from: 6, to: 7, base: 4 })).toBe('7 above');
    expect(asked(4, { from: 6, to: 7, base: 4 })).toBe('8 above');
  });

  it('a cut counts from the size that is asked for', () => {
    expect(asked(-2)).toBe('4 below');
    expect(asked(2, { from: 8, to: 6 })).toBe('8 above');
  });
});

describe('what others are told of it', () => {
  it('an average carries its value by unit, and asks for more where the first step adds some', () => {
    expect(stepOf(propose(55, 4), 'step')).toMatchObject({ carried: 220, outAbove: 60 });
    expect(stepOf(propose(55, 4, { out: outBy(10) }), 'step')).toMatchObject({ outAbove: 50 });
    const open = { threshold: 50, steps: [{ lower: null, upper: null, adjustment: 10 }] };
    expect(stepOf(propose(55, 4, { out: open }), 'step')).toMatchObject({ outAbove: 50 });
    expect(stepOf(propose(55, 4, { out: outBy(0) }), 'step')).toMatchObject({ outAbove: null });
    expect(stepOf(propose(55, 4, { out: null }), 'step')).toMatchObject({ outAbove: null });
  });

  it('a total is itself, and what does not follow the size carries nothing known', () => {
    expect(stepOf(propose(55, 4, { scope: 'total' }), 'step')).toMatchObject({ carried: 55, outAbove: null });
    expect(stepOf(propose(55, 4, { scope: 'independent' }), 'step')).toMatchObject({
      carried: null,
      outAbove: null,
    });
  });
});

it('is blind without its metric', () => {
  expect(proposeStepScaling(aStepScaling(), aSight({ metrics: { cpu: 'stale' } }))).toMatchObject({
    kind: 'blind',
    from: 'cpu',
    step: { reason: 'stale' },
  });
});

it('does not call back units from zero for an average over units that are gone', () => {
  expect(wished(propose(90, 0))).toBe('0 within-tolerance');
  expect(wished(propose(90, 0, { scope: 'total' }))).toBe('1 above');
});

it('shows every number of its arithmetic', () => {
  expect(propose(70, 11)).toEqual({
    kind: 'wish',
    from: 'cpu',
    wish: 14,
    step: {
      step: 'proposal',
      strategy: 'step',
      metric: 'cpu',
      label: 'CPU',
      unit: ' %',
      scope: 'average',
      value: 70,
      size: 11,
      wish: 14,
      side: 'out',
      threshold: 50,
      adjustmentType: 'PercentChangeInCapacity',
      adjustment: 30,
      verdict: 'above',
      carried: 770,
      outAbove: 60,
    },
  });
});

describe('within a scale-out cooldown', () => {
  test.each([
    { why: 'the same step leads nowhere', strategy: units, adjustment: 2, from: 10, to: 12, leads: null },
    { why: 'a smaller one leads nowhere', strategy: units, adjustment: 1, from: 10, to: 12, leads: null },
    { why: 'a larger one adds the difference', strategy: units, adjustment: 3, from: 10, to: 12, leads: 13 },
    {
      why: 'a percentage counts from the size before',
      strategy: percent,
      adjustment: 30,
      from: 10,
      to: 11,
      leads: 13,
    },
    { why: 'an exact size is itself', strategy: exact, adjustment: 15, from: 10, to: 12, leads: 15 },
    {
      why: 'a step that takes away leads nowhere',
      strategy: units,
      adjustment: -2,
      from: 10,
      to: 12,
      leads: null,
    },
  ])('$why', ({ strategy, adjustment, from, to, leads }) => {
    expect(largerStep({ strategy, adjustment, lastOut: { from, to } })).toBe(leads);
  });
});

describe('for all steps', () => {
  const contiguous = fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
      fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 5, maxLength: 5 }),
    )
    .map(([cuts, adjustments]) => {
      const bounds = [0, ...[...cuts].sort((a, b) => a - b), null];
      return bounds.slice(1).map((upper, index) => ({
        lower: bounds[index] ?? 0,
        upper,
        adjustment: adjustments[index] ?? 0,
      }));
    });
  const mirrored = contiguous.map((steps) =>
    steps.map(({ lower, upper, adjustment }) => ({
      lower: upper === null ? null : -upper,
      upper: 0 - lower,
      adjustment: 0 - adjustment,
    })),
  );
  const strategies = fc.record({
    adjustmentType: fc.constantFrom('ChangeInCapacity', 'PercentChangeInCapacity'),
    minAdjustmentMagnitude: fc.option(fc.integer({ min: 1, max: 5 })),
    out: contiguous.map((steps) => ({ threshold: 60, steps })),
    in: mirrored.map((steps) => ({ threshold: 40, steps })),
  });
  const given = [strategies, fc.integer({ min: 0, max: 200 }), fc.nat(200)] as const;

  it('the wish is a whole number of units, never against its direction', () => {
    fc.assert(
      fc.property(...given, (strategy, cpu, size) => {
        const { wish, side } = stepOf(propose(cpu, size, strategy as never), 'step');
        expect(Number.isInteger(wish) && wish >= 0).toBe(true);
        if (side === 'out') expect(wish).toBeGreaterThanOrEqual(size);
        if (side === 'in') expect(wish).toBeLessThanOrEqual(size);
        if (side === null) expect(wish).toBe(size);
      }),
      { numRuns: 3000 },
    );
  });

  it('a percentage goes no further than itself, or by its least magnitude', () => {
    fc.assert(
      fc.property(fc.integer({ min: -300, max: 300 }), fc.nat(500), (adjustment, size) => {
        const change = unitsOf(percent, adjustment, size);
        expect(Math.abs(change)).toBeLessThanOrEqual(Math.max(1, Math.abs((size * adjustment) / 100)));
        expect(change === 0).toBe(adjustment === 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('a larger step in its cooldown leads to where it would have led at once', () => {
    const adjustment = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(fc.nat(50), adjustment, adjustment, (from, first, then) => {
        const to = from + first;
        const leads = largerStep({ strategy: units, adjustment: then, lastOut: { from, to } });
        expect(leads ?? to).toBe(from + Math.max(first, then));
      }),
      { numRuns: 2000 },
    );
  });
});
