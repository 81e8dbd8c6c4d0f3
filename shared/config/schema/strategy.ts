import * as z from 'zod';
import { Alarms, MissingMetric, seconds } from './common.ts';
import { Duration } from './duration.ts';
import { mapping } from './mapping.ts';
import { Metric, MetricId } from './metric.ts';

const missingData = MissingMetric.optional().describe('For this metric, instead of the rule of the policy.');

/** Keeps a metric at a target value. */
export const TargetTracking = mapping({
  type: z
    .literal('target-tracking')
    .describe('Keeps the metric at its target: tasks x value / target, rounded up.'),
  target: z.number().positive().describe('The value to hold, in the unit of the metric; more than 0.'),
  metric: Metric,
  scope: z
    .enum(['average', 'total'])
    .optional()
    .describe(
      'average: the metric is a mean over tasks. total: it is a sum, and target is the share of one task. Default: what the preset is; average for other metrics.',
    ),
  activation: z
    .number()
    .min(0)
    .optional()
    .describe('For a total: from no task at all the first is asked for only above this value. Default 0.'),
  tolerance: mapping({
    out: z
      .number()
      .min(0)
      .max(10)
      .optional()
      .describe('Share above the target that is left alone. Default 0.1.'),
    in: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe('Share below the target that is left alone. Default 0.1.'),
  })
    .optional()
    .describe(
      'The band around the target in which the size stays; its edges are the thresholds of the alarms.',
    ),
  alarms: Alarms.optional(),
  missingData,
});

const scope = z
  .enum(['average', 'total', 'independent'])
  .optional()
  .describe(
    'How the metric answers to the size. average: a mean over tasks. total: a sum that the size does not change. independent: in no known way. Default: what the preset is; independent for other metrics.',
  );

const StepAdjustment = mapping({
  metricIntervalLowerBound: z
    .number()
    .nullable()
    .optional()
    .describe('Where the step begins, as a difference from the threshold; absent = no end below.'),
  metricIntervalUpperBound: z
    .number()
    .nullable()
    .optional()
    .describe('Where the step ends, as a difference from the threshold; absent = no end above.'),
  scalingAdjustment: z
    .int32()
    .describe('Tasks, percent, or a size, by adjustmentType; negative for less in scaleIn.'),
});

const steps = (direction: string) =>
  mapping({
    threshold: z.number().min(0).describe('The value of the metric from which the steps are measured.'),
    steps: z
      .array(StepAdjustment)
      .min(1)
      .max(20)
      .describe('One to 20 steps without gaps or overlaps, the last one without an end.'),
  }).describe(direction);

/** Step scaling in the words of Application Auto Scaling. */
export const StepScaling = mapping({
  type: z.literal('step').describe('Step scaling, as in Application Auto Scaling.'),
  metric: Metric,
  scope,
  adjustmentType: z
    .enum(['ChangeInCapacity', 'PercentChangeInCapacity', 'ExactCapacity'])
    .describe('What scalingAdjustment counts: tasks, percent of the size, or the size itself.'),
  minAdjustmentMagnitude: z
    .int()
    .min(1)
    .optional()
    .describe('For PercentChangeInCapacity: change by at least so many tasks. Default 1.'),
  scaleOut: steps('Steps at the threshold and above it.').optional(),
  scaleIn: steps('Steps at the threshold and below it.').optional(),
  alarms: Alarms.optional(),
  missingData,
});

/** How much a threshold rule changes; the order is that of `chooseBranch`. */
export const Change = z
  .union([
    z.int32(),
    z.string(),
    mapping({ exact: z.int32().min(0).describe('The size to go to; inside the bounds.') }),
  ])
  .describe('+2, "+50%" or { exact: 8 }; -1, "-10%" or { exact: 2 } in scaleIn.');

const sustained = {
  for: Duration.optional().describe(
    'How long every datapoint has to be beyond it: 10m. Default: the newest alone.',
  ),
  forSeconds: seconds(0).optional().describe('The same in seconds.'),
  change: Change,
};

/** Thresholds with a sustained duration. */
export const Threshold = mapping({
  type: z
    .literal('threshold')
    .describe('A change of size when the metric was beyond a threshold for a time.'),
  metric: Metric,
  scope,
  scaleOut: mapping({
    above: z.number().min(0).describe('Scale out strictly above this value.'),
    ...sustained,
  })
    .optional()
    .describe('When to grow, and by how much.'),
  scaleIn: mapping({
    below: z.number().positive().describe('Scale in strictly below this value.'),
    ...sustained,
  })
    .optional()
    .describe('When to shrink, and by how much; below the threshold for scale-out.'),
  alarms: Alarms.optional(),
  missingData,
});

const Latency = mapping({
  targetLatencySeconds: z.number().positive().describe('How long a message may wait until it is done.'),
  executionSeconds: z.number().positive().optional().describe('How long a worker needs for one message.'),
  executionTime: Metric.optional().describe(
    'Instead of executionSeconds: a metric that measures it, in seconds.',
  ),
  concurrency: z
    .number()
    .positive()
    .optional()
    .describe('Messages that a worker handles at once. Default 1.'),
});

/** Workers for a queue. */
export const Queue = mapping({
  type: z.literal('queue').describe('Workers for a queue: its length / backlogPerWorker, rounded up.'),
  queueLength: Metric.describe(
    'The number of messages waiting: the preset queue-length, or a metric of your own.',
  ),
  backlogPerWorker: z
    .union([z.number().positive(), Latency])
    .describe(
      'Messages that one worker may have waiting; or the latency wanted and the time of one execution, from which it follows.',
    ),
  memory: mapping({
    metric: Metric,
    above: z.number().positive().describe('Above it one more worker is asked for.'),
    below: z.number().positive().describe('Only below it workers are taken away.'),
  })
    .optional()
    .describe('Mean memory of a worker.'),
  scaleIn: mapping({
    queueLength: z.number().min(0).describe('The queue counts as idle at this length and below.'),
    idle: Duration.optional().describe('How long it has to be idle: 5m.'),
    idleSeconds: seconds(0).optional().describe('The same in seconds. Default 300.'),
  }).describe('Workers are taken away only when the queue has been idle for a time.'),
  activation: z
    .number()
    .min(0)
    .optional()
    .describe('From no worker at all the first is asked for only above this length. Default 0.'),
  alarms: Alarms.optional(),
  missingData,
});

/** A size computed from several metrics. */
export const Expression = mapping({
  type: z.literal('expression').describe('A size computed from metrics; the target is asked each minute.'),
  id: MetricId.optional().describe('Unique among the metric ids of the policy. Default formula.'),
  label: z.string().min(1).max(60).optional().describe('How sentences call it. Default: the formula.'),
  metrics: z.array(Metric).min(1).max(10).describe('The metrics of the formula, 1 to 10.'),
  desired: z
    .string()
    .min(1)
    .max(1024)
    .describe(
      'The size: numbers, metric ids, size, ready, + - * / %, comparisons, a ? b : c, and min, max, ceil, floor, round, abs. Rounded up.',
    ),
  missingData,
});

/** What proposes a size, by `type`. */
export const StrategyDocument = z.discriminatedUnion('type', [
  TargetTracking,
  StepScaling,
  Threshold,
  Queue,
  Expression,
]);

/** A strategy as read. */
export type StrategyDocument = z.infer<typeof StrategyDocument>;
/** A strategy of one type as read. */
export type StrategyOf<Type extends StrategyDocument['type']> = Extract<StrategyDocument, { type: Type }>;
