import { isVertical, type Leaving, type Target, type TrafficEndpoint } from '../core/target.ts';
import { field, part } from './fields.ts';
import type { DocumentPath, Report } from './problem.ts';
import { TargetDocument } from './schema/target.ts';

/** The port of PostgreSQL, where a target group names none. */
const DEFAULT_PORT = 5432;

/** A target document with its defaults; null where it is wrong by itself. */
export const targetOf = (value: unknown): Target | null => {
  const document = part(TargetDocument, value);
  return document === null ? null : completed(document);
};

/** Rules between the fields of a target. */
export function checkTarget(document: TargetDocument, path: DocumentPath, report: Report): void {
  if (document.kind === 'rds-replicas' && document.endpoint !== undefined) {
    const { route53, targetGroup } = document.endpoint;
    const at = [...path, 'endpoint'];
    if (route53 === undefined && targetGroup === undefined) {
      report(at, 'says nothing (give route53 or targetGroup)', 'key');
    } else if (route53 !== undefined && targetGroup !== undefined) {
      report([...at, 'targetGroup'], 'stands beside route53 (keep one of the two)', 'key');
    }
  }
  if ('ladder' in document) checkRungs(document.ladder, [...path, 'ladder'], report);
  if (document.kind === 'ecs-task-size') checkGrowth(document.ladder, [...path, 'ladder'], report);
}

function checkRungs(ladder: readonly unknown[], path: DocumentPath, report: Report): void {
  const written = ladder.map((rung) => JSON.stringify(rung));
  for (const [index, rung] of written.entries()) {
    const first = written.indexOf(rung);
    if (first < index) report([...path, index], `stands at entry [${first}] already (keep one)`);
  }
}

type TaskSize = Extract<TargetDocument, { kind: 'ecs-task-size' }>['ladder'][number];

/** Which class or node type is the larger one only AWS knows; two numbers tell it by themselves. */
function checkGrowth(ladder: readonly TaskSize[], path: DocumentPath, report: Report): void {
  for (const [index, rung] of ladder.entries()) {
    const below = ladder[index - 1];
    if (below === undefined || rung.cpu > below.cpu || rung.memoryMiB > below.memoryMiB) continue;
    if (rung.cpu === below.cpu && rung.memoryMiB === below.memoryMiB) continue;
    report([...path, index], `is smaller than entry [${index - 1}] (write the smallest first)`);
  }
}

/**
 * The least and the largest size that a service takes, whatever the account's quotas say.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html (15 replicas),
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.html (15 readers),
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.Redis.Groups.html (5 replicas, 500 shards)
 */
const SERVICE_LIMITS: Readonly<
  Partial<Record<Target['kind'], { readonly min: number; readonly max: number }>>
> = {
  'rds-replicas': { min: 0, max: 15 },
  'aurora-readers': { min: 0, max: 15 },
  'elasticache-replicas': { min: 0, max: 5 },
  'elasticache-shards': { min: 1, max: 500 },
};

/** Bounds that the service of a target, or its ladder, can never keep. */
export function checkTargetBounds(
  target: Target,
  bounds: { readonly min: number; readonly max: number },
  path: DocumentPath,
  report: Report,
): void {
  const limits = isVertical(target) ? { min: 1, max: target.ladder.length } : SERVICE_LIMITS[target.kind];
  if (limits === undefined) return;
  const what = isVertical(target) ? 'the ladder has places' : `${target.kind} takes`;
  for (const key of ['min', 'max'] as const) {
    const value = bounds[key];
    if (value >= limits.min && value <= limits.max) continue;
    report(
      [...path, key],
      `${value} does not fit: ${what} ${limits.min} to ${limits.max} (choose a number inside)`,
    );
  }
}

/** A ladder that no window lets anybody climb, and a window that opens nothing. `spec` as it is written. */
export function checkMaintenance(target: Target, spec: unknown, report: Report): void {
  const windows = field(field(spec, 'schedule'), 'windows');
  const all: readonly unknown[] = Array.isArray(windows) ? windows : [];
  const opening = [...all.keys()].filter((index) => field(all[index], 'maintenance') === true);
  if (!isVertical(target)) {
    const message = `means nothing to ${target.kind}, which counts units (remove it)`;
    for (const index of opening)
      report(['spec', 'schedule', 'windows', index, 'maintenance'], message, 'key');
  } else if (!target.immediate && opening.length === 0) {
    const message =
      'is never climbed (add a window with maintenance: true to the schedule, or write immediate: true)';
    report(['spec', 'target', 'ladder'], message, 'key');
  }
}

/** Fills in the defaults. */
export function completed(document: TargetDocument): Target {
  switch (document.kind) {
    case 'ecs-service':
    case 'elasticache-replicas':
      return document;
    case 'rds-replicas': {
      const { warmUp } = document;
      return {
        kind: document.kind,
        source: document.source,
        classes: document.classes ?? [],
        zones: document.zones ?? [],
        maxLagSeconds: document.maxLagSeconds ?? 30,
        warmUp:
          warmUp === undefined ? null : { plan: warmUp.plan, withinSeconds: warmUp.withinSeconds ?? 1800 },
        leaving: leavingOf(document.leaving),
        endpoint: endpointOf(document.endpoint),
        passRoles: document.passRoles,
      };
    }
    case 'aurora-readers':
      return {
        kind: document.kind,
        cluster: document.cluster,
        classes: document.classes ?? [],
        zones: document.zones ?? [],
        leaving: leavingOf(document.leaving),
      };
    case 'elasticache-shards':
      return { ...document, maxMemoryPercent: document.maxMemoryPercent ?? 75 };
    default:
      return { ...document, immediate: document.immediate ?? false };
  }
}

type ReplicasDocument = Extract<TargetDocument, { kind: 'rds-replicas' }>;

const leavingOf = (leaving: ReplicasDocument['leaving']): Leaving => ({
  connections: leaving?.connections ?? 0,
  drainSeconds: leaving?.drainSeconds ?? 300,
});

function endpointOf(endpoint: ReplicasDocument['endpoint']): TrafficEndpoint | null {
  const { route53, targetGroup } = endpoint ?? {};
  if (route53 !== undefined) {
    const { hostedZoneId, recordName, ttlSeconds = 5 } = route53;
    return { kind: 'route53', hostedZoneId, recordName, ttlSeconds };
  }
  if (targetGroup === undefined) return null;
  return { kind: 'target-group', arn: targetGroup.arn, port: targetGroup.port ?? DEFAULT_PORT };
}
