import jsep from 'jsep';
import { evaluateFormula, FORMULA_FUNCTIONS, type Formula, formulaText } from '../core/formula.ts';
import { nearest } from './nearest.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';

type Node = jsep.CoreExpression;
type BinaryOperator = Extract<Formula, { op: 'binary' }>['operator'];

const OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
] as const satisfies readonly BinaryOperator[];

const VARIABLES = ['size', 'ready'] as const;

/** How deep parentheses and conditions may lie in each other: the parser recurses. */
const MAX_DEPTH = 50;

/** A formula that is none. Its message carries the fix. */
class Refused extends Error {}

/**
 * A formula as written, taken apart into plain data; null after reporting what it may not hold: anything but numbers, the
 * given metric ids, `size`, `ready`, arithmetic, comparisons, `a ? b : c` and the functions of formulas.
 */
export function parseFormula(
  source: string,
  ids: readonly string[],
  path: DocumentPath,
  report: Report,
): Formula | null {
  const used = new Set<string>();
  try {
    const formula = convert(read(source), { ids, used });
    for (const id of ids.filter((each) => !used.has(each))) {
      report(path, `does not use the metric ${quote(id)} (use it, or remove it from metrics)`);
    }
    return formula;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    report(path, error.message);
    return null;
  }
}

function read(source: string): Node {
  const depth = Math.max(...deepening(source));
  if (depth > MAX_DEPTH) throw new Refused(`nests too deeply (at most ${MAX_DEPTH} levels)`);
  try {
    return jsep(source) as Node;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new Refused(`is no formula: ${text} (write arithmetic over metric ids)`, { cause: error });
  }
}

/** How many brackets and conditions are open at each place of a text. */
function* deepening(source: string): Iterable<number> {
  let depth = 0;
  yield depth;
  for (const [mark] of source.matchAll(/[()[\]{}?]/g)) {
    depth += ')]}'.includes(mark) ? -1 : 1;
    yield depth;
  }
}

interface Scope {
  readonly ids: readonly string[];
  readonly used: Set<string>;
}

function convert(node: Node, scope: Scope): Formula {
  switch (node.type) {
    case 'Literal':
      return literal(node as jsep.Literal);
    case 'Identifier':
      return named((node as jsep.Identifier).name, scope);
    case 'UnaryExpression':
      return unary(node as jsep.UnaryExpression, scope);
    case 'BinaryExpression':
      return binary(node as jsep.BinaryExpression, scope);
    case 'ConditionalExpression': {
      const { test, consequent, alternate } = node as jsep.ConditionalExpression;
      const [when, then, otherwise] = [test, consequent, alternate].map((part) => inner(part, scope));
      if (when && then && otherwise) return { op: 'if', when, then, otherwise };
      throw new Refused('is no formula (write a ? b : c)');
    }
    case 'CallExpression':
      return call(node as jsep.CallExpression, scope);
    case 'MemberExpression':
      throw new Refused(
        'reads a part of a value with "." or "[…]", but values are numbers (write metric ids)',
      );
    case 'Compound':
    case 'SequenceExpression':
      throw new Refused('is not one formula but none or several (join them by an operator, or by max(a, b))');
    default:
      throw new Refused(
        `holds ${node.type === 'ArrayExpression' ? 'a list' : 'this'}, but only numbers can be computed (remove it)`,
      );
  }
}

const inner = (node: jsep.Expression, scope: Scope): Formula => convert(node as Node, scope);

function literal({ value, raw }: jsep.Literal): Formula {
  if (typeof value === 'number' && Number.isFinite(value)) return { op: 'number', value };
  throw new Refused(`holds ${raw}, which is not a number (write a number or a metric id)`);
}

function named(name: string, { ids, used }: Scope): Formula {
  const variable = VARIABLES.find((known) => known === name);
  if (variable !== undefined) return { op: 'variable', name: variable };
  if (ids.includes(name)) {
    used.add(name);
    return { op: 'metric', id: name };
  }
  const known = [...ids, ...VARIABLES];
  const near = nearest(name, known);
  const fix = near === null ? `add it, or use: ${known.join(', ')}` : `did you mean "${near}"?`;
  throw new Refused(`names ${quote(name)}, which is not among its metrics (${fix})`);
}

function unary({ operator, argument }: jsep.UnaryExpression, scope: Scope): Formula {
  if (operator === '+') return inner(argument, scope);
  if (operator === '-') return { op: 'negate', of: inner(argument, scope) };
  throw new Refused(`uses ${quote(operator)} (known operators: ${OPERATORS.join(' ')})`);
}

function binary({ operator, left, right }: jsep.BinaryExpression, scope: Scope): Formula {
  if (!isOperator(operator)) {
    const near = operator.startsWith('===') || operator.startsWith('!==') ? operator.slice(0, 2) : null;
    const fix = near === null ? `known operators: ${OPERATORS.join(' ')}` : `write ${near}`;
    throw new Refused(`uses ${quote(operator)} (${fix})`);
  }
  const formula = { op: 'binary', operator, left: inner(left, scope), right: inner(right, scope) } as const;
  if ((operator === '/' || operator === '%') && constantOf(formula.right) === 0) {
    throw new Refused(`divides by zero: ${formulaText(formula)} (divide by something else)`);
  }
  return formula;
}

/** The value of a part that no metric and no size can change, or null. */
function constantOf(formula: Formula): number | null {
  // Without metrics and sizes only a constant has a value.
  const result = evaluateFormula(formula, { metrics: {}, size: Number.NaN, ready: Number.NaN });
  return result.kind === 'value' ? result.value : null;
}

const isOperator = (operator: string): operator is BinaryOperator =>
  (OPERATORS as readonly string[]).includes(operator);

function call({ callee, arguments: given }: jsep.CallExpression, scope: Scope): Formula {
  const written = callee.type === 'Identifier' ? (callee as jsep.Identifier).name : '';
  const name = FORMULA_FUNCTIONS.find((known) => known === written);
  if (name === undefined) {
    const near = nearest(written, FORMULA_FUNCTIONS);
    const fix =
      near === null ? `known functions: ${FORMULA_FUNCTIONS.join(', ')}` : `did you mean "${near}"?`;
    throw new Refused(`calls ${written === '' ? 'a value' : quote(written)} (${fix})`);
  }
  const several = name === 'min' || name === 'max';
  if (several ? given.length < 1 : given.length !== 1) {
    throw new Refused(`gives ${name} ${given.length} values (give ${several ? 'at least 1' : '1'})`);
  }
  return { op: 'call', name, args: given.map((argument) => inner(argument, scope)) };
}
