import type { MetricScope, MetricSpec, MetricStat } from '../core/metric.ts';
import type { Policy } from '../core/policy.ts';
import { modelComponents } from './expression-model.ts';
import { type MetricAim, metricAims } from './metric-aims.ts';
import { metricKey } from './metric-series.ts';
import { realCount, type Sample } from './real-counts.ts';
import type { UnitCapacity } from './scorecard.ts';

/** A metric that the simulated account reports: its value in one second, or null when nobody is there to report. */
export interface ModelledMetric {
  readonly metric: MetricStat;
  readonly bucketSeconds: 10 | 60;
  readonly sample: Sample;
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

/**
 * What one unit carries. A percentage says itself how far the target is from full; for any other metric the target is
 * taken to be 70 % of what a unit can do.
 */
export function unitCapacityOf(policy: Policy, atTarget: number): UnitCapacity {
  const [first] = metricAims(policy);
  const share = first !== undefined && isPercentage(first) ? first.aim / 100 : ASSUMED_TARGET_SHARE;
  return { atTarget, full: atTarget / share };
}

/** The metrics that a policy names, each following the load so that its target is met when units carry `atTarget`. */
export function modelMetrics(policy: Policy, unit: UnitCapacity): MetricModel {
  const models = metricAims(policy).map((aim, index) =>
    modelMetric(aim, unit, index === 0 ? 1 : FURTHER_COUPLING, policy.name),
  );
  return {
    metrics: models.flatMap(({ metrics }) => metrics),
    warnings: models.flatMap(({ warnings }) => warnings),
  };
}

/** A percentage of what a unit has: it cannot pass 100. */
const isPercentage = ({ metric, scope, aim }: MetricAim): boolean =>
  metric.unit.trim() === '%' && scope === 'average' && aim < 100;

function modelMetric(modelled: MetricAim, unit: UnitCapacity, coupling: number, policy: string): MetricModel {
  const { metric, aim, scope } = modelled;
  const { query } = metric;
  const bucketSeconds = bucketOf(metric);
  if (query.kind === 'expression') return modelExpression(modelled, unit, coupling, policy);
  const count = realCount(query);
  if (count !== null) return { metrics: [{ metric: query, bucketSeconds, sample: count }], warnings: [] };
  const ceiling = isPercentage(modelled) ? 100 : Number.POSITIVE_INFINITY;
  const perUnit = (aim * coupling) / unit.atTarget;
  const samples: Readonly<Record<MetricScope, Sample>> = {
    total: ({ load }) => load * perUnit,
    average: ({ load, running, strength }) =>
      running === 0 ? null : Math.min(ceiling, (load / running / strength) * perUnit),
    independent: ({ load, running, strength }) =>
      running === 0 ? null : aim * strain(load / running / strength / unit.atTarget) * coupling,
  };
  return { metrics: [{ metric: query, bucketSeconds, sample: samples[scope] }], warnings: [] };
}

/** Latency and errors stay where they are until units carry more than they should, and then rise steeply. */
const strain = (share: number): number => Math.max(1, share) ** 3 / 2;

const bucketOf = ({ periodSeconds }: MetricSpec): 10 | 60 => (periodSeconds < 60 ? 10 : 60);

/** Counts of units are real; everything else in an expression follows the load so that it meets the target. */
function modelExpression(
  modelled: MetricAim,
  unit: UnitCapacity,
  coupling: number,
  policy: string,
): MetricModel {
  const { metric, aim, scope } = modelled;
  if (metric.query.kind !== 'expression') return { metrics: [], warnings: [] };
  const { expression, metrics } = metric.query;
  // A percentage cannot pass 100: beyond its full capacity a unit shows no more.
  const cap = isPercentage(modelled) ? unit.full : Number.POSITIVE_INFINITY;
  const model = modelComponents(expression, metrics, {
    scope: scope === 'total' ? 'total' : 'average',
    wanted: aim * coupling,
    atTarget: unit.atTarget,
    cap,
  });
  return {
    metrics: Object.entries(metrics).map(([id, component]) => ({
      metric: component,
      bucketSeconds: bucketOf(metric),
      sample: model.samples[id] ?? (() => null),
    })),
    warnings:
      model.fit === 'proportional'
        ? []
        : [
            `policy ${policy}: the simulated account cannot make ${JSON.stringify(expression)} ${model.fit === 'none' ? 'reach its target' : 'proportional to the load'} (use one load metric over a count of tasks)`,
          ],
  };
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
