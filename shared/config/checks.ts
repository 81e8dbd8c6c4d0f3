import type { MetricSpec } from '../core/metric.ts';
import type { AlarmSensitivity } from '../core/strategy.ts';
import type { DocumentPath, Report } from './problem.ts';

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

/** At no task a mean over tasks says nothing, so nothing could ever wake the target. */
export function checkZero(
  min: number,
  wakes: boolean,
  path: DocumentPath,
  report: Report,
  fix: string,
): void {
  if (min !== 0 || wakes) return;
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
