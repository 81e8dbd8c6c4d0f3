import {
  isSeries,
  type MathContext,
  type MathValue,
  mapValue,
  refuse,
  type Series,
} from './metric-math-values.ts';

type Reducer = (values: readonly number[]) => number;

type MathFunction = (args: readonly MathValue[], context: MathContext) => MathValue;

/**
 * SUM, AVG, MAX and MIN: over one series they give one number, over a list they give a series with the aggregate of
 * each instant, from the series that have a datapoint there.
 */
const aggregate =
  (reduce: Reducer): MathFunction =>
  (args, context) =>
    aggregateOf(args.length === 1 ? (args[0] ?? []) : args, context, reduce);

/** The functions of metric math that the simulated account knows; everything else is refused by name. */
const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  SUM: aggregate((values) => values.reduce((total, value) => total + value, 0)),
  AVG: aggregate((values) => values.reduce((total, value) => total + value, 0) / values.length),
  MAX: aggregate((values) => Math.max(...values)),
  MIN: aggregate((values) => Math.min(...values)),
  ABS: ([value = 0]) => mapValue(value, Math.abs),
  CEIL: ([value = 0]) => mapValue(value, Math.ceil),
  FLOOR: ([value = 0]) => mapValue(value, Math.floor),
  IF: choose,
  FILL: ([value = 0, filler = 0], context) => fill(value, filler, context),
  PERIOD: (_, { periodSeconds }) => periodSeconds,
  DIFF: ([value = 0], context) => overSeries(value, context, (series) => differences(series, 1)),
  RATE: ([value = 0], context) => overSeries(value, context, (series) => differences(series, null)),
};

/**
 * Calls a function of metric math.
 * @throws ControllerError `invalid` for a function that the simulated account does not know.
 */
export function callFunction(name: string, args: readonly MathValue[], context: MathContext): MathValue {
  const known = FUNCTIONS[name];
  if (known !== undefined) return known(args, context);
  throw refuse(
    context.expression,
    `calls ${name || 'something'}, which the simulated account does not know (it knows METRICS, ${Object.keys(FUNCTIONS).join(', ')})`,
  );
}

function aggregateOf(value: MathValue, { expression, timestamps }: MathContext, reduce: Reducer): MathValue {
  if (typeof value === 'number') return value;
  if (isSeries(value)) return value.size === 0 ? Number.NaN : reduce([...value.values()]);
  const parts = value.flat() as readonly (Series | number)[];
  if (parts.length === 0) throw refuse(expression, 'calls an aggregate of nothing');
  const numbers = parts.filter((part) => typeof part === 'number');
  return numbers.length === parts.length ? reduce(numbers) : aggregateEach(parts, timestamps, reduce);
}

function aggregateEach(
  parts: readonly (Series | number)[],
  timestamps: readonly number[],
  reduce: Reducer,
): Series {
  return new Map(
    timestamps.flatMap((at): [number, number][] => {
      const values = parts.flatMap((part) => (typeof part === 'number' ? [part] : (part.get(at) ?? [])));
      return values.length === 0 ? [] : [[at, reduce(values)]];
    }),
  );
}

/** IF(condition, then, else): series meet where all that are involved have a datapoint; without else the datapoint is dropped. */
function choose(args: readonly MathValue[], { expression, timestamps }: MathContext): MathValue {
  const [condition, then, otherwise] = args;
  if (condition === undefined || then === undefined)
    throw refuse(expression, 'calls IF with fewer than two arguments');
  if (typeof condition === 'number') return condition !== 0 ? then : (otherwise ?? new Map());
  const at = (value: MathValue | undefined, time: number): number | undefined =>
    typeof value === 'number' ? value : value !== undefined && isSeries(value) ? value.get(time) : undefined;
  return new Map(
    timestamps.flatMap((time): [number, number][] => {
      const test = at(condition, time);
      const value = test === undefined ? undefined : at(test !== 0 ? then : otherwise, time);
      return value === undefined ? [] : [[time, value]];
    }),
  );
}

function fill(value: MathValue, filler: MathValue, context: MathContext): MathValue {
  return overSeries(value, context, (series) =>
    withMissing(series, context, (at) =>
      typeof filler === 'number' ? filler : isSeries(filler) ? filler.get(at) : undefined,
    ),
  );
}

/** Whether a word names a way of filling. */
export const isFillMode = (word: string | undefined): word is 'REPEAT' | 'LINEAR' =>
  word === 'REPEAT' || word === 'LINEAR';

/** FILL(m1, REPEAT) and FILL(m1, LINEAR): missing datapoints repeat the last one, or lie on the line to the next one. */
export function fillWith(
  mode: 'REPEAT' | 'LINEAR',
  [value = 0]: readonly MathValue[],
  context: MathContext,
): MathValue {
  return overSeries(value, context, (series) => {
    const known = [...series].sort(([left], [right]) => left - right);
    return withMissing(series, context, (at) => {
      const before = known.findLast(([time]) => time < at);
      if (mode === 'REPEAT' || before === undefined) return before?.[1];
      const after = known.find(([time]) => time > at);
      if (after === undefined) return undefined;
      return before[1] + ((after[1] - before[1]) * (at - before[0])) / (after[0] - before[0]);
    });
  });
}

function withMissing(
  series: Series,
  { timestamps }: MathContext,
  filler: (at: number) => number | undefined,
): Series {
  return new Map(
    timestamps.flatMap((at): [number, number][] => {
      const value = series.get(at) ?? filler(at);
      return value === undefined ? [] : [[at, value]];
    }),
  );
}

/** Differences to the datapoint before; divided by the seconds between them when `per` is null. */
function differences(series: Series, per: 1 | null): Series {
  const points = [...series].sort(([left], [right]) => left - right);
  return new Map(
    points.slice(1).map(([at, value], index): [number, number] => {
      const [before, last] = points[index] ?? [at, value];
      return [at, (value - last) / (per ?? (at - before) / 1000)];
    }),
  );
}

/** Applies a function to one series or to each series of a list; a plain number stays as it is. */
function overSeries(value: MathValue, context: MathContext, change: (series: Series) => Series): MathValue {
  if (isSeries(value)) return change(value);
  if (typeof value === 'number') return value;
  return value.map((each) => overSeries(each, context, change));
}
