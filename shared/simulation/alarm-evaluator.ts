import type { AlarmSpec } from '../core/alarms.ts';
import type { AlarmState } from '../core/signal.ts';

/** What an alarm does with datapoints that are missing. */
export type TreatMissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** The part of an alarm that decides its state. */
export interface AlarmRule {
  readonly comparison: AlarmSpec['comparison'];
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
}

/**
 * Datapoints that CloudWatch looks at beyond `evaluationPeriods`: its documentation shows 5 for 3 and says no more.
 * Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data".
 */
const EXTRA_SLOTS = 2;

/** Number of periods that the evaluation of an alarm looks back over. */
export const evaluationRange = (evaluationPeriods: number): number => evaluationPeriods + EXTRA_SLOTS;

/**
 * The state of an alarm, as CloudWatch evaluates it.
 * @param slots values of the evaluation range, oldest first; `null` = no datapoint in that period.
 * @param current the state so far, kept where CloudWatch keeps it.
 */
export function evaluateAlarm(
  rule: AlarmRule,
  slots: readonly (number | null)[],
  current: AlarmState,
): AlarmState {
  const real = slots.filter((value) => value !== null);
  const { evaluationPeriods: periods, datapointsToAlarm: needed } = rule;
  const verdict = (breaching: number): AlarmState => (breaching >= needed ? 'ALARM' : 'OK');
  // With enough datapoints the treatment of missing ones plays no part.
  if (real.length >= periods) return verdict(countBreaching(rule, real.slice(-periods)));
  const breaching = countBreaching(rule, real);
  switch (rule.treatMissingData) {
    case 'breaching':
      return verdict(breaching + periods - real.length);
    case 'notBreaching':
      return verdict(breaching);
    case 'missing':
    case 'ignore':
      return withoutThem(rule, slots, breaching, current);
  }
}

/** Too few datapoints, and no value to put in the place of the missing ones. */
function withoutThem(
  rule: AlarmRule,
  slots: readonly (number | null)[],
  breaching: number,
  current: AlarmState,
): AlarmState {
  const keepsState = rule.treatMissingData === 'ignore';
  const real = slots.filter((value) => value !== null).length;
  if (real === 0) return keepsState ? current : 'INSUFFICIENT_DATA';
  if (breaching < real) return breaching >= rule.datapointsToAlarm ? 'ALARM' : 'OK';
  // All breach: an alarm now may be premature. It is not when the oldest of them is old enough (the newest period has age 1).
  const oldest = slots.length - slots.findIndex((value) => value !== null);
  return oldest >= rule.datapointsToAlarm && !keepsState ? 'ALARM' : current;
}

/** Whether a value is beyond the threshold of the rule. */
export function breaches({ comparison, threshold }: AlarmRule, value: number): boolean {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}

const countBreaching = (rule: AlarmRule, values: readonly number[]): number =>
  values.filter((value) => breaches(rule, value)).length;
