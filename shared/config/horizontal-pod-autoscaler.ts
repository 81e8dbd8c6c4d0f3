import { hpaBehavior } from '../core/hpa/complete-rules.ts';
import { speaksAtZero } from '../core/hpa/zero.ts';
import type { Policy } from '../core/policy.ts';
import type { Strategy } from '../core/strategy.ts';
import type { Target } from '../core/target.ts';
import { annotatedMetrics, annotatedTarget, checkAnnotations } from './annotations.ts';
import type { BoundBy } from './bound-by.ts';
import { checkBounds, checkZero } from './checks.ts';
import { hpaStrategy, type MetricBindings } from './hpa-metric.ts';
import { checkMetricIds, withSharedHistory } from './metric-ids.ts';
import {
  type CompiledParts,
  compileParts,
  incidentMetrics,
  operationOf,
  strategyMetrics,
} from './operation.ts';
import type { DocumentPath, Report } from './problem.ts';
import { parseQuantity } from './quantity.ts';
import { HorizontalPodAutoscalerDocument, type HpaMetric } from './schema/horizontal-pod-autoscaler.ts';
import { completed } from './target.ts';
import { reportIssues } from './zod-problems.ts';

type Document = HorizontalPodAutoscalerDocument;

/** Kubernetes paces itself by its stabilization windows and rates; cooldowns come only from a binding. */
const COOLDOWN_SECONDS = { out: 0, in: 0 } as const;

/** Share of the target that Kubernetes leaves alone. */
const TOLERANCE = 0.1;

/** A HorizontalPodAutoscaler as a policy, or null after reporting what stands in the way. */
export function compileHorizontalPodAutoscaler(
  raw: unknown,
  bound: BoundBy | 'broken' | 'none',
  report: Report,
): Policy | null {
  let failed = false;
  const failing =
    (sink: Report): Report =>
    (...problem) => {
      failed = true;
      sink(...problem);
    };
  const fail = failing(report);
  const value = withoutNulls(raw);
  const parsed = HorizontalPodAutoscalerDocument.safeParse(value);
  if (!parsed.success) {
    reportIssues(parsed.error.issues, value, fail);
    return null;
  }
  // A binding with problems of its own has been reported; the rest of its manifest waits for it.
  if (bound === 'broken') return null;
  const document = parsed.data;
  const by = bound === 'none' ? null : { binding: bound.binding, report: failing(bound.report) };
  checkAnnotations(document, fail);
  const target = targetOf(document, by, fail);
  const strategies = strategiesOf(document, target, by, fail);
  checkSizes(document, strategies, fail);
  const parts = partsOf(document, target, by);
  checkIds(strategies, parts, by, fail);
  if (failed || target === null) return null;
  const bounds = boundsOf(document);
  return withSharedHistory({
    name: document.metadata.name,
    target,
    bounds,
    strategies: strategies.filter((strategy) => strategy !== null),
    behavior: hpaBehavior(document.spec.behavior ?? null),
    ...operationOf(by?.binding ?? {}, parts, {
      cooldownSeconds: COOLDOWN_SECONDS,
      atZero: 'kubernetes',
      least: bounds.min,
    }),
  });
}

/** To Kubernetes a field without a value is an absent field. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([key, part]) => [key, withoutNulls(part)]),
  );
}

function targetOf(manifest: Document, bound: BoundBy | null, report: Report): Target | null {
  const annotated = annotatedTarget(manifest, report);
  const document = bound?.binding.target;
  const target = document === undefined ? null : completed(document);
  if (target !== null && annotated !== 'none') {
    bound?.report(['target'], 'the annotations of the manifest name a target too (keep one of the two)');
  }
  if (annotated !== 'none') return annotated;
  if (target === null) {
    const name = JSON.stringify(manifest.metadata.name);
    report(
      ['metadata', 'annotations'],
      `no AWS target (add the annotations plimsoll.io/ecs-cluster and plimsoll.io/ecs-service, or bind ${name} in a bindings.yaml beside this file)`,
      'key',
    );
  }
  return target;
}

const CPU_AT_80: HpaMetric = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

function strategiesOf(
  document: Document,
  target: Target | null,
  bound: BoundBy | null,
  report: Report,
): readonly (Strategy | null)[] {
  const given = document.spec.metrics ?? [];
  const metrics = given.length === 0 ? [CPU_AT_80] : given;
  const bindings: MetricBindings = { annotated: annotatedMetrics(document, report), bound };
  const tolerance = {
    out: toleranceOf(document, 'scaleUp', report),
    in: toleranceOf(document, 'scaleDown', report),
  };
  return metrics.map((metric, index) =>
    hpaStrategy(metric, { target, tolerance, bindings, path: ['spec', 'metrics', index], report }),
  );
}

const NOTHING: CompiledParts = { schedule: null, incident: null, unitResources: null };

function partsOf(document: Document, target: Target | null, bound: BoundBy | null): CompiledParts {
  if (bound === null || target === null) return NOTHING;
  const bounds = boundsOf(document);
  const known = bounds.min <= bounds.max ? bounds : null;
  return compileParts(bound.binding, { target, bounds: known, path: [], report: bound.report });
}

function checkIds(
  strategies: readonly (Strategy | null)[],
  { incident }: CompiledParts,
  bound: BoundBy | null,
  report: Report,
): void {
  // The id of a metric stands in no field of the manifest: the entry is to blame.
  const metrics = strategyMetrics(strategies, (index) => ['spec', 'metrics', index]).map((each) => ({
    ...each,
    path: each.path.slice(0, 3),
  }));
  checkMetricIds(metrics, report, 'keep one, or give it an id in the bindings');
  if (bound === null) return;
  const own = incidentMetrics(incident, ['incident']);
  const ofIncident: Report = (path, message, on) => {
    if (path[0] === 'incident') bound.report(path, message, on);
  };
  checkMetricIds([...metrics, ...own], ofIncident, 'give it an id of its own');
}

function toleranceOf(document: Document, direction: 'scaleUp' | 'scaleDown', report: Report): number {
  const quantity = document.spec.behavior?.[direction]?.tolerance;
  if (quantity === undefined) return TOLERANCE;
  const path: DocumentPath = ['spec', 'behavior', direction, 'tolerance'];
  const value = parseQuantity(quantity);
  if (value === null || value < 0) {
    report(path, `${JSON.stringify(quantity)} is not a quantity of 0 or more (write "0.05" or "50m")`);
  } else if (direction === 'scaleDown' && value >= 1) {
    report(path, `${value} allows no scale-in at all (write selectPolicy: Disabled instead, or less than 1)`);
  }
  return value ?? TOLERANCE;
}

const boundsOf = ({ spec }: Document): Policy['bounds'] => ({
  min: spec.minReplicas ?? 1,
  max: spec.maxReplicas,
});

function checkSizes(document: Document, strategies: readonly (Strategy | null)[], report: Report): void {
  const bounds = boundsOf(document);
  checkBounds(bounds, ['spec'], report, { min: 'minReplicas', max: 'maxReplicas' });
  if (strategies.includes(null)) return;
  const wakes = strategies.some((strategy) => strategy !== null && speaksAtZero(strategy));
  const fix = 'set minReplicas to 1, or add an Object or External metric with averageValue';
  checkZero(bounds.min, wakes, ['spec', 'minReplicas'], report, fix);
}
