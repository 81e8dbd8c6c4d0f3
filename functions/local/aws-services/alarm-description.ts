import type { Metric, MetricAlarm, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { AlarmSpec } from '../../../shared/core/alarms.ts';
import type { MetricStat } from '../../../shared/core/metric.ts';
import type { AlarmView } from '../../../shared/simulation/plant-alarms.ts';
import { type AccountIdentity, arnOf } from '../../../shared/simulation/plant-event.ts';

/** An alarm as DescribeAlarms answers it. */
export function describeAlarm(identity: AccountIdentity, { spec, status }: AlarmView): MetricAlarm {
  return {
    AlarmName: spec.name,
    AlarmArn: arnOf(identity, 'cloudwatch', `alarm:${spec.name}`),
    AlarmDescription: spec.description,
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    StateValue: status.state,
    StateReason: status.reason,
    StateReasonData: status.reasonData ?? undefined,
    StateUpdatedTimestamp: new Date(status.since),
    StateTransitionedTimestamp: new Date(status.since),
    EvaluationPeriods: spec.evaluationPeriods,
    DatapointsToAlarm: spec.datapointsToAlarm,
    Threshold: spec.threshold,
    ComparisonOperator: spec.comparison,
    TreatMissingData: spec.treatMissingData,
    ...metricOf(spec),
  };
}

/** A single metric stands in the alarm itself; an expression stands in `Metrics`. */
function metricOf({ metric, periodSeconds }: AlarmSpec): Partial<MetricAlarm> {
  const { query } = metric;
  if (query.kind === 'stat') {
    const { Namespace, MetricName, Dimensions } = metricField(query);
    const extended = /^(p|tm|wm|ts|tc|pr)\d/i.test(query.stat);
    return {
      Namespace,
      MetricName,
      Dimensions,
      Period: periodSeconds,
      ...(extended
        ? { ExtendedStatistic: query.stat }
        : { Statistic: query.stat as NonNullable<MetricAlarm['Statistic']> }),
    };
  }
  const components: readonly MetricDataQuery[] = Object.entries(query.metrics).map(([Id, component]) => ({
    Id,
    MetricStat: { Metric: metricField(component), Period: periodSeconds, Stat: component.stat },
    ReturnData: false,
  }));
  const result = { Id: 'expr', Expression: query.expression, Label: metric.label, Period: periodSeconds };
  return { Metrics: [{ ...result, ReturnData: true }, ...components] };
}

const metricField = ({ namespace, name, dimensions }: MetricStat): Metric => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});
