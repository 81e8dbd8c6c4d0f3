import type * as z from 'zod';
import { completeRules } from '../core/hpa/complete-rules.ts';
import { speaksAtZero } from '../core/hpa/zero.ts';
import type { Behavior, Policy } from '../core/policy.ts';
import type { Strategy } from '../core/strategy.ts';
import { isVertical, type Target, type TargetKind } from '../core/target.ts';
import { checkBounds, checkZero } from './checks.ts';
import { field, part } from './fields.ts';
import { checkMetricIds, withSharedHistory } from './metric-ids.ts';
import {
  type CompiledParts,
  compileParts,
  DEFAULT_TIMEOUT_SECONDS,
  incidentMetrics,
  operationOf,
  strategyMetrics,
} from './operation.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import { MissingData } from './schema/common.ts';
import { operation } from './schema/operation.ts';
import { Bounds, ScalingPolicyDocument } from './schema/scaling-policy.ts';
import type { ScheduleDocument } from './schema/schedule.ts';
import { StrategyDocument } from './schema/strategy.ts';
import { TargetDocument } from './schema/target.ts';
import { compileStrategy } from './strategies/compile-strategy.ts';
import { checkMaintenance, checkTarget, checkTargetBounds, completed, targetOf } from './target.ts';
import { reportIssues } from './zod-problems.ts';

/** Seconds that own policies keep between resizes unless they say otherwise: quick out, slow in. */
const COOLDOWN_SECONDS = { out: 60, in: 300 } as const;

/** Seconds after which a resize counts as failed: replicas are restored from a snapshot, slots migrated, nodes replaced. */
const RESIZE_TIMEOUT_SECONDS: Readonly<Partial<Record<TargetKind, number>>> = {
  'rds-replicas': 5400,
  'aurora-readers': 3600,
  'elasticache-replicas': 3600,
  'elasticache-shards': 10_800,
  'ecs-task-size': 1800,
  'rds-instance-class': 3600,
  'elasticache-node-type': 7200,
};

/** Stands for a target with a problem, so that the rest is checked all the same. */
const UNKNOWN_TARGET: Target = { kind: 'ecs-service', cluster: 'unknown', service: 'unknown' };

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
  const parts = partsOf(value, failing);
  for (const [index, strategy] of parts.strategies.entries()) {
    if (strategy !== null)
      checkLadderStrategy(parts.target, strategy, ['spec', 'strategies', index], failing);
  }
  if (parts.target !== UNKNOWN_TARGET) checkMaintenance(parts.target, field(value, 'spec'), failing);
  checkEvaluation(parts.target, field(field(value, 'spec'), 'evaluation'), failing);
  const strategies = parts.strategies.map((strategy, index) =>
    strategy === null ? null : strategyAt(strategy, index, parts, failing),
  );
  const compiled = compileParts(parts.operation, {
    target: parts.target,
    bounds: parts.bounds,
    path: ['spec'],
    report: failing,
  });
  checkTogether(parts, strategies, compiled, failing);
  if (!parsed.success || failed) return null;
  const { metadata, spec } = parsed.data;
  return withSharedHistory({
    name: metadata.name,
    target: completed(spec.target),
    bounds: spec.bounds,
    strategies: strategies.filter((strategy) => strategy !== null),
    behavior: behaviorOf(spec.behavior),
    ...operationOf(spec, compiled, {
      cooldownSeconds: COOLDOWN_SECONDS,
      atZero: 'resume',
      least: spec.bounds.min,
      resizeTimeoutSeconds: RESIZE_TIMEOUT_SECONDS[spec.target.kind] ?? DEFAULT_TIMEOUT_SECONDS,
    }),
    evaluation: evaluationOf(spec, completed(spec.target)),
  });
}

/** A rung says nothing of how much larger it is than the one below. */
function checkLadderStrategy(
  target: Target,
  { type }: StrategyDocument,
  path: DocumentPath,
  report: Report,
): void {
  if (!isVertical(target) || (type !== 'target-tracking' && type !== 'queue')) return;
  report(
    [...path, 'type'],
    `${quote(type)} divides a load by units, and a ladder has none (use threshold or step)`,
  );
}

/** A replica that falls behind must lose its traffic within a minute, whatever the alarms say. */
function checkEvaluation(target: Target, evaluation: unknown, report: Report): void {
  if (target.kind !== 'rds-replicas' || target.endpoint === null || evaluation !== 'whenAwake') return;
  const why =
    'replicas behind an endpoint are looked at each minute: one that falls behind must lose its traffic';
  report(['spec', 'evaluation'], `${why} (remove it)`);
}

