import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ControllerFunction } from './controller-function.ts';

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
      evaluationPeriods: 1,
      treatMissingData: watch.whenMissing,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}

function watches({ functions, sweep, relay, deadLetters }: SelfWatchProps): readonly Watch[] {
  const over = {
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    whenMissing: TreatMissingData.NOT_BREACHING,
  };
  return [
    ...functions.map(({ name, handler }) => ({
      ...over,
      name: `${name}-errors`,
      meaning: `Function ${name} failed. What can be retried is reported item by item and not counted here.`,
      metric: handler.metricErrors({ period: FIVE_MINUTES, statistic: Stats.SUM }),
      threshold: 0,
    })),
    {
      ...over,
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
    },
    {
      ...over,
      name: 'relay-behind',
      meaning: 'The relay is more than two minutes behind the ledger: events appear late.',
      metric: relay.handler.metric('IteratorAge', { period: FIVE_MINUTES, statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(2).toMilliseconds(),
    },
    ...Object.entries(deadLetters).map(([name, queue]) => ({
      ...over,
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
