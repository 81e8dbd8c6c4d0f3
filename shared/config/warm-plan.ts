import type { CacheAuth, WarmCache, WarmLimits, WarmPlan, WarmSchedule } from '../core/warm-plan.ts';
import { checkCron } from './cron.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import { schedulerCron } from './scheduler-cron.ts';
import { secondsOf } from './schema/duration.ts';
import { WarmPlanDocument } from './schema/warm-plan.ts';
import { checkZone } from './time-zone.ts';
import { compileItem } from './warm-item.ts';
import { reportIssues } from './zod-problems.ts';

type Spec = WarmPlanDocument['spec'];

const CONNECTIONS = 2;
const SAMPLE_SECONDS = 5;

/** A warm plan with its defaults, or null after reporting what is wrong with it. */
export function compileWarmPlan(value: unknown, report: Report): WarmPlan | null {
  const parsed = WarmPlanDocument.safeParse(value);
  if (!parsed.success) {
    reportIssues(parsed.error.issues, value, report);
    return null;
  }
  let problems = 0;
  const counted: Report = (...problem) => {
    problems += 1;
    report(...problem);
  };
  const { metadata, spec } = parsed.data;
  const plan: WarmPlan = {
    name: metadata.name,
    cache: spec.cache === undefined ? null : cacheOf(spec.cache, counted),
    schedules: (spec.when?.schedules ?? []).flatMap((schedule, index) =>
      scheduleOf(schedule, ['spec', 'when', 'schedules', index], counted),
    ),
    onScaleOutOf: spec.when?.onScaleOutOf ?? [],
    onDeploymentOf: spec.when?.onDeploymentOf ?? [],
    network: spec.network,
    limits: limitsOf(spec.limits),
    connections: spec.connections ?? CONNECTIONS,
    mode: spec.mode ?? 'only-missing',
    sampleSeconds: spec.sampleSeconds ?? SAMPLE_SECONDS,
    items: spec.items.map((item, index) => compileItem(item, ['spec', 'items', index], counted)),
  };
  checkNames(spec, counted);
  checkCacheUse(spec, counted);
  return problems === 0 ? plan : null;
}

function cacheOf(document: NonNullable<Spec['cache']>, report: Report): WarmCache {
  const path = ['spec', 'cache'];
  const at = document.endpoint.lastIndexOf(':');
  const port = Number(document.endpoint.slice(at + 1));
  if (port < 1 || port > 65_535) {
    report([...path, 'endpoint'], `${quote(document.endpoint)} has no port from 1 to 65535 (correct it)`);
  }
  const tls = document.tls ?? true;
  if (document.iam !== undefined && document.secretArn !== undefined) {
    report([...path, 'iam'], 'stands beside secretArn (keep one of the two)', 'key');
  }
  if (!tls && (document.iam !== undefined || document.secretArn !== undefined)) {
    report([...path, 'tls'], 'false would send the password readable for everybody (remove it)');
  }
  return {
    ...{ host: document.endpoint.slice(0, at), port, tls, clusterMode: document.clusterMode ?? false },
    auth: authOf(document),
  };
}

function authOf({ secretArn, iam }: NonNullable<Spec['cache']>): CacheAuth {
  if (iam !== undefined) return { kind: 'iam', ...iam };
  return secretArn === undefined ? { kind: 'none' } : { kind: 'secret', secretArn };
}

type ScheduleDocument = NonNullable<NonNullable<Spec['when']>['schedules']>[number];

function scheduleOf(
  { every, cron, timeZone }: ScheduleDocument,
  path: DocumentPath,
  report: Report,
): readonly WarmSchedule[] {
  if ((every === undefined) === (cron === undefined)) {
    const both =
      every === undefined ? 'has no time (give every or cron)' : 'has every and cron (keep one of the two)';
    report(path, both, 'key');
    return [];
  }
  if (every !== undefined) {
    const seconds = secondsOf(every);
    if (seconds % 60 !== 0) {
      report(
        [...path, 'every'],
        `${quote(every)} is not in whole minutes (write ${Math.ceil(seconds / 60)}m)`,
      );
    }
    if (timeZone !== undefined)
      report([...path, 'timeZone'], 'means nothing beside every (remove it)', 'key');
    return [{ kind: 'every', minutes: Math.ceil(seconds / 60) }];
  }
  return cronOf(cron ?? '', timeZone ?? 'UTC', path, report);
}

function cronOf(cron: string, timeZone: string, path: DocumentPath, report: Report): readonly WarmSchedule[] {
  if (!checkZone(timeZone, [...path, 'timeZone'], report)) return [];
  const problem = checkCron(cron, timeZone) ?? beyondScheduler(cron);
  if (problem === null) return [{ kind: 'cron', cron: cron.trim(), timeZone }];
  report([...path, 'cron'], problem);
  return [];
}

const beyondScheduler = (cron: string): string | null =>
  schedulerCron(cron) === null
    ? `${quote(cron)} names days in a way that EventBridge Scheduler cannot (name days of the month or of the week, not both, and no "#"; or write two schedules)`
    : null;

const limitsOf = (given: Spec['limits']): WarmLimits => ({
  queriesPerSecond: given?.queriesPerSecond ?? 20,
  concurrency: given?.concurrency ?? 4,
  seconds: given?.seconds ?? 3600,
  keys: given?.keys ?? 100_000,
  valueBytes: given?.valueBytes ?? 1_048_576,
  keyBytes: given?.keyBytes ?? 512,
});

function checkNames({ items }: Spec, report: Report): void {
  const names = items.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    const first = names.indexOf(name);
    if (first === index) continue;
    const message = `the name ${quote(name)} is taken by entry [${first}] (choose another one)`;
    report(['spec', 'items', index, 'name'], message);
  }
}

function checkCacheUse({ cache, items, when }: Spec, report: Report): void {
  if (cache === undefined) {
    const index = items.findIndex(({ key }) => key !== undefined);
    if (index >= 0) {
      report(['spec', 'items', index, 'key'], 'is written nowhere (give cache, or remove the key)', 'key');
    }
    return;
  }
  if (items.every(({ key }) => key === undefined)) {
    report(['spec', 'cache'], 'is written by no item (give an item a key, or remove the cache)', 'key');
  }
  if (when === undefined) return;
  if ((when.schedules ?? when.onScaleOutOf ?? when.onDeploymentOf) !== undefined) return;
  report(
    ['spec', 'when'],
    'says nothing (give schedules, onScaleOutOf or onDeploymentOf, or remove it)',
    'key',
  );
}
