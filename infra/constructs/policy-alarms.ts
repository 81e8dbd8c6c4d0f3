import { NestedStack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type AlarmSpec, alarmsFor } from '../../shared/core/alarms.ts';
import type { MetricStat } from '../../shared/core/metric.ts';
import type { Policy } from '../../shared/core/policy.ts';

/**
 * How many nested stacks share the alarms, at most. A stack holds 500 resources; a policy stays in its nested stack whatever is
 * added or removed beside it, because an alarm that moved would be created in one stack before it is deleted in the other, under
 * the same name. That is why the number is fixed and the choice depends on the name of the policy alone.
 */
const NESTED_STACKS = 16;
const MAX_RESOURCES = 500;

/** The policies whose alarms are to exist. */
export interface PolicyAlarmsProps {
  readonly policies: readonly Policy[];
}

/** The CloudWatch alarms that wake the targets, exactly as {@link alarmsFor} derives them. */
export class PolicyAlarms extends Construct {
  constructor(scope: Construct, id: string, { policies }: PolicyAlarmsProps) {
    super(scope, id);
    for (let bucket = 0; bucket < NESTED_STACKS; bucket += 1) {
      const members = policies.filter(({ name }) => bucketOf(name) === bucket);
      if (members.length === 0) continue;
      const alarms = members.flatMap(alarmsFor);
      if (alarms.length > MAX_RESOURCES) {
        throw new Error(
          `${alarms.length} alarms fall into nested stack ${bucket}, and CloudFormation takes ${MAX_RESOURCES} resources a stack. Deploy the policies in two regions or accounts.`,
        );
      }
      const stack = new NestedStack(this, `Group${bucket}`, {
        description: `Plimsoll: alarms of ${members.length} policies`,
      });
      for (const alarm of alarms) addAlarm(stack, alarm);
    }
  }
}

/** FNV-1a, so that the choice is spread evenly and never changes. */
function bucketOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % NESTED_STACKS;
}

function addAlarm(scope: Construct, alarm: AlarmSpec): void {
  new CfnAlarm(scope, alarm.name, {
    alarmName: alarm.name,
    alarmDescription: alarm.description,
    comparisonOperator: alarm.comparison,
    threshold: alarm.threshold,
    evaluationPeriods: alarm.evaluationPeriods,
    datapointsToAlarm: alarm.datapointsToAlarm,
    treatMissingData: alarm.treatMissingData,
    ...metricProps(alarm),
  });
}

function metricProps(alarm: AlarmSpec): Partial<ConstructorParameters<typeof CfnAlarm>[2]> {
  const { query } = alarm.metric;
  if (query.kind === 'stat') {
    return { ...metricIdentity(query), ...statistic(query.stat), period: alarm.periodSeconds };
  }
  const inputs = Object.entries(query.metrics).map(([id, metric]) => ({
    id,
    returnData: false,
    metricStat: { metric: metricIdentity(metric), period: alarm.periodSeconds, stat: metric.stat },
  }));
  return {
    metrics: [
      {
        id: freeId(query.metrics),
        expression: query.expression,
        label: alarm.metric.label,
        returnData: true,
      },
      ...inputs,
    ],
  };
}

function metricIdentity({ namespace, name, dimensions }: MetricStat) {
  return {
    namespace,
    metricName: name,
    dimensions: Object.entries(dimensions).map(([dimension, value]) => ({ name: dimension, value })),
  };
}

const PLAIN_STATISTICS = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'];

/** An alarm on one metric takes percentiles and trimmed means under another name than the five plain statistics. */
function statistic(stat: string): { readonly statistic: string } | { readonly extendedStatistic: string } {
  return PLAIN_STATISTICS.includes(stat) ? { statistic: stat } : { extendedStatistic: stat };
}

/** An id for the expression that none of its inputs has. */
function freeId(taken: Readonly<Record<string, unknown>>): string {
  let id = 'wanted';
  while (Object.hasOwn(taken, id)) id += '_';
  return id;
}
