import { App } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { ControllerStack } from '../../infra/controller-stack.ts';
import { ALARM_PREFIX } from '../../shared/core/alarms.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { PRICES } from './prices.ts';

/** What the alarms of a deployment cost a month, in dollars: CloudWatch charges for each metric in each of them. */
export interface AlarmsMonth {
  readonly ofPolicies: number;
  readonly ofPlimsoll: number;
}

interface MetricInAlarm {
  readonly metricStat?: { readonly period: number };
}

/** Synthesizes the deployment, without its code, and prices every alarm in it. */
export function alarmsMonth(policies: readonly Policy[]): AlarmsMonth {
  const stack = new ControllerStack(new App({ analyticsReporting: false }), 'Plimsoll', {
    policies,
    code: Code.fromInline('export const handler = async () => undefined;'),
    version: '0.0.0',
    ledger: 'retain',
  });
  const alarms = stack.node.findAll().filter((each): each is CfnAlarm => each instanceof CfnAlarm);
  const costOf = (own: boolean) =>
    alarms
      .filter(({ alarmName }) => alarmName?.startsWith(ALARM_PREFIX) !== own)
      .reduce((sum, alarm) => sum + periodsOf(stack, alarm).reduce((each, at) => each + priceOf(at), 0), 0);
  return { ofPolicies: costOf(false), ofPlimsoll: costOf(true) };
}

const priceOf = (periodSeconds: number): number =>
  periodSeconds < 60 ? PRICES.highResolutionAlarmMonth : PRICES.standardAlarmMonth;

/** The period of each metric of an alarm. */
function periodsOf(stack: ControllerStack, { period, metrics }: CfnAlarm): readonly number[] {
  if (period !== undefined) return [period];
  const resolved = stack.resolve(metrics) as readonly MetricInAlarm[];
  return resolved.flatMap(({ metricStat }) => (metricStat === undefined ? [] : [metricStat.period]));
}