const evaluationOf = (
  { evaluation }: { readonly evaluation?: Policy['evaluation'] | undefined },
  target: Target,
) => evaluation ?? (target.kind === 'rds-replicas' ? 'everyMinute' : 'whenAwake');

interface Parts {
  readonly target: Target;
  /** Null when they are wrong by themselves. */
  readonly bounds: z.infer<typeof Bounds> | null;
  /** Null where a strategy has problems of its own, which have been reported. */
  readonly strategies: readonly (StrategyDocument | null)[];
  readonly operation: Parameters<typeof compileParts>[0];
}

/** The parts of a document that are right by themselves. */
function partsOf(value: unknown, report: Report): Parts {
  const spec = field(value, 'spec');
  const strategies = field(spec, 'strategies');
  const bounds = part(Bounds, field(spec, 'bounds'));
  const target = part(TargetDocument, field(spec, 'target'));
  if (target !== null) checkTarget(target, ['spec', 'target'], report);
  if (bounds !== null) checkBounds(bounds, ['spec', 'bounds'], report);
  if (bounds !== null && target !== null) {
    checkTargetBounds(completed(target), bounds, ['spec', 'bounds'], report);
  }
  const known = <T>(schema: z.ZodType<T>, name: string): T | undefined =>
    part(schema, field(spec, name)) ?? undefined;
  return {
    target: targetOf(field(spec, 'target')) ?? UNKNOWN_TARGET,
    bounds: bounds !== null && bounds.min <= bounds.max ? bounds : null,
    strategies: Array.isArray(strategies) ? strategies.map((each) => part(StrategyDocument, each)) : [null],
    operation: {
      schedule: known(operation.schedule, 'schedule'),
      missingData: known(MissingData, 'missingData'),
      incident: known(operation.incident, 'incident'),
      coreSize: known(operation.coreSize, 'coreSize'),
      unit: known(operation.unit, 'unit'),
    },
  };
}

function strategyAt(
  document: StrategyDocument,
  index: number,
  parts: Parts,
  report: Report,
): Strategy | null {
  const path = ['spec', 'strategies', index];
  const own = document.missingData?.staleAfterSeconds !== undefined;
  return compileStrategy(document, {
    target: parts.target,
    bounds: parts.bounds,
    missing: { ...parts.operation.missingData, ...document.missingData },
    stalePath: [...(own ? path : ['spec']), 'missingData', 'staleAfterSeconds'],
    path,
    report,
  });
}

function checkTogether(
  { bounds, strategies: documents, operation: { schedule } }: Parts,
  strategies: readonly (Strategy | null)[],
  { incident }: CompiledParts,
  report: Report,
): void {
  const pathOf = (index: number): DocumentPath => ['spec', 'strategies', index];
  checkMetricIds(
    [...strategyMetrics(strategies, pathOf), ...incidentMetrics(incident, ['spec', 'incident'])],
    report,
    'give each metric an id of its own',
  );
  if (documents.length === 0) checkSchedule(schedule, report);
  const all = strategies.filter((strategy) => strategy !== null);
  if (bounds === null || all.length === 0 || all.length < documents.length) return;
  checkZero(
    bounds.min,
    all.some(speaksAtZero) || hasSize(schedule),
    ['spec', 'bounds', 'min'],
    report,
    'set min to 1, or add a strategy of scope total',
  );
}

const hasSize = (schedule: ScheduleDocument | undefined): boolean =>
  schedule?.windows.some(({ desired }) => desired !== undefined) ?? false;

/** Without a strategy only a schedule can say a size; outside of its windows the wish is then the minimum. */
function checkSchedule(schedule: ScheduleDocument | undefined, report: Report): void {
  if (hasSize(schedule)) return;
  report(
    ['spec', 'strategies'],
    'has 0 entries (give at least 1, or a schedule that has a window with a desired size)',
  );
}

function behaviorOf(document: ScalingPolicyDocument['spec']['behavior']): Behavior {
  if (document === undefined) return { kind: 'none' };
  return {
    kind: 'rules',
    scaleUp: completeRules('scaleUp', document.scaleUp),
    scaleDown: completeRules('scaleDown', document.scaleDown),
  };
}
