import { ControllerError } from '../core/controller-error.ts';

/** A time series: value by the epoch milliseconds at which its datapoint starts. A missing datapoint is absent. */
export type Series = ReadonlyMap<number, number>;

/** What a part of an expression evaluates to: a series, a plain number, or a list of series. */
export type MathValue = Series | number | readonly MathValue[];

/** What functions need to know beside their arguments. */
export interface MathContext {
  /** The text that is being evaluated, for messages. */
  readonly expression: string;
  readonly series: Readonly<Record<string, Series>>;
  readonly timestamps: readonly number[];
  readonly periodSeconds: number;
}

/** The error for an expression that cannot be evaluated, with its text. */
export function refuse(expression: string, problem: string, cause?: unknown): ControllerError {
  return new ControllerError('invalid', `metric math ${JSON.stringify(expression)} ${problem}`, {
    retryable: false,
    cause,
  });
}

/** Whether a value is one series. */
export const isSeries = (value: MathValue): value is Series => value instanceof Map;

/** Applies an operator to numbers, series and lists alike; two series meet where both have a datapoint. */
export function combine(
  left: MathValue,
  right: MathValue,
  operator: (left: number, right: number) => number,
): MathValue {
  if (!isSeries(left) && typeof left !== 'number') return left.map((each) => combine(each, right, operator));
  if (!isSeries(right) && typeof right !== 'number')
    return right.map((each) => combine(left, each, operator));
  if (typeof right === 'number') return mapValue(left, (value) => operator(value, right));
  if (typeof left === 'number') return mapValue(right, (value) => operator(left, value));
  const met = [...left].flatMap(([at, value]): [number, number][] => {
    const other = right.get(at);
    return other === undefined ? [] : [[at, operator(value, other)]];
  });
  return new Map(met);
}

/** Applies a function to every number in a value. */
export function mapValue(value: MathValue, change: (value: number) => number): MathValue {
  if (typeof value === 'number') return change(value);
  if (isSeries(value)) return new Map([...value].map(([at, each]) => [at, change(each)]));
  return value.map((each) => mapValue(each, change));
}
