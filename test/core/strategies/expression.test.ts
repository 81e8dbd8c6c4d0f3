import { expect, it, test } from 'vitest';
import type { Formula } from '../../../shared/core/formula.ts';
import { proposeExpression } from '../../../shared/core/strategies/expression.ts';
import { aMetric, anExpression, aSight, divided, stepOf, wished } from '../../support/a-strategy.ts';
import { fc } from '../../support/fast-check.ts';

const number = (value: number): Formula => ({ op: 'number', value });
const propose = (formula: Formula, metrics: Parameters<typeof aSight>[0] = {}) =>
  proposeExpression(anExpression({ formula }), aSight(metrics));

test.each([
  { value: 6.1, says: '7 above' },
  { value: 4, says: '4 within-tolerance' },
  { value: 3.2, says: '4 within-tolerance' },
  { value: 1.5, says: '2 below' },
  { value: 0, says: '0 below' },
  { value: -3, says: '0 below' },
  // 70 × 1.1 in doubles.
  { value: 77.00000000000001, says: '77 above' },
])('a formula that gives $value: $says', ({ value, says }) => {
  const proposal = propose(number(value));
  expect(wished(proposal)).toBe(says);
  expect(stepOf(proposal, 'expression').exact).toBe(value);
});

it('shows every number of its arithmetic', () => {
  expect(proposeExpression(anExpression(), aSight({ metrics: { cpu: 55 } }))).toEqual({
    kind: 'wish',
    from: 'formula',
    wish: 6,
    step: {
      step: 'proposal',
      strategy: 'expression',
      metric: 'formula',
      label: 'Formula',
      unit: '',
      scope: 'independent',
      value: 5.5,
      size: 4,
      source: 'cpu / 10',
      inputs: { cpu: 55 },
      exact: 5.5,
      wish: 6,
      verdict: 'above',
      carried: null,
      outAbove: null,
    },
  });
});

it('knows the size and the units that serve', () => {
  const formula: Formula = {
    op: 'binary',
    operator: '+',
    left: { op: 'variable', name: 'size' },
    right: { op: 'variable', name: 'ready' },
  };
  expect(propose(formula, { desired: 6, running: 5 })).toMatchObject({ wish: 11 });
});

it('is blind while one of its metrics is', () => {
  const metrics = [aMetric(), aMetric({ id: 'jobs', label: 'Jobs' })];
  const sight = aSight({ metrics: { cpu: 50, jobs: 'stale' } });
  expect(proposeExpression(anExpression({ metrics }), sight)).toEqual({
    kind: 'blind',
    from: 'formula',
    step: { step: 'missing', metric: 'jobs', label: 'Jobs', reason: 'stale', detail: 'in this test' },
  });
});

it('is blind where the formula has no value, and says which part', () => {
  const formula = divided(number(1), { op: 'metric', id: 'cpu' });
  expect(propose(formula, { metrics: { cpu: 0 } })).toEqual({
    kind: 'blind',
    from: 'formula',
    step: {
      step: 'missing',
      metric: 'formula',
      label: 'Formula',
      reason: 'not-a-number',
      detail: '1 / cpu with cpu = 0',
    },
  });
});

it('wishes for a whole number of units, zero or more', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const { wish } = stepOf(propose(number(value)), 'expression');
      expect(Number.isInteger(wish) && wish >= 0 && !Object.is(wish, -0)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
