import type { MetricSpec, MetricStat, Policy, TargetTrackingStrategy } from '../core/policy.ts';
import { parseMetricMath } from './metric-math.ts';
import { metricKey } from './metric-series.ts';
import type { UnitCapacity } from './scorecard.ts';

/** What a metric depends on. */
export interface MetricInputs {
  readonly load: number;
  readonly running: number;
  readonly pending: number;
  readonly desired: number;
}

/** A metric that the simulated account reports: its value in one second, or null when nobody is there to report. */
export interface ModelledMetric {
  readonly metric: MetricStat;
  readonly bucketSeconds: 10 | 60;
  readonly sample: (inputs: MetricInputs) => number | null;
}

/** The metrics of a policy, and what of them could not be modelled. */
export interface MetricModel {
  readonly metrics: readonly ModelledMetric[];
  readonly warnings: readonly string[];
}

/** Where a target other than a percentage stands between nothing and the full capacity of a unit. */
const ASSUMED_TARGET_SHARE = 0.7;

/** How strongly the metrics of further strategies follow the load, beside that of the first. */
const FURTHER_COUPLING = 0.6;

/** Number of units at which the scale of an expression's components is found; any number would do. */
const REFERENCE_UNITS = 10;

/**
 * What one unit carries. A percentage says itself how far the target is from full; for any other metric the target is
 * taken to be 70 % of what a unit can do.
 */
export function unitCapacityOf(policy: Policy, atTarget: number): UnitCapacity {
  const [first] = policy.strategies;
  const share = first !== undefined && isPercentage(first) ? first.target / 100 : ASSUMED_TARGET_SHARE;
  return { atTarget, full: atTarget / share };
}

/** The metrics that a policy names, each following the load so that its target is met when units carry `atTarget`. */
export function modelMetrics(policy: Policy, unit: UnitCapacity): MetricModel {
  const models = policy.strategies.map((strategy, index) =>
    modelStrategy(strategy, unit, index === 0 ? 1 : FURTHER_COUPLING, policy.name),
  );
  return {
    metrics: models.flatMap(({ metrics }) => metrics),
    warnings: models.flatMap(({ warnings }) => warnings),
  };
}

/** A percentage of what a unit has: it cannot pass 100. */
const isPercentage = ({ metric, scope, target }: TargetTrackingStrategy): boolean =>
  metric.unit.trim() === '%' && scope === 'average' && target < 100;

function modelStrategy(
  strategy: TargetTrackingStrategy,
  unit: UnitCapacity,
  coupling: number,
  policy: string,
): MetricModel {
  const { metric, target, scope } = strategy;
  const { query } = metric;
  const bucketSeconds = bucketOf(metric);
  if (query.kind === 'expression') return modelExpression(strategy, unit, coupling, policy);
  const count = realCount(query);
  if (count !== null) return { metrics: [{ metric: query, bucketSeconds, sample: count }], warnings: [] };
  const ceiling = isPercentage(strategy) ? 100 : Number.POSITIVE_INFINITY;
  const perUnit = (target * coupling) / unit.atTarget;
  const sample: ModelledMetric['sample'] =
    scope === 'total'
      ? ({ load }) => load * perUnit
      : ({ load, running }) => (running === 0 ? null : Math.min(ceiling, (load / running) * perUnit));
  return { metrics: [{ metric: query, bucketSeconds, sample }], warnings: [] };
}

const bucketOf = ({ periodSeconds }: MetricSpec): 10 | 60 => (periodSeconds < 60 ? 10 : 60);

/** Metrics that count units, which the account knows for certain. */
function realCount({ namespace, name }: MetricStat): ModelledMetric['sample'] | null {
  if (namespace === 'ECS/ContainerInsights') {
    if (name === 'RunningTaskCount') return ({ running }) => running;
    if (name === 'DesiredTaskCount') return ({ desired }) => desired;
    if (name === 'PendingTaskCount') return ({ pending }) => pending;
    // Reserved CPU and memory grow with every running task.
    if (name === 'CpuReserved' || name === 'MemoryReserved') return ({ running }) => running * 1024;
  }
  if (namespace === 'AWS/ApplicationELB' && name === 'HealthyHostCount') return ({ running }) => running;
  return null;
}

