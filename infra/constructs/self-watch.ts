import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ControllerMetric } from '../../shared/config/telemetry-names.ts';
import type { ControllerFunction } from './controller-function.ts';
import { METRICS_NAMESPACE } from './controller-functions.ts';

/** What is watched. */
export interface SelfWatchProps {
  readonly functions: readonly ControllerFunction[];
  readonly sweep: ControllerFunction;
  readonly relay: ControllerFunction;
  readonly deadLetters: Readonly<Record<string, Queue>>;
}

interface Watch {
  readonly name: string;
  readonly meaning: string;
  readonly metric: IMetric;
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  readonly whenMissing: TreatMissingData;
  /** Periods in a row that must breach. */
  readonly periods: number;
}

const FIVE_MINUTES = Duration.minutes(5);

/**
 * Alarms on the controller itself, reported to a topic that people subscribe to. Their names begin with `watch-`, not with the
 * prefix of the alarms of policies, so that the controller is not woken by its own faults.
 * The topic has no KMS key on purpose: CloudWatch cannot publish to a topic under the AWS managed key, and a customer managed
 * one costs a dollar a month to hide names of alarms.
 */
export class SelfWatch extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: SelfWatchProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Plimsoll needs attention', enforceSSL: true });
    for (const watch of watches(props)) this.add(watch);
  }

  private add(watch: Watch): void {
    const alarm = new Alarm(this, watch.name, {
      alarmName: `watch-plimsoll-${watch.name}`,
      alarmDescription: watch.meaning,
      metric: watch.metric,
      comparisonOperator: watch.comparison,
      threshold: watch.threshold,
      evaluationPeriods: watch.periods,
      treatMissingData: watch.whenMissing,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}

function watches({ functions, sweep, relay, deadLetters }: SelfWatchProps): readonly Watch[] {
  return [
    ...ofLambda(functions, sweep, relay),
    ...ofOurOwn(),
    ...Object.entries(deadLetters).map(([name, queue]) => ({
      ...OVER,
      name: `${name}-dead-letters`,
      meaning: `Something could not be processed and waits in ${name}'s dead-letter queue.`,
      metric: queue.metricApproximateNumberOfMessagesVisible({
        period: FIVE_MINUTES,
        statistic: Stats.MAXIMUM,
      }),
      threshold: 0,
    })),
  ];
}

const OVER = {
  comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
  whenMissing: TreatMissingData.NOT_BREACHING,
  periods: 1,
} as const;

/** What Lambda says about the functions. */
function ofLambda(
  functions: readonly ControllerFunction[],
  sweep: ControllerFunction,
  relay: ControllerFunction,
): readonly Watch[] {
  return [
    ...functions.map(({ name, handler }) => ({
      ...OVER,
      name: `${name}-errors`,
      meaning: `Function ${name} failed. What can be retried is reported item by item and not counted here.`,
      metric: handler.metricErrors({ period: FIVE_MINUTES, statistic: Stats.SUM }),
      threshold: 0,
    })),
    {
      ...OVER,
      name: 'throttles',
      meaning: 'Functions were throttled: the concurrency quota of the account is exhausted.',
      metric: throttlesOf(functions),
      threshold: 0,
    },
    {
      name: 'sweep-not-run',
      meaning: 'No sweep for five minutes: held decisions are not asked again, resizes are not settled.',
      metric: sweep.handler.metricInvocations({ period: FIVE_MINUTES, statistic: Stats.SUM }),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      whenMissing: TreatMissingData.BREACHING,
      periods: 1,
    },
    {
      ...OVER,
      name: 'relay-behind',
      meaning: 'The relay is more than two minutes behind the ledger: events appear late.',
      metric: relay.handler.metric('IteratorAge', { period: FIVE_MINUTES, statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(2).toMilliseconds(),
    },
  ];
}

/** What the controller says about itself: faults that it bears, so that Lambda counts no error. */
function ofOurOwn(): readonly Watch[] {
  const own = (metricName: ControllerMetric, statistic: string) =>
    new Metric({ namespace: METRICS_NAMESPACE, metricName, statistic, period: FIVE_MINUTES });
  return [
    {
      ...OVER,
      name: 'poison-messages',
      meaning: 'An event that can never be processed was set aside; its text is in the log of the function.',
      metric: own('PoisonMessages', Stats.SUM),
      threshold: 0,
    },
    {
      ...OVER,
      name: 'problems',
      meaning:
        'For ten minutes, targets could not be evaluated or resized, or receipts not be kept; the logs of the functions name them.',
      metric: own('Problems', Stats.SUM),
      threshold: 0,
      periods: 2,
    },
    {
      ...OVER,
      name: 'sweep-lag',
      meaning: 'The sweep came more than a minute late to targets that were due.',
      metric: own('SweepLag', Stats.MAXIMUM),
      // A tick is given up by the schedule after a minute, and by Lambda after another: beyond is sweep-not-run.
      threshold: Duration.minutes(1).toSeconds(),
    },
  ];
}

function throttlesOf(functions: readonly ControllerFunction[]): IMetric {
  return new MathExpression({
    expression: functions.map(({ name }) => name).join(' + '),
    label: 'Throttles',
    period: FIVE_MINUTES,
    usingMetrics: Object.fromEntries(
      functions.map(({ name, handler }) => [
        name,
        handler.metricThrottles({ period: FIVE_MINUTES, statistic: Stats.SUM }),
      ]),
    ),
  });
}
