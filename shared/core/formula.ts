import { ceilOf, floorOf } from './rounding.ts';

/** Functions of a formula. */
export const FORMULA_FUNCTIONS = ['min', 'max', 'ceil', 'floor', 'round', 'abs'] as const;

/** A safe arithmetic expression, parsed: plain data, evaluated by {@link evaluateFormula}, never by the language. */
export type Formula =
  | { readonly op: 'number'; readonly value: number }
  /** The value of a metric of the strategy, by its id. */
  | { readonly op: 'metric'; readonly id: string }
  /** `size`: what is asked for. `ready`: the units that serve. */
  | { readonly op: 'variable'; readonly name: 'size' | 'ready' }
  | { readonly op: 'negate'; readonly of: Formula }
  | {
      readonly op: 'binary';
      readonly operator: '+' | '-' | '*' | '/' | '%' | '<' | '<=' | '>' | '>=' | '==' | '!=';
      readonly left: Formula;
      readonly right: Formula;
    }
  | { readonly op: 'if'; readonly when: Formula; readonly then: Formula; readonly otherwise: Formula }
  | {
      readonly op: 'call';
      readonly name: (typeof FORMULA_FUNCTIONS)[number];
      readonly args: readonly Formula[];
    };

/** What a formula is evaluated over. */
export interface FormulaInputs {
  /** Values by metric id. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly size: number;
  readonly ready: number;
}

/** The number that a formula gives, or the part of it that gives none, in words. */
export type FormulaResult =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'undefined'; readonly detail: string };

/** Evaluates a formula. A division by zero, a result beyond the numbers and an unknown metric give no value, never zero. */
export function evaluateFormula(formula: Formula, inputs: FormulaInputs): FormulaResult {
  const { op } = formula;
  switch (op) {
    case 'number':
      return finite(formula.value, formula);
    case 'metric': {
      const value = Object.hasOwn(inputs.metrics, formula.id) ? inputs.metrics[formula.id] : undefined;
      return value === undefined ? nothing(`${formula.id} is missing`) : finite(value, formula);
    }
    case 'variable':
      return finite(inputs[formula.name], formula);
    case 'negate':
      return over([formula.of], inputs, ([of = 0]) => finite(0 - of, formula));
    case 'binary':
      return over([formula.left, formula.right], inputs, ([left = 0, right = 0]) =>
        binary(formula, left, right),
      );
    case 'if':
      // Only the branch that is taken: the other one may divide by the very zero that the condition keeps away.
      return over([formula.when], inputs, ([when]) =>
        evaluateFormula(when === 0 ? formula.otherwise : formula.then, inputs),
      );
    case 'call':
      return over(formula.args, inputs, (args) => finite(FUNCTIONS[formula.name](...args), formula));
  }
}

/** A formula as a person writes it, with the brackets that it needs. */
export function formulaText(formula: Formula): string {
  switch (formula.op) {
    case 'number':
      return String(formula.value);
    case 'metric':
      return formula.id;
    case 'variable':
      return formula.name;
    case 'negate':
      return `-${bracketed(formula.of)}`;
    case 'binary':
      return `${bracketed(formula.left)} ${formula.operator} ${bracketed(formula.right)}`;
    case 'if':
      return `${bracketed(formula.when)} ? ${bracketed(formula.then)} : ${bracketed(formula.otherwise)}`;
    case 'call':
      return `${formula.name}(${formula.args.map(formulaText).join(', ')})`;
  }
}

type Binary = Extract<Formula, { op: 'binary' }>;

const FUNCTIONS: Readonly<
  Record<(typeof FORMULA_FUNCTIONS)[number], (...args: readonly number[]) => number>
> = {
  min: Math.min,
  max: Math.max,
  ceil: (value = Number.NaN) => ceilOf(value),
  floor: (value = Number.NaN) => floorOf(value),
  round: (value = Number.NaN) => Math.round(value),
  abs: (value = Number.NaN) => Math.abs(value),
};

const OPERATORS: Readonly<Record<Binary['operator'], (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '<': (left, right) => Number(left < right),
  '<=': (left, right) => Number(left <= right),
  '>': (left, right) => Number(left > right),
  '>=': (left, right) => Number(left >= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
};

const nothing = (detail: string): FormulaResult => ({ kind: 'undefined', detail });

const finite = (value: number, formula: Formula): FormulaResult =>
  Number.isFinite(value) ? { kind: 'value', value } : nothing(`${formulaText(formula)} is ${value}`);

/** Goes on with the values of all parts, or stops at the first that has none. */
function over(
  parts: readonly Formula[],
  inputs: FormulaInputs,
  go: (values: readonly number[]) => FormulaResult,
): FormulaResult {
  const values: number[] = [];
  for (const part of parts) {
    const result = evaluateFormula(part, inputs);
    if (result.kind === 'undefined') return result;
    values.push(result.value);
  }
  return go(values);
}

function binary(formula: Binary, left: number, right: number): FormulaResult {
  const divides = formula.operator === '/' || formula.operator === '%';
  if (divides && right === 0)
    return nothing(`${formulaText(formula)} with ${formulaText(formula.right)} = 0`);
  return finite(OPERATORS[formula.operator](left, right), formula);
}

const bracketed = (formula: Formula): string =>
  formula.op === 'binary' || formula.op === 'if' ? `(${formulaText(formula)})` : formulaText(formula);
