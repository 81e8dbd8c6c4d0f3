import type { MetricStat } from '../core/metric.ts';
import { parseMetricMath } from './metric-math.ts';
import { type MetricInputs, realCount, type Sample } from './real-counts.ts';

/** What the components of an expression are to achieve together. */
export interface ExpressionWish {
  readonly scope: 'average' | 'total';
  /** Value of the expression when every unit carries `atTarget`. */
  readonly wanted: number;
  /** Load that one unit carries at target. */
  readonly atTarget: number;
  /** Load that one unit carries at most: beyond it components show no more. */
  readonly cap: number;
}

/** Samples of the components by id, and how well the expression follows the load with them. */
export interface ExpressionModel {
  readonly samples: Readonly<Record<string, Sample>>;
  readonly fit: 'proportional' | 'at-target-only' | 'none';
}

/** How a component that is no count behaves: like the load, like the load of each unit, like the units, or not at all. */
type Shape = 'load' | 'load-per-unit' | 'units' | 'constant';

type Shapes = Readonly<Record<string, Shape>>;

/** Sizes and loads (in units at target) at which an assignment of shapes is tried. */
const PROBES = [
  { units: 10, needed: 10 },
  { units: 1, needed: 1 },
  { units: 1, needed: 3 },
  { units: 8, needed: 2 },
] as const;

/**
 * Finds out how the components of an expression have to follow the load so that the expression does so too, in
 * proportion, and stands on its target at the right load. Of `requests * latency / tasks` one factor follows the load
 * and the other stays; both parts of `MAX([cpu, memory])` follow the load of each unit.
 */
export function modelComponents(
  expression: string,
  metrics: Readonly<Record<string, MetricStat>>,
  wish: ExpressionWish,
): ExpressionModel {
  const yields = evaluator(expression, metrics, wish);
  const free = Object.keys(metrics).filter(
    (id) => realCount(metrics[id] ?? { namespace: '', name: '' }) === null,
  );
  const tried = assignments(free).map((shapes) => ({
    shapes,
    scale: solve((x) => yields(shapes, x, PROBES[0]), expected(wish, PROBES[0])),
  }));
  const solved = tried.flatMap(({ shapes, scale }) => (scale === null ? [] : [{ shapes, scale }]));
  const proportional = solved.find(({ shapes, scale }) =>
    PROBES.every((probe) => close(yields(shapes, scale, probe), expected(wish, probe))),
  );
  const [first] = solved;
  const chosen = proportional ?? first ?? { shapes: {}, scale: 1 };
  return {
    samples: Object.fromEntries(
      Object.entries(metrics).map(([id, metric]) => [
        id,
        realCount(metric) ?? sampleOf(chosen.shapes[id] ?? 'load', chosen.scale, wish.cap),
      ]),
    ),
    fit: proportional !== undefined ? 'proportional' : first !== undefined ? 'at-target-only' : 'none',
  };
}

/** The assignments of shapes in the order in which they are tried, the most natural ones first. */
function assignments(free: readonly string[]): readonly Shapes[] {
  const all = (shape: Shape): Shapes => Object.fromEntries(free.map((id) => [id, shape]));
  const leading = (shape: Shape, rest: Shape): readonly Shapes[] =>
    free.length < 2 ? [] : free.map((id) => ({ ...all(rest), [id]: shape }));
  return [
    all('load'),
    all('load-per-unit'),
    ...leading('load', 'constant'),
    ...leading('load-per-unit', 'constant'),
    ...leading('load', 'units'),
  ];
}

/** The value of the expression for an assignment, a scale and a probe. */
function evaluator(expression: string, metrics: Readonly<Record<string, MetricStat>>, wish: ExpressionWish) {
  const math = parseMetricMath(expression);
  return (shapes: Shapes, scale: number, { units, needed }: (typeof PROBES)[number]): number => {
    const inputs: MetricInputs = {
      load: needed * wish.atTarget,
      running: units,
      desired: units,
      pending: 0,
      strength: 1,
    };
    const series = Object.fromEntries(
      Object.entries(metrics).map(([id, metric]) => {
        const sample = realCount(metric) ?? sampleOf(shapes[id] ?? 'load', scale, Number.POSITIVE_INFINITY);
        return [id, new Map([[0, sample(inputs) ?? Number.NaN]])];
      }),
    );
    return math.evaluate(series, [0], 60).get(0) ?? Number.NaN;
  };
}

function sampleOf(shape: Shape, scale: number, cap: number): Sample {
  const carried = ({ load, running }: MetricInputs): number =>
    cap === Number.POSITIVE_INFINITY ? load : Math.min(load, running * cap);
  switch (shape) {
    case 'load':
      return (inputs) => scale * carried(inputs);
    case 'load-per-unit':
      return (inputs) => (inputs.running === 0 ? null : (scale * carried(inputs)) / inputs.running);
    case 'units':
      return ({ running }) => running;
    case 'constant':
      return () => 1;
  }
}

const expected = ({ scope, wanted }: ExpressionWish, { units, needed }: (typeof PROBES)[number]): number =>
  scope === 'average' ? (wanted * needed) / units : wanted * needed;

const close = (value: number, wanted: number): boolean => Math.abs(value - wanted) <= 1e-6 * Math.abs(wanted);

/** Solves `yields(x) = wanted` for a positive x: directly where it is proportional, by bisection otherwise. */
function solve(yields: (x: number) => number, wanted: number): number | null {
  const direct = wanted / yields(1);
  if (Number.isFinite(direct) && direct > 0 && close(yields(direct), wanted)) return direct;
  let [low, high] = [1e-12, 1e12];
  const rising = yields(high) > yields(low);
  for (let round = 0; round < 200; round += 1) {
    const middle = Math.sqrt(low * high);
    if (yields(middle) < wanted === rising) low = middle;
    else high = middle;
  }
  return close(yields(high), wanted) ? high : null;
}
