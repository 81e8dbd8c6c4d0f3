import type { Formula } from '../core/formula.ts';

/** The value of a part of a formula that no metric and no size can change, or null. */
export function constantOf(formula: Formula): number | null {
  switch (formula.op) {
    case 'number':
      return formula.value;
    case 'negate':
      return of([formula.of], ([value = 0]) => -value);
    case 'binary':
      return of([formula.left, formula.right], ([a = 0, b = 0]) => ARITHMETIC[formula.operator]?.(a, b));
    case 'call':
      return of(formula.args, (values) => FUNCTIONS[formula.name](...values));
    default:
      return null;
  }
}

function of(
  parts: readonly Formula[],
  compute: (values: readonly number[]) => number | undefined,
): number | null {
  const values = parts.map(constantOf).filter((value) => value !== null);
  const result = values.length === parts.length ? compute(values) : undefined;
  return result === undefined || Number.isNaN(result) ? null : result;
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

const FUNCTIONS: Readonly<
  Record<Extract<Formula, { op: 'call' }>['name'], (...values: readonly number[]) => number>
> = {
  min: Math.min,
  max: Math.max,
  ceil: (value = 0) => Math.ceil(value),
  floor: (value = 0) => Math.floor(value),
  round: (value = 0) => Math.round(value),
  abs: (value = 0) => Math.abs(value),
};
