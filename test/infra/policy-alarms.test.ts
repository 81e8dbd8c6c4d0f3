import { describe, expect, it } from 'vitest';
import { type AlarmSpec, alarmsFor } from '../../shared/core/alarms.ts';
import type { MetricQuery, MetricStat } from '../../shared/core/metric.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { synthesize } from './synthesize.ts';

interface CfnMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

interface CfnQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData: boolean;
  readonly MetricStat?: { readonly Metric: CfnMetric; readonly Period: number; readonly Stat: string };
}

interface CfnAlarm extends CfnMetric {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly ComparisonOperator: AlarmSpec['comparison'];
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: AlarmSpec['treatMissingData'];
  readonly Period?: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Metrics?: readonly CfnQuery[];
}

const metricOf = ({ Namespace, MetricName, Dimensions = [] }: CfnMetric, stat: string): MetricStat => ({
  namespace: Namespace,
  name: MetricName,
  dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
  stat,
});

function queryOf(alarm: CfnAlarm): MetricQuery {
  if (alarm.Metrics === undefined) {
    return { kind: 'stat', ...metricOf(alarm, alarm.Statistic ?? alarm.ExtendedStatistic ?? '') };
  }
  const inputs = alarm.Metrics.flatMap(({ Id, MetricStat: input }) =>
    input === undefined ? [] : [[Id, metricOf(input.Metric, input.Stat)] as const],
  );
  return {
    kind: 'expression',
    expression: alarm.Metrics.find(({ ReturnData }) => ReturnData)?.Expression ?? '',
    metrics: Object.fromEntries(inputs),
  };
}

/** What CloudFormation would tell CloudWatch, in the words of the core. */
const asSpec = (alarm: CfnAlarm) => ({
  name: alarm.AlarmName,
  description: alarm.AlarmDescription,
  query: queryOf(alarm),
  comparison: alarm.ComparisonOperator,
  threshold: alarm.Threshold,
  periodSeconds: alarm.Period ?? alarm.Metrics?.find(({ MetricStat: input }) => input)?.MetricStat?.Period,
  evaluationPeriods: alarm.EvaluationPeriods,
  datapointsToAlarm: alarm.DatapointsToAlarm,
  treatMissingData: alarm.TreatMissingData,
});

function expected(policy: Policy) {
  return alarmsFor(policy).map(({ policy: _, metric, ...rest }) => ({ ...rest, query: metric.query }));
}

const byName = (one: { readonly name: string }, other: { readonly name: string }) =>
  one.name < other.name ? -1 : 1;

const plain = aTargetTracking().metric;

describe('the alarms of the policies', () => {
  const policies = [
    aPolicy(),
    aPolicy({
      name: 'percentile',
      target: { kind: 'ecs-service', cluster: 'prod', service: 'percentile' },
      strategies: [
        aTargetTracking({
          metric: {
            ...plain,
            id: 'latency',
            periodSeconds: 10,
            whenMissing: 'zero',
            query: { kind: 'stat', namespace: 'Shop', name: 'Latency', dimensions: {}, stat: 'p95' },
          },
          alarms: { out: { datapoints: 2, of: 3 }, in: null },
        }),
        aTargetTracking({
          metric: {
            ...plain,
            id: 'backlog',
            query: {
              kind: 'expression',
              expression: 'wanted/m2',
              metrics: {
                wanted: {
                  namespace: 'AWS/SQS',
                  name: 'Visible',
                  dimensions: { QueueName: 'q' },
                  stat: 'Maximum',
                },
                m2: { namespace: 'ECS', name: 'RunningTaskCount', dimensions: {}, stat: 'Average' },
              },
            },
          },
        }),
      ],
    }),
  ];
  const { nested } = synthesize({ policies });
  const templates = nested.map((template) => template.findResources('AWS::CloudWatch::Alarm'));
  const alarms = templates
    .flatMap((found) => Object.values(found))
    .map(({ Properties }) => Properties as CfnAlarm);

  it('are exactly those that the core derives, metric math and percentiles included', () => {
    const wanted = policies.flatMap(expected).sort(byName);
    expect(wanted).toHaveLength(5);
    expect(alarms.map(asSpec).sort(byName)).toEqual(wanted);
  });

  it('name percentiles as CloudFormation wants them, and one expression that is returned', () => {
    const named = (name: string) => alarms.find(({ AlarmName }) => AlarmName === name);
    expect(named('plimsoll-percentile-latency-out')).toMatchObject({ ExtendedStatistic: 'p95', Period: 10 });
    const queries = named('plimsoll-percentile-backlog-out')?.Metrics ?? [];
    expect(queries.filter(({ ReturnData }) => ReturnData).map(({ Id }) => Id)).toEqual(['wanted_']);
  });

  it('stay in their nested stack when policies come and go beside them', () => {
    const groupOf = (others: readonly Policy[]) =>
      Object.keys(synthesize({ policies: [aPolicy(), ...others] }).resources('AWS::CloudFormation::Stack'));
    const alone = groupOf([]);
    expect(alone).toHaveLength(1);
    expect(groupOf(policies.slice(1))).toContain(alone[0]);
  });
});
