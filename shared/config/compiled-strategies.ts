import * as z from 'zod/mini';
import { FORMULA_FUNCTIONS, type Formula } from '../core/formula.ts';
import { type Instant, instant } from '../core/time.ts';

/** Strategies as they travel in a bundle; in zod/mini, like the policies around them. */

/** A whole number of zero or more. */
export const Count = z.int().check(z.gte(0));
/** A whole number of one or more. */
export const Positive = z.int().check(z.gte(1));
/** A number of zero or more. */
export const Fraction = z.number().check(z.gte(0));
/** A number above zero. */
export const Above = z.number().check(z.gt(0));
/** A text that says something. */
export const Text = z.string().check(z.minLength(1));
/** Milliseconds since 1970. */
export const Moment = z.pipe(
  z.int(),
  z.transform((value: number): Instant => instant(value)),
);

const Stat = {
  namespace: Text,
  name: Text,
  dimensions: z.record(z.string(), z.string()),
  stat: Text,
};

const Query = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stat'), ...Stat }),
  z.strictObject({
    kind: z.literal('expression'),
    expression: Text,
    metrics: z.record(z.string(), z.strictObject(Stat)),
  }),
]);

/** A metric. */
export const Metric = z.strictObject({
  id: Text,
  label: Text,
  unit: z.string(),
  query: Query,
  periodSeconds: Positive,
  staleAfterSeconds: Positive,
  whenMissing: z.enum(['missing', 'zero']),
  historySeconds: Count,
  unitDimension: z.optional(Text),
});

const Sensitivity = z.strictObject({ datapoints: Positive, of: Positive });

const Alarms = z.strictObject({ out: z.nullable(Sensitivity), in: z.nullable(Sensitivity) });

const Scope = z.enum(['average', 'total', 'independent']);

const PerUnit = z.strictObject({
  kind: z.enum(['utilization', 'averageValue', 'value']),
  gatesOnReadiness: z.boolean(),
  initializationSeconds: Fraction,
  readinessDelaySeconds: Fraction,
});

const TargetTracking = z.strictObject({
  kind: z.literal('target-tracking'),
  metric: Metric,
  target: Above,
  scope: z.enum(['average', 'total']),
  activation: Fraction,
  perUnit: z.optional(PerUnit),
  tolerance: z.strictObject({ out: Fraction, in: Fraction }),
  alarms: z.strictObject({ out: Sensitivity, in: z.nullable(Sensitivity) }),
});

const Bound = z.nullable(z.number());

const StepRule = z.strictObject({
  threshold: z.number(),
  steps: z.array(z.strictObject({ lower: Bound, upper: Bound, adjustment: z.int() })).check(z.minLength(1)),
});

const StepScaling = z.strictObject({
  kind: z.literal('step'),
  metric: Metric,
  scope: Scope,
  adjustmentType: z.enum(['ChangeInCapacity', 'PercentChangeInCapacity', 'ExactCapacity']),
  minAdjustmentMagnitude: z.nullable(Positive),
  out: z.nullable(StepRule),
  in: z.nullable(StepRule),
  alarms: Alarms,
});

const ThresholdRule = z.strictObject({
  threshold: z.number(),
  forSeconds: Count,
  change: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('units'), value: Positive }),
    z.strictObject({ kind: z.literal('percent'), value: Above }),
    z.strictObject({ kind: z.literal('exact'), value: Count }),
  ]),
});

const Threshold = z.strictObject({
  kind: z.literal('threshold'),
  metric: Metric,
  scope: Scope,
  out: z.nullable(ThresholdRule),
  in: z.nullable(ThresholdRule),
  alarms: Alarms,
});

const Execution = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), seconds: Above }),
  z.strictObject({ kind: z.literal('metric'), metric: Metric }),
]);

const Backlog = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), messages: Above }),
  z.strictObject({
    kind: z.literal('latency'),
    targetLatencySeconds: Above,
    concurrency: Above,
    execution: Execution,
  }),
]);

const Queue = z.strictObject({
  kind: z.literal('queue'),
  metric: Metric,
  backlogPerWorker: Backlog,
  memory: z.nullable(z.strictObject({ metric: Metric, above: Above, below: Above })),
  in: z.strictObject({ queueLength: Fraction, idleSeconds: Count }),
  activation: Fraction,
  alarms: Alarms,
});

const Operator = z.enum(['+', '-', '*', '/', '%', '<', '<=', '>', '>=', '==', '!=']);

const Parsed: z.ZodMiniType<Formula> = z.lazy(() =>
  z.discriminatedUnion('op', [
    z.strictObject({ op: z.literal('number'), value: z.number() }),
    z.strictObject({ op: z.literal('metric'), id: Text }),
    z.strictObject({ op: z.literal('variable'), name: z.enum(['size', 'ready']) }),
    z.strictObject({ op: z.literal('negate'), of: Parsed }),
    z.strictObject({ op: z.literal('binary'), operator: Operator, left: Parsed, right: Parsed }),
    // biome-ignore lint/suspicious/noThenProperty: plain data of a formula, never awaited.
    z.strictObject({ op: z.literal('if'), when: Parsed, then: Parsed, otherwise: Parsed }),
    z.strictObject({
      op: z.literal('call'),
      name: z.enum(FORMULA_FUNCTIONS),
      args: z.array(Parsed).check(z.minLength(1)),
    }),
  ]),
);

const Expression = z.strictObject({
  kind: z.literal('expression'),
  id: Text,
  label: Text,
  metrics: z.array(Metric).check(z.minLength(1)),
  source: Text,
  formula: Parsed,
});

/** A strategy of any kind. */
export const Strategy = z.discriminatedUnion('kind', [
  TargetTracking,
  StepScaling,
  Threshold,
  Queue,
  Expression,
]);