/**
 * An expression: counts of units are real; everything else in it is proportional to the load, on the scale at which
 * the expression stands on its target when every unit carries `atTarget`.
 */
function modelExpression(
  strategy: TargetTrackingStrategy,
  unit: UnitCapacity,
  coupling: number,
  policy: string,
): MetricModel {
  const { metric, target } = strategy;
  if (metric.query.kind !== 'expression') return { metrics: [], warnings: [] };
  const { expression, metrics } = metric.query;
  const reference = { load: unit.atTarget, units: REFERENCE_UNITS };
  const scale = solveScale(expression, metrics, reference, target * coupling, strategy.scope);
  // A percentage cannot pass 100: beyond its full capacity a unit shows no more.
  const cap = isPercentage(strategy) ? unit.full : Number.POSITIVE_INFINITY;
  const proportional: ModelledMetric['sample'] = ({ load, running }) =>
    (scale ?? 1) * (cap === Number.POSITIVE_INFINITY ? load : Math.min(load, running * cap));
  return {
    metrics: Object.values(metrics).map((component) => ({
      metric: component,
      bucketSeconds: bucketOf(metric),
      sample: realCount(component) ?? proportional,
    })),
    warnings:
      scale === null
        ? [
            `policy ${policy}: the simulated account cannot make ${JSON.stringify(expression)} follow the load, so its components are plain copies of the load (use one load metric over a count of tasks)`,
          ]
        : [],
  };
}

/** The factor from load to component at which the expression yields `wanted`; null when there is none. */
function solveScale(
  expression: string,
  metrics: Readonly<Record<string, MetricStat>>,
  reference: { readonly load: number; readonly units: number },
  wanted: number,
  scope: TargetTrackingStrategy['scope'],
): number | null {
  const math = parseMetricMath(expression);
  const units = scope === 'average' ? reference.units : 1;
  const inputs = { load: reference.load * units, running: units, desired: units, pending: 0 };
  const yields = (scale: number): number => {
    const series = Object.fromEntries(
      Object.entries(metrics).map(([id, component]) => {
        const value = realCount(component)?.(inputs) ?? scale * inputs.load;
        return [id, new Map([[0, value]])];
      }),
    );
    return math.evaluate(series, [0], 60).get(0) ?? Number.NaN;
  };
  return solve(yields, wanted);
}

/** Solves `yields(x) = wanted` for a positive x: directly where it is proportional, by bisection otherwise. */
function solve(yields: (x: number) => number, wanted: number): number | null {
  const close = (x: number): boolean => Math.abs(yields(x) - wanted) <= 1e-6 * Math.abs(wanted);
  const direct = wanted / yields(1);
  if (Number.isFinite(direct) && direct > 0 && close(direct)) return direct;
  let [low, high] = [1e-12, 1e12];
  const rising = yields(high) > yields(low);
  for (let round = 0; round < 200; round += 1) {
    const middle = Math.sqrt(low * high);
    if (yields(middle) < wanted === rising) low = middle;
    else high = middle;
  }
  return close(high) ? high : null;
}

/** Metrics that two policies model differently, by name: the first one counts. */
export function conflicts(metrics: readonly ModelledMetric[]): readonly string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { metric } of metrics) {
    const key = `${metricKey(metric)}\n${metric.stat}`;
    if (seen.has(key) && realCount(metric) === null) twice.add(metric.name);
    seen.add(key);
  }
  return [...twice].map(
    (name) =>
      `metric ${name} appears in more than one place: the simulated account models it once, for the first`,
  );
}
