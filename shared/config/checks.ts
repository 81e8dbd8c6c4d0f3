import type { AlarmSensitivity, MetricScope, MetricSpec, Policy, Strategy } from '../core/policy.ts';
import { strategyId } from '../core/policy-metrics.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import type { Operation } from './schema/common.ts';

/** Rules between fields that both kinds of policy document share. */

/** min must not be above max. */
export function checkBounds(
  bounds: { readonly min: number; readonly max: number },
  path: DocumentPath,
  report: Report,
  names: { readonly min: string; readonly max: string } = { min: 'min', max: 'max' },
): void {
  if (bounds.min <= bounds.max) return;
  report(
    [...path, names.min],
    `${bounds.min} is more than ${names.max} ${bounds.max} (lower ${names.min} or raise ${names.max})`,
  );
}

/** A fallback outside the bounds would be corrected at once. */
export function checkFallback(
  fallback: { readonly size: number } | undefined,
  bounds: { readonly min: number; readonly max: number },
  path: DocumentPath,
  report: Report,
): void {
  if (fallback === undefined || (fallback.size >= bounds.min && fallback.size <= bounds.max)) return;
  report(
    path,
    `${fallback.size} is outside the bounds ${bounds.min}..${bounds.max} (choose a size inside them)`,
  );
}

/** At no task a mean over tasks says nothing, so nothing could ever wake the target. */
export function checkZero(
  min: number,
  scopes: readonly MetricScope[],
  path: DocumentPath,
  report: Report,
  fix: string,
): void {
  if (min !== 0 || scopes.includes('total')) return;
  report(path, `0 tasks have no mean that could ask for the first one (${fix})`);
}

const HOUR = 3600;
const DAY = 86_400;

/**
 * M out of N within the limits of CloudWatch: one day of periods, seven days for periods of an hour and more.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function checkSensitivity(
  { datapoints, of }: AlarmSensitivity,
  periodSeconds: number,
  path: DocumentPath,
  report: Report,
): void {
  if (datapoints > of) {
    report([...path, 'datapoints'], `${datapoints} is more than of ${of} (lower datapoints or raise of)`);
  }
  const limit = periodSeconds < HOUR ? DAY : 7 * DAY;
  if (of * periodSeconds <= limit) return;
  const most = Math.floor(limit / periodSeconds);
  report(
    path,
    `${of} periods of ${periodSeconds} s are more than ${limit === DAY ? 'a day' : 'seven days'}, the limit of CloudWatch (at most ${most})`,
  );
}

/** A datapoint carries the time at which its period began, and is complete only a period later. */
export function checkStale(metric: MetricSpec, path: DocumentPath, report: Report): void {
  const least = 2 * metric.periodSeconds;
  if (metric.staleAfterSeconds >= least) return;
  report(
    path,
    `${metric.staleAfterSeconds} s is less than two periods of ${metric.periodSeconds} s, so every datapoint would be stale (at least ${least})`,
  );
}

/** Every metric id once. `pathOf` names the field to blame for the strategy at an index. */
export function checkMetricIds(
  strategies: readonly (Strategy | null)[],
  pathOf: (index: number) => DocumentPath,
  report: Report,
  fix: string,
): void {
  const ids = strategies.map((strategy) => (strategy === null ? null : strategyId(strategy)));
  for (const [index, id] of ids.entries()) {
    const first = ids.indexOf(id);
    if (id === null || first === index) continue;
    report(pathOf(index), `the metric id ${quote(id)} is taken by entry [${first}] (${fix})`);
  }
}

/** What `operation` of the schema becomes in a policy. */
export function operationOf(
  options: Operation,
  cooldownSeconds: Policy['cooldownSeconds'],
): Pick<
  Policy,
  | 'cooldownSeconds'
  | 'fallback'
  | 'evaluation'
  | 'paused'
  | 'resizeTimeoutSeconds'
  | 'wakeOnAlarms'
  | 'schedule'
  | 'coreSize'
  | 'incident'
  | 'unitResources'
  | 'guardrails'
  | 'atZero'
  | 'receiptsOfHolds'
> {
  const { cooldowns, missingData, paused } = options;
  const fallback = missingData?.fallback;
  const sides = typeof paused === 'object' ? paused : { out: paused, in: paused };
  return {
    cooldownSeconds: {
      out: cooldowns?.outSeconds ?? cooldownSeconds.out,
      in: cooldowns?.inSeconds ?? cooldownSeconds.in,
    },
    fallback:
      fallback === undefined
        ? null
        : { mode: 'static', size: fallback.size, afterMisses: fallback.afterMisses ?? 5, recoverAfter: 1 },
    evaluation: options.evaluation ?? 'whenAwake',
    paused: { out: sides.out ?? false, in: sides.in ?? false },
    resizeTimeoutSeconds: options.resizeTimeoutSeconds ?? 900,
    wakeOnAlarms: [...new Set(options.wakeOnAlarms ?? [])],
    schedule: null,
    coreSize: null,
    incident: null,
    unitResources: null,
    guardrails: { changeBudget: null, quota: null },
    atZero: 'resume',
    receiptsOfHolds: 0.01,
  };
}
