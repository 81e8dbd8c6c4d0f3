import { describe, expect, it, test } from 'vitest';
import { evaluateFormula, FORMULA_FUNCTIONS, type Formula, formulaText } from '../../shared/core/formula.ts';
import { fc } from '../support/fast-check.ts';

type Binary = Extract<Formula, { op: 'binary' }>;

const number = (value: number): Formula => ({ op: 'number', value });
const metric = (id: string): Formula => ({ op: 'metric', id });
const binary = (left: Formula, operator: Binary['operator'], right: Formula): Formula => ({
  op: 'binary',
  operator,
  left,
  right,
});
const call = (name: (typeof FORMULA_FUNCTIONS)[number], ...args: readonly Formula[]): Formula => ({
  op: 'call',
  name,
  args,
});
const either = (when: Formula, then: Formula, otherwise: Formula): Formula => ({
  op: 'if',
  when,
  then,
  otherwise,
});
const [a, b, zero] = [metric('a'), metric('b'), metric('zero')];
const size: Formula = { op: 'variable', name: 'size' };
const inputs = { metrics: { a: 12, b: 5, zero: 0 }, size: 4, ready: 3 };
const outcome = (formula: Formula) => {
  const result = evaluateFormula(formula, inputs);
  return result.kind === 'value' ? result.value : result.detail;
};

describe('a formula', () => {
  test.each<{ formula: Formula; text: string; value: number }>([
    { formula: number(2.5), text: '2.5', value: 2.5 },
    { formula: a, text: 'a', value: 12 },
    { formula: size, text: 'size', value: 4 },
    { formula: { op: 'variable', name: 'ready' }, text: 'ready', value: 3 },
    { formula: { op: 'negate', of: a }, text: '-a', value: -12 },
    { formula: { op: 'negate', of: binary(a, '+', b) }, text: '-(a + b)', value: -17 },
    { formula: binary(a, '+', b), text: 'a + b', value: 17 },
    { formula: binary(a, '-', b), text: 'a - b', value: 7 },
    { formula: binary(a, '*', b), text: 'a * b', value: 60 },
    { formula: binary(a, '/', b), text: 'a / b', value: 2.4 },
    { formula: binary(a, '%', b), text: 'a % b', value: 2 },
    { formula: binary(a, '<', b), text: 'a < b', value: 0 },
    { formula: binary(a, '<=', a), text: 'a <= a', value: 1 },
    { formula: binary(a, '>', b), text: 'a > b', value: 1 },
    { formula: binary(b, '>=', a), text: 'b >= a', value: 0 },
    { formula: binary(a, '==', a), text: 'a == a', value: 1 },
    { formula: binary(a, '!=', a), text: 'a != a', value: 0 },
    { formula: binary(binary(a, '-', b), '-', size), text: '(a - b) - size', value: 3 },
    { formula: either(binary(a, '>', b), a, b), text: '(a > b) ? a : b', value: 12 },
    { formula: either(zero, a, either(a, b, a)), text: 'zero ? a : (a ? b : a)', value: 5 },
    { formula: call('min', a, b), text: 'min(a, b)', value: 5 },
    { formula: call('max', a, b, size), text: 'max(a, b, size)', value: 12 },
    { formula: call('ceil', binary(a, '/', b)), text: 'ceil(a / b)', value: 3 },
    { formula: call('floor', binary(a, '/', b)), text: 'floor(a / b)', value: 2 },
    { formula: call('round', binary(a, '/', b)), text: 'round(a / b)', value: 2 },
    { formula: call('abs', binary(b, '-', a)), text: 'abs(b - a)', value: 7 },
    { formula: call('ceil', binary(number(70), '*', number(1.1))), text: 'ceil(70 * 1.1)', value: 77 },
  ])('$text = $value', ({ formula, text, value }) => {
    expect(formulaText(formula)).toBe(text);
    expect(evaluateFormula(formula, inputs)).toEqual({ kind: 'value', value });
  });
});

describe('a formula without a value says which part has none', () => {
  test.each<{ formula: Formula; detail: string }>([
    { formula: binary(a, '/', zero), detail: 'a / zero with zero = 0' },
    { formula: binary(a, '%', zero), detail: 'a % zero with zero = 0' },
    { formula: binary(a, '/', binary(b, '-', b)), detail: 'a / (b - b) with b - b = 0' },
    { formula: binary(number(1), '+', binary(a, '/', zero)), detail: 'a / zero with zero = 0' },
    { formula: { op: 'negate', of: binary(a, '/', zero) }, detail: 'a / zero with zero = 0' },
    { formula: call('max', a, binary(a, '/', zero)), detail: 'a / zero with zero = 0' },
    { formula: either(binary(a, '/', zero), a, b), detail: 'a / zero with zero = 0' },
    { formula: metric('c'), detail: 'c is missing' },
    { formula: metric('toString'), detail: 'toString is missing' },
    { formula: binary(number(1e200), '*', number(1e200)), detail: '1e+200 * 1e+200 is Infinity' },
    { formula: number(Number.NaN), detail: 'NaN is NaN' },
    { formula: call('min'), detail: 'min() is Infinity' },
    { formula: call('ceil'), detail: 'ceil() is NaN' },
    { formula: call('floor'), detail: 'floor() is NaN' },
    { formula: call('round'), detail: 'round() is NaN' },
    { formula: call('abs'), detail: 'abs() is NaN' },
  ])('$detail', ({ formula, detail }) => {
    expect(evaluateFormula(formula, inputs)).toEqual({ kind: 'undefined', detail });
  });

  it('but not a part that is not taken', () => {
    expect(outcome(either(zero, binary(a, '/', zero), b))).toBe(5);
    expect(outcome(either(a, b, metric('c')))).toBe(5);
  });

  it('nor is minus zero one', () => {
    expect(Object.is(outcome({ op: 'negate', of: zero }), 0)).toBe(true);
  });
});

it('gives a finite number or none, whatever it is made of', () => {
  const { formula } = fc.letrec<{ formula: Formula }>((tie) => {
    const part = tie('formula');
    return {
      formula: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        fc.double({ noNaN: true }).map(number),
        fc.constantFrom('a', 'b', 'zero', 'c').map(metric),
        fc.constant(size),
        fc.record({ op: fc.constant('negate' as const), of: part }),
        fc
          .tuple(
            part,
            fc.constantFrom('+', '-', '*', '/', '%', '<', '==') as fc.Arbitrary<Binary['operator']>,
            part,
          )
          .map(([left, operator, right]) => binary(left, operator, right)),
        fc.tuple(part, part, part).map(([when, then, otherwise]) => either(when, then, otherwise)),
        fc
          .tuple(fc.constantFrom(...FORMULA_FUNCTIONS), fc.array(part, { maxLength: 3 }))
          .map(([name, args]) => call(name, ...args)),
      ),
    };
  });
  fc.assert(
    fc.property(formula, (given) => {
      const result = evaluateFormula(given, inputs);
      if (result.kind === 'value') expect(Number.isFinite(result.value)).toBe(true);
      else expect(result.detail).not.toBe('');
    }),
    { numRuns: 3000 },
  );
});
