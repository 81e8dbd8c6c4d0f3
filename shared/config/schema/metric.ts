import * as z from 'zod';
import { mapping, text } from './mapping.ts';

/** Identifier of a metric: what CloudWatch takes for the id of a query. */
export const MetricId = text(
  /^[a-z][a-zA-Z0-9_]{0,99}$/,
  'a metric id',
  'begin with a lower-case letter; then letters, digits and "_"',
).describe('Unique in its policy; part of alarm names. A lower-case letter, then letters, digits and "_".');

const Label = z
  .string()
  .min(1)
  .max(60)
  .describe('How sentences call the metric. Default: the name of the metric.');
const Unit = z
  .string()
  .max(20)
  .describe('What sentences write after its values, for example "%" or "ms". Default: nothing.');

/** Length of a datapoint: what PutMetricAlarm takes for Period. */
export const Period = z
  .int()
  .min(10)
  .max(86_400)
  .refine((value) => [10, 20, 30].includes(value) || value % 60 === 0, {
    error: ({ input }) => `${String(input)} is no period of CloudWatch (10, 20, 30, or a multiple of 60)`,
  })
  .describe(
    'Length of one datapoint in seconds: 10, 20, 30 (high-resolution metrics only) or a multiple of 60. Default 60.',
  );

const Statistic = text(
  /^(SampleCount|Average|Sum|Minimum|Maximum|IQM|p100|(p|tm|tc|ts|wm)\d{1,2}(\.\d{1,10})?|(TM|TC|TS|WM|PR)\(([\d.]*%?):([\d.]*%?)\))$/,
  'a statistic of CloudWatch',
  'Average, Sum, Minimum, Maximum, SampleCount, or a percentile such as p95',
).describe(
  'Statistic: Average, Sum, Minimum, Maximum, SampleCount, or a percentile such as p95. Default Average.',
);

const source = {
  namespace: text(/^[^:\p{C}][^\p{C}]{0,254}$/u, 'a namespace', '1 to 255 printable characters').describe(
    'CloudWatch namespace, for example AWS/SQS.',
  ),
  name: text(/^[^\p{C}]{1,255}$/u, 'a metric name', '1 to 255 printable characters').describe(
    'CloudWatch metric name.',
  ),
  dimensions: z
    .record(
      text(/^[^\p{C}]{1,255}$/u, 'a dimension name', '1 to 255 printable characters'),
      z.string().min(1).max(1024),
    )
    .optional()
    .refine((dimensions) => dimensions === undefined || Object.keys(dimensions).length <= 30, {
      error: 'more than 30 dimensions (CloudWatch takes up to 30)',
    })
    .describe('Dimensions that select the metric, name to value; all of them. Default: none.'),
  stat: Statistic.optional(),
};

/** One CloudWatch metric inside an expression. */
export const MetricSource = mapping(source);

/** The metrics that Plimsoll knows by name. */
export const PRESETS = [
  'cpu',
  'memory',
  'requests-per-task',
  'request-rate',
  'error-rate',
  'latency',
  'queue-length',
  'connections',
  'replica-lag',
  'hit-rate',
] as const;

const PresetMetric = mapping({
  preset: z
    .enum(PRESETS)
    .describe(
      'cpu, memory: mean over the units in percent. requests-per-task: requests of the target group per task and period. request-rate: requests per second. error-rate: percent of requests answered with 5xx. latency: response time in seconds. queue-length: messages waiting in an SQS queue. connections: client connections of a database or cache node. replica-lag: seconds (Aurora: milliseconds) behind the source. hit-rate: percent of reads that the cache answers. Of what a metric is depends on the target: docs/targets.md.',
    ),
  loadBalancer: text(
    /^app\/[^/]+\/[0-9a-f]+$/,
    'an application load balancer',
    'write the end of its ARN: app/NAME/ID',
  )
    .optional()
    .describe('For the presets of a load balancer: the end of its ARN, app/NAME/ID.'),
  targetGroup: text(
    /^targetgroup\/[^/]+\/[0-9a-f]+$/,
    'a target group',
    'write the end of its ARN: targetgroup/NAME/ID',
  )
    .optional()
    .describe(
      'The end of the ARN of the target group, targetgroup/NAME/ID: required for requests-per-task; narrows request-rate, error-rate and latency.',
    ),
  queueName: text(
    /^[A-Za-z0-9_-]{1,80}(\.fifo)?$/,
    'the name of an SQS queue',
    'up to 80 letters, digits, "_" and "-"; the name, not the URL or ARN',
  )
    .optional()
    .describe('For queue-length: the name of the queue.'),
  stat: Statistic.optional().describe('For latency: the statistic. Default p95.'),
  id: MetricId.optional(),
  label: Label.optional(),
  periodSeconds: Period.optional(),
});

const shown = { label: Label.optional(), unit: Unit.optional(), periodSeconds: Period.optional() };

const expression = {
  expression: z
    .string()
    .min(1)
    .max(1024)
    .describe('CloudWatch metric math over the ids below, for example m1/m2.'),
  metrics: z
    .record(MetricId, MetricSource)
    .refine((metrics) => Object.keys(metrics).length >= 1 && Object.keys(metrics).length <= 10, {
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-data-queries.html
      error: 'needs 1 to 10 metrics (an alarm on metric math takes up to 10)',
    })
    .describe('The metrics of the expression, by id.'),
};

/** The metric of a strategy: a preset, a CloudWatch metric, or metric math. The order is that of `chooseBranch`. */
export const Metric = z
  .union([
    PresetMetric,
    mapping({ id: MetricId, ...source, ...shown }),
    mapping({ id: MetricId, ...expression, ...shown }),
  ])
  .describe('What is measured: a preset, a CloudWatch metric, or metric math over several.');

/** The CloudWatch metric behind a metric of a HorizontalPodAutoscaler, which names it only. */
export const BoundMetric = z
  .union([
    mapping({ id: MetricId.optional(), ...source, ...shown }),
    mapping({ id: MetricId.optional(), ...expression, ...shown }),
  ])
  .describe('The CloudWatch metric, or metric math, that an Object, External or Pods metric stands for.');

/** A metric as read from a document. */
export type MetricDocument = z.infer<typeof Metric>;
/** A bound metric as read from a document. */
export type BoundMetricDocument = z.infer<typeof BoundMetric>;
