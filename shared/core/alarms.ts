import type { AlarmSensitivity, MetricSpec, Policy, Strategy } from './policy.ts';

/** A CloudWatch alarm that wakes a target: infra turns it into a resource, local mode evaluates it. */
export interface AlarmSpec {
  /** `plimsoll-<policy>-<metric id>-<out|in>`; unique in a deployment because policy names are. */
  readonly name: string;
  readonly policy: string;
  readonly description: string;
  readonly metric: MetricSpec;
  readonly comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: 'missing' | 'notBreaching' | 'breaching';
}

/** The prefix of every alarm that we create. */
export const ALARM_PREFIX = 'plimsoll-';

/** The alarms of a policy: the one place where they are derived, for infra and for local mode alike. */
export function alarmsFor(policy: Policy): readonly AlarmSpec[] {
  return policy.strategies.flatMap((strategy) => {
    const { metric, target, alarms } = strategy;
    const spec = (side: 'out' | 'in', sensitivity: AlarmSensitivity): AlarmSpec => ({
      name: `${ALARM_PREFIX}${policy.name}-${metric.id}-${side}`,
      policy: policy.name,
      description: `Wakes Plimsoll: ${metric.label} ${side === 'out' ? 'above' : 'below'} the band around the target ${target}${metric.unit} of policy ${policy.name}.`,
      metric,
      comparison: side === 'out' ? 'GreaterThanThreshold' : 'LessThanThreshold',
      threshold: thresholdOf(strategy, side, policy.bounds.min),
      periodSeconds: metric.periodSeconds,
      evaluationPeriods: sensitivity.of,
      datapointsToAlarm: sensitivity.datapoints,
      treatMissingData: treatMissing(metric, side),
    });
    // What a total means depends on the size, which an alarm does not know: above the minimum the sweep watches it.
    const inside = strategy.scope === 'total' ? null : alarms.in;
    return [spec('out', alarms.out), ...(inside === null ? [] : [spec('in', inside)])];
  });
}

function thresholdOf(strategy: Strategy, side: 'out' | 'in', min: number): number {
  const factor = side === 'out' ? 1 + strategy.tolerance.out : 1 - strategy.tolerance.in;
  const units = strategy.scope === 'total' ? min : 1;
  // Ten significant digits: 70 × 1.1 is 77, not 77.00000000000001, in an alarm that people read.
  return Number((strategy.target * units * factor).toPrecision(10));
}

// A metric that counts as zero when it disappears is low then: its low alarm must breach, its high one must not.
function treatMissing(metric: MetricSpec, side: 'out' | 'in'): AlarmSpec['treatMissingData'] {
  if (metric.whenMissing === 'missing') return 'missing';
  return side === 'in' ? 'breaching' : 'notBreaching';
}
