import jsep from 'jsep';
import { callFunction, fillWith, isFillMode } from './metric-math-functions.ts';
import {
  combine,
  isSeries,
  type MathContext,
  type MathValue,
  mapValue,
  refuse,
  type Series,
} from './metric-math-values.ts';

/** A parsed metric math expression. */
export interface MetricMath {
  /** The identifiers that it refers to. */
  readonly ids: readonly string[];
  /**
   * Evaluates it over aligned series. Two series meet where both have a datapoint, as in CloudWatch.
   * @param timestamps every datapoint start of the requested range: what `FILL` fills and a number spreads over.
   */
  evaluate(
    series: Readonly<Record<string, Series>>,
    timestamps: readonly number[],
    periodSeconds: number,
  ): Series;
}

type Node = jsep.CoreExpression;

// CloudWatch writes powers with ^ and logic with AND and OR; the parser knows them once it is told.
jsep.addBinaryOp('^', 11, true);
jsep.addBinaryOp('AND', 2);
jsep.addBinaryOp('OR', 1);

/**
 * Parses CloudWatch metric math: arithmetic, comparisons, AND, OR, parentheses, lists, METRICS() and the functions
 * SUM AVG MAX MIN ABS CEIL FLOOR IF FILL PERIOD DIFF RATE.
 * Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics".
 * @throws ControllerError `invalid` when the text does not parse or uses something else.
 */
export function parseMetricMath(expression: string): MetricMath {
  const node = parse(expression);
  return {
    ids: identifiers(node),
    evaluate: (series, timestamps, periodSeconds) => {
      const value = valueAt(node, { expression, series, timestamps, periodSeconds });
      if (typeof value === 'number') return new Map(timestamps.map((at) => [at, value]));
      if (isSeries(value)) return finite(value);
      throw refuse(expression, 'yields several series (wrap it in SUM, AVG, MAX or MIN)');
    },
  };
}

function parse(expression: string): Node {
  try {
    return jsep(expression) as Node;
  } catch (cause) {
    throw refuse(
      expression,
      `does not parse: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
}

function valueAt(node: Node, context: MathContext): MathValue {
  const { expression } = context;
  const recurse = (inner: jsep.Expression): MathValue => valueAt(inner as Node, context);
  switch (node.type) {
    case 'Literal':
      return literal(node.value, expression);
    case 'Identifier':
      return identifier(node.name, context);
    case 'ArrayExpression':
      return node.elements.flatMap((element) => (element === null ? [] : [recurse(element)]));
    case 'UnaryExpression':
      return unary(node.operator, recurse(node.argument), expression);
    case 'BinaryExpression':
      return combine(recurse(node.left), recurse(node.right), operatorOf(node.operator, expression));
    case 'CallExpression':
      return call(node, context, recurse);
    default:
      throw refuse(expression, `uses ${node.type}, which metric math does not have`);
  }
}

function literal(value: unknown, expression: string): number {
  if (typeof value === 'number') return value;
  throw refuse(expression, `uses ${JSON.stringify(value)} where a number belongs`);
}

function identifier(name: string, context: MathContext): Series {
  const series = context.series[name];
  if (series === undefined)
    throw refuse(context.expression, `names ${name}, which is no metric of the query`);
  return series;
}

function unary(operator: string, value: MathValue, expression: string): MathValue {
  if (operator === '-') return mapValue(value, (number) => -number);
  if (operator === '+') return value;
  throw refuse(expression, `uses the operator ${operator}, which metric math does not have`);
}

function call(
  node: jsep.CallExpression,
  context: MathContext,
  recurse: (inner: jsep.Expression) => MathValue,
): MathValue {
  const name = String(node.callee['name'] ?? '').toUpperCase();
  if (name === 'METRICS') return Object.values(context.series);
  // FILL(m1, REPEAT): the mode is a word, not a metric.
  const words = node.arguments.map((argument) =>
    argument.type === 'Identifier' ? String(argument['name']) : '',
  );
  if (name === 'FILL' && isFillMode(words[1])) {
    return fillWith(words[1], node.arguments.slice(0, 1).map(recurse), context);
  }
  return callFunction(name, node.arguments.map(recurse), context);
}

type Operator = (left: number, right: number) => number;

const OPERATORS: Readonly<Record<string, Operator>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '>': (left, right) => Number(left > right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '<=': (left, right) => Number(left <= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  AND: (left, right) => Number(left !== 0 && right !== 0),
  '&&': (left, right) => Number(left !== 0 && right !== 0),
  OR: (left, right) => Number(left !== 0 || right !== 0),
  '||': (left, right) => Number(left !== 0 || right !== 0),
};

function operatorOf(operator: string, expression: string): Operator {
  const found = OPERATORS[operator];
  if (found === undefined)
    throw refuse(expression, `uses the operator ${operator}, which metric math does not have`);
  return found;
}

/** CloudWatch gives no datapoint where a division by zero would stand. */
const finite = (series: Series): Series => new Map([...series].filter(([, value]) => Number.isFinite(value)));

function identifiers(node: jsep.Expression): readonly string[] {
  const found = new Set<string>();
  const visit = (each: unknown): void => {
    if (Array.isArray(each)) each.forEach(visit);
    else if (isNode(each)) {
      if (each.type === 'Identifier') found.add(String(each['name']));
      else if (each.type === 'CallExpression') visit(each['arguments']);
      else Object.values(each).forEach(visit);
    }
  };
  visit(node);
  found.delete('REPEAT');
  found.delete('LINEAR');
  return [...found];
}

const isNode = (value: unknown): value is jsep.Expression =>
  typeof value === 'object' && value !== null && 'type' in value;
