import type { MetricSpec } from './metric.ts';
import type { Policy } from './policy.ts';
import type {
  AlarmSensitivity,
  BacklogPerWorker,
  QueueStrategy,
  Strategy,
  TargetTrackingStrategy,
} from './strategy.ts';

/** A CloudWatch alarm that wakes a target: infra turns it into a resource, local mode evaluates it. */
export interface AlarmSpec {
  /** `plimsoll-<policy>-<metric id>-<out|in>`; unique in a deployment because policy names are. */
  readonly name: string;
  readonly policy: string;
  readonly description: string;
  readonly metric: MetricSpec;
  readonly comparison:
    | 'GreaterThanThreshold'
    | 'LessThanThreshold'
    | 'GreaterThanOrEqualToThreshold'
    | 'LessThanOrEqualToThreshold';
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: 'missing' | 'notBreaching' | 'breaching';
}

/** The prefix of every alarm that we create. */
export const ALARM_PREFIX = 'plimsoll-';

/** What one side of a strategy asks an alarm for. */
interface Watch {
  readonly metric: MetricSpec;
  readonly side: 'out' | 'in';
  readonly sensitivity: AlarmSensitivity;
  readonly comparison: AlarmSpec['comparison'];
  readonly threshold: number;
  /** What the threshold is, for the description. */
  readonly what: string;
}

/** The alarms of a policy: the one place where they are derived, for infra and for local mode alike. */
export function alarmsFor(policy: Policy): readonly AlarmSpec[] {
  return policy.strategies.filter(hasOneSeries).flatMap((strategy) =>
    watchesOf(strategy, policy.bounds.min).map(
      ({ metric, side, sensitivity, comparison, threshold, what }) => ({
        name: `${ALARM_PREFIX}${policy.name}-${metric.id}-${side}`,
        policy: policy.name,
        description: `Wakes Plimsoll: ${metric.label} ${side === 'out' ? 'above' : 'below'} ${what} of policy ${policy.name}.`,
        metric,
        comparison,
        threshold,
        periodSeconds: metric.periodSeconds,
        evaluationPeriods: sensitivity.of,
        datapointsToAlarm: sensitivity.datapoints,
        treatMissingData: treatMissing(metric, side),
      }),
    ),
  );
}

const hasOneSeries = (strategy: Strategy): boolean =>
  strategy.kind === 'expression' || strategy.metric.unitDimension === undefined;

function watchesOf(strategy: Strategy, min: number): readonly Watch[] {
  switch (strategy.kind) {
    case 'target-tracking':
      return trackingWatches(strategy, min);
    case 'threshold':
      return ruleWatches(strategy, ['GreaterThanThreshold', 'LessThanThreshold']);
    case 'step':
      return ruleWatches(strategy, ['GreaterThanOrEqualToThreshold', 'LessThanOrEqualToThreshold']);
    case 'queue':
      return queueWatches(strategy, min);
    case 'expression':
      return [];
  }
}

function trackingWatches(strategy: TargetTrackingStrategy, min: number): readonly Watch[] {
  const { metric, target, alarms, scope } = strategy;
  const what = `the band around the target ${target}${metric.unit}`;
  const out: Watch = {
    metric,
    side: 'out',
    sensitivity: alarms.out,
    comparison: 'GreaterThanThreshold',
    threshold: trackingThreshold(strategy, 'out', min),
    what,
  };
  // What a total means depends on the size, which an alarm does not know: above the minimum the sweep watches it.
  if (scope === 'total' || alarms.in === null) return [out];
  const threshold = trackingThreshold(strategy, 'in', min);
  return [
    out,
    { metric, side: 'in', sensitivity: alarms.in, comparison: 'LessThanThreshold', threshold, what },
  ];
}

function trackingThreshold(strategy: TargetTrackingStrategy, side: 'out' | 'in', min: number): number {
  // At no unit at all the activation is what counts.
  if (strategy.scope === 'total' && min === 0) return strategy.activation;
  const factor = side === 'out' ? 1 + strategy.tolerance.out : 1 - strategy.tolerance.in;
  const units = strategy.scope === 'total' ? min : 1;
  return readable(strategy.target * units * factor);
}

// Ten significant digits: 70 × 1.1 is 77, not 77.00000000000001, in an alarm that people read.
const readable = (value: number): number => Number(value.toPrecision(10));

function ruleWatches(
  { metric, alarms, ...rules }: Extract<Strategy, { kind: 'threshold' | 'step' }>,
  comparisons: readonly [AlarmSpec['comparison'], AlarmSpec['comparison']],
): readonly Watch[] {
  return (['out', 'in'] as const).flatMap((side, index) => {
    const rule = rules[side];
    const sensitivity = alarms[side];
    const comparison = comparisons[index];
    if (rule === null || sensitivity === null || comparison === undefined) return [];
    const what = `the threshold of ${rule.threshold}${metric.unit}`;
    return [{ metric, side, sensitivity, comparison, threshold: rule.threshold, what }];
  });
}

function queueWatches(strategy: QueueStrategy, min: number): readonly Watch[] {
  const { metric, memory, alarms } = strategy;
  if (alarms.out === null) return [];
  const shared = { side: 'out', sensitivity: alarms.out, comparison: 'GreaterThanThreshold' } as const;
  const backlog: Watch = {
    ...shared,
    metric,
    threshold: queueThreshold(strategy, min),
    what: 'what the least number of workers may have waiting',
  };
  if (memory === null) return [backlog];
  const what = `the threshold of ${memory.above}${memory.metric.unit}`;
  return [backlog, { ...shared, metric: memory.metric, threshold: memory.above, what }];
}

/** The queue length above which the alarm of a queue strategy is red: up to it the least number of workers is enough. */
export function queueThreshold(
  { backlogPerWorker, activation, in: inward }: QueueStrategy,
  min: number,
): number {
  if (min === 0) return activation;
  const messages = fixedBacklog(backlogPerWorker);
  // How long a message takes is known only when it is measured: then any queue that is not idle wakes the target.
  return messages === null ? inward.queueLength : readable(messages * min);
}

/** How many waiting messages one worker may have, where that needs no measurement; otherwise null. */
export function fixedBacklog(backlog: BacklogPerWorker): number | null {
  if (backlog.kind === 'fixed') return backlog.messages;
  const { execution, targetLatencySeconds, concurrency } = backlog;
  return execution.kind === 'fixed' ? (targetLatencySeconds / execution.seconds) * concurrency : null;
}

// A metric that counts as zero when it disappears is low then: its low alarm must breach, its high one must not.
function treatMissing(metric: MetricSpec, side: 'out' | 'in'): AlarmSpec['treatMissingData'] {
  if (metric.whenMissing === 'missing') return 'missing';
  return side === 'in' ? 'breaching' : 'notBreaching';
}
