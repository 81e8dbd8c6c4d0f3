import type * as z from 'zod';
import type { AlarmSensitivity, Behavior, Policy, TargetTrackingStrategy } from '../core/policy.ts';
import type { Target } from '../core/target.ts';
import { completeRules } from './behavior.ts';
import {
  checkBounds,
  checkFallback,
  checkMetricIds,
  checkSensitivity,
  checkStale,
  checkZero,
  operationOf,
} from './checks.ts';
import { metricSpec } from './metric-spec.ts';
import type { DocumentPath, Report } from './problem.ts';
import { type Alarms, Fallback, MissingData, Target as TargetSchema } from './schema/common.ts';
import { Bounds, ScalingPolicyDocument, StrategyDocument } from './schema/scaling-policy.ts';
import { reportIssues } from './zod-problems.ts';

/** Seconds that own policies keep between resizes unless they say otherwise: quick out, slow in. */
const COOLDOWN_SECONDS = { out: 60, in: 300 } as const;

/** What the alarms ask for unless the policy says otherwise: out at the first datapoint, in after five. */
export const DEFAULT_SENSITIVITY = { out: { datapoints: 1, of: 1 }, in: { datapoints: 5, of: 5 } } as const;

/** An own policy document as a policy, or null after reporting every problem of it, those between fields included. */
export function compileScalingPolicy(value: unknown, report: Report): Policy | null {
  let failed = false;
  const failing: Report = (...problem) => {
    failed = true;
    report(...problem);
  };
  const parsed = ScalingPolicyDocument.safeParse(value);
  if (!parsed.success) reportIssues(parsed.error.issues, value, failing);
  // Parts that are right by themselves are held against each other even when another part is wrong.
  const spec = partsOf(value);
  const strategies = spec.strategies.map((strategy, index) =>
    strategy === null ? null : compileStrategy(strategy, index, spec, failing),
  );
  checkTogether(spec, strategies, failing);
  if (!parsed.success || failed) return null;
  const { metadata, spec: document } = parsed.data;
  return {
    name: metadata.name,
    target: document.target,
    bounds: document.bounds,
    strategies: strategies.filter((strategy) => strategy !== null),
    behavior: behaviorOf(document.behavior),
    ...operationOf(document, COOLDOWN_SECONDS),
  };
}

interface Parts {
  readonly target: Target | null;
  readonly bounds: z.infer<typeof Bounds> | null;
  readonly fallback: z.infer<typeof Fallback> | null;
  readonly missingData: z.infer<typeof MissingData> | null;
  readonly strategies: readonly (StrategyDocument | null)[];
}

/** The parts of a document that are right by themselves. */
function partsOf(value: unknown): Parts {
  const spec = field(value, 'spec');
  const strategies = field(spec, 'strategies');
  return {
    target: part(TargetSchema, field(spec, 'target')),
    bounds: part(Bounds, field(spec, 'bounds')),
    fallback: part(Fallback, field(field(spec, 'missingData'), 'fallback')),
    missingData: part(MissingData, field(spec, 'missingData')),
    strategies: Array.isArray(strategies) ? strategies.map((each) => part(StrategyDocument, each)) : [],
  };
}

/** A field of something that may not even be a mapping. */
export const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** A part of a document if it is right by itself, otherwise null. */
export function part<T>(schema: z.ZodType<T>, value: unknown): T | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

const UNKNOWN_TARGET: Target = { kind: 'ecs-service', cluster: 'unknown', service: 'unknown' };

function compileStrategy(
  document: StrategyDocument,
  index: number,
  parts: Parts,
  report: Report,
): TargetTrackingStrategy {
  const path = ['spec', 'strategies', index];
  const missing = { ...parts.missingData, ...document.missingData };
  const metric = metricSpec(document.metric, {
    target: parts.target ?? UNKNOWN_TARGET,
    missing,
    path: [...path, 'metric'],
    report,
  });
  const scope = document.scope ?? 'average';
  checkPresetStrategy(document, path, report);
  if (scope === 'total' && document.alarms?.in) {
    report(
      [...path, 'alarms', 'in'],
      'a total has no alarm for scale-in; the sweep watches it (remove in)',
      'key',
    );
  }
  const stalePath = document.missingData?.staleAfterSeconds === undefined ? ['spec'] : path;
  checkStale(metric, [...stalePath, 'missingData', 'staleAfterSeconds'], report);
  return {
    kind: 'target-tracking',
    metric,
    target: document.target,
    scope,
    activation: 0,
    tolerance: { out: document.tolerance?.out ?? 0.1, in: document.tolerance?.in ?? 0.1 },
    alarms: alarmsOf(
      document.alarms,
      { periodSeconds: metric.periodSeconds, scope },
      [...path, 'alarms'],
      report,
    ),
  };
}

function checkPresetStrategy(document: StrategyDocument, path: DocumentPath, report: Report): void {
  if (!('preset' in document.metric)) return;
  const { preset } = document.metric;
  if (document.scope === 'total') {
    report([...path, 'scope'], `the preset ${preset} is a mean over tasks (remove scope, or write average)`);
  }
  if (preset !== 'requests-per-task' && document.target < 1) {
    report(
      [...path, 'target'],
      `${document.target} means ${document.target} % (write ${document.target * 100} for that share)`,
    );
  }
}

/**
 * The alarms of a strategy with the defaults; reports what CloudWatch would refuse.
 * A total has no alarm for scale-in: what it means depends on the size, so a target above its minimum is asked by the sweep.
 */
export function alarmsOf(
  document: z.infer<typeof Alarms> | undefined,
  metric: { readonly periodSeconds: number; readonly scope: TargetTrackingStrategy['scope'] },
  path: DocumentPath,
  report: Report,
  defaults: { readonly out: AlarmSensitivity; readonly in: AlarmSensitivity } = DEFAULT_SENSITIVITY,
): TargetTrackingStrategy['alarms'] {
  const side = (name: 'out' | 'in'): AlarmSensitivity => {
    const given = document?.[name];
    const datapoints = given?.datapoints ?? defaults[name].datapoints;
    const sensitivity = { datapoints, of: given?.of ?? datapoints };
    checkSensitivity(sensitivity, metric.periodSeconds, [...path, name], report);
    return sensitivity;
  };
  return { out: side('out'), in: document?.in === null || metric.scope === 'total' ? null : side('in') };
}

function checkTogether(
  parts: Parts,
  strategies: readonly (TargetTrackingStrategy | null)[],
  report: Report,
): void {
  const { bounds, fallback } = parts;
  checkMetricIds(
    strategies,
    (index) => ['spec', 'strategies', index, 'metric', 'id'],
    report,
    'give each metric an id of its own',
  );
  if (bounds === null) return;
  checkBounds(bounds, ['spec', 'bounds'], report);
  if (bounds.min <= bounds.max && fallback !== null) {
    checkFallback(fallback, bounds, ['spec', 'missingData', 'fallback', 'size'], report);
  }
  if (!parts.strategies.includes(null) && strategies.length > 0) {
    const scopes = strategies.map((strategy) => strategy?.scope ?? 'average');
    checkZero(
      bounds.min,
      scopes,
      ['spec', 'bounds', 'min'],
      report,
      'set min to 1, or add a strategy of scope total',
    );
  }
}

function behaviorOf(document: ScalingPolicyDocument['spec']['behavior']): Behavior {
  if (document === undefined) return { kind: 'none' };
  return {
    kind: 'rules',
    scaleUp: completeRules('scaleUp', document.scaleUp),
    scaleDown: completeRules('scaleDown', document.scaleDown),
  };
}
