import type { Fallback, Policy } from '../core/policy.ts';
import type { Target } from '../core/target.ts';
import { compileIncident } from './incident.ts';
import { type PlacedMetric, placedMetrics } from './metric-ids.ts';
import type { DocumentPath, Report } from './problem.ts';
import { unitOf } from './resources.ts';
import { compileSchedule } from './schedule.ts';
import type { Operation } from './schema/operation.ts';
import { checkInside } from './strategies/context.ts';

/** Parts of a document that are right by themselves; absent where they are not there or not right. */
type Parts = Partial<Pick<Operation, 'schedule' | 'missingData' | 'incident' | 'coreSize' | 'unit'>>;

/** What {@link compileParts} makes of the parts of a document. */
export interface CompiledParts {
  readonly schedule: Policy['schedule'];
  readonly incident: Policy['incident'];
  readonly unitResources: Policy['unitResources'];
}

/** The parts of a document that are checked against its bounds and its target; reports what is wrong with them. */
export function compileParts(
  parts: Parts,
  context: {
    readonly target: Target;
    readonly bounds: { readonly min: number; readonly max: number } | null;
    readonly path: DocumentPath;
    readonly report: Report;
  },
): CompiledParts {
  const { target, bounds, path, report } = context;
  const { schedule, missingData, incident, coreSize, unit } = parts;
  if (missingData?.fallback !== undefined) {
    checkFallback(missingData.fallback, bounds, [...path, 'missingData', 'fallback'], report);
  }
  if (coreSize !== undefined) checkInside(coreSize, bounds, [...path, 'coreSize'], report);
  return {
    schedule:
      schedule === undefined ? null : compileSchedule(schedule, bounds, [...path, 'schedule'], report),
    incident:
      incident === undefined
        ? null
        : compileIncident(incident, {
            ...{ target, missing: missingData ?? {}, report },
            stalePath: [...path, 'missingData', 'staleAfterSeconds'],
            path: [...path, 'incident'],
          }),
    unitResources: unit === undefined ? null : unitOf(unit, [...path, 'unit'], report),
  };
}

type FallbackDocument = NonNullable<NonNullable<Operation['missingData']>['fallback']>;

/** A fallback outside the bounds would be corrected at once. */
function checkFallback(
  { mode, size }: FallbackDocument,
  bounds: { readonly min: number; readonly max: number } | null,
  path: DocumentPath,
  report: Report,
): void {
  if (mode === 'current') {
    if (size !== undefined) report([...path, 'size'], 'means nothing to mode current (remove it)', 'key');
  } else if (size === undefined) {
    report([...path, 'size'], 'is missing (give a size inside the bounds, or write mode: current)', 'key');
  } else checkInside(size, bounds, [...path, 'size'], report);
}

const fallbackOf = (fallback: FallbackDocument, least: number): Fallback => ({
  mode: fallback.mode ?? 'static',
  size: fallback.size ?? least,
  afterMisses: fallback.afterMisses ?? 5,
  recoverAfter: fallback.recoverAfter ?? 1,
});

/** The metrics of an incident guard with their places. */
export const incidentMetrics = (incident: Policy['incident'], path: DocumentPath): readonly PlacedMetric[] =>
  (['load', 'errors'] as const).flatMap((key) => {
    const metric = incident?.[key];
    if (metric === undefined) return [];
    return [{ id: metric.id, metric, place: `incident.${key}`, path: [...path, key, 'id'], names: false }];
  });

/** The metrics of strategies with their places. `pathOf` names the strategy at an index. */
export const strategyMetrics = (
  strategies: Readonly<Policy['strategies'] | readonly (Policy['strategies'][number] | null)[]>,
  pathOf: (index: number) => DocumentPath,
): readonly PlacedMetric[] =>
  strategies.flatMap((strategy, index) =>
    strategy === null ? [] : placedMetrics(strategy, `entry [${index}]`, pathOf(index)),
  );

/** What `operation` of the schema becomes in a policy, beside {@link compileParts}. */
export function operationOf(
  options: Operation,
  parts: CompiledParts,
  defaults: {
    readonly cooldownSeconds: Policy['cooldownSeconds'];
    readonly atZero: Policy['atZero'];
    /** The least size. */
    readonly least: number;
    readonly resizeTimeoutSeconds?: number;
  },
): Omit<Policy, 'name' | 'target' | 'bounds' | 'strategies' | 'behavior'> {
  const { cooldowns, missingData, paused } = options;
  const fallback = missingData?.fallback;
  const sides = typeof paused === 'object' ? paused : { out: paused, in: paused };
  return {
    cooldownSeconds: {
      out: cooldowns?.outSeconds ?? defaults.cooldownSeconds.out,
      in: cooldowns?.inSeconds ?? defaults.cooldownSeconds.in,
    },
    fallback: fallback === undefined ? null : fallbackOf(fallback, defaults.least),
    evaluation: options.evaluation ?? 'whenAwake',
    paused: { out: sides.out ?? false, in: sides.in ?? false },
    resizeTimeoutSeconds:
      options.resizeTimeoutSeconds ?? defaults.resizeTimeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    wakeOnAlarms: [...new Set(options.wakeOnAlarms ?? [])],
    ...parts,
    coreSize: options.coreSize ?? null,
    guardrails: NO_GUARDRAILS,
    atZero: options.atZero ?? defaults.atZero,
    receiptsOfHolds: options.receipts?.holds ?? 0.01,
  };
}

/** Seconds after which an unfinished resize of an ECS service counts as failed. */
export const DEFAULT_TIMEOUT_SECONDS = 900;

/** A set without limits over all its targets. */
export const NO_GUARDRAILS: Policy['guardrails'] = { changeBudget: null, quota: null };
