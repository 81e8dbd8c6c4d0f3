import type { MetricSpec } from '../../shared/core/metric.ts';
import type {
  ExpressionStrategy,
  QueueStrategy,
  SizeChange,
  StepRule,
  StepScalingStrategy,
  Strategy,
  StrategyAlarms,
  ThresholdRule,
  ThresholdStrategy,
} from '../../shared/core/strategy.ts';
import { aMetric, anExpression, aQueue, aStepScaling, aThreshold, divided } from './a-strategy.ts';
import { fc } from './fast-check.ts';

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 3 });

/** M of N of an alarm. */
export const anySensitivity = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .map(([one, other]) => ({ datapoints: Math.min(one, other), of: Math.max(one, other) }));

const alarms: fc.Arbitrary<StrategyAlarms> = fc.record({
  out: orNull(anySensitivity),
  in: orNull(anySensitivity),
});
const scope = fc.constantFrom(
  'average' as const,
  'average' as const,
  'total' as const,
  'independent' as const,
);

const metric = (id: string): fc.Arbitrary<MetricSpec> =>
  fc
    .constantFrom('missing' as const, 'missing' as const, 'zero' as const)
    .map((whenMissing) => aMetric({ id, label: id, whenMissing }));

const change: fc.Arbitrary<SizeChange> = fc.oneof(
  fc.integer({ min: 1, max: 8 }).map((value) => ({ kind: 'units', value }) as const),
  fc.constantFrom(1, 10, 50, 100).map((value) => ({ kind: 'percent', value }) as const),
  fc.nat({ max: 25 }).map((value) => ({ kind: 'exact', value }) as const),
);

const threshold = (limit: fc.Arbitrary<number>): fc.Arbitrary<ThresholdRule> =>
  fc.record({ threshold: limit, forSeconds: fc.constantFrom(0, 60, 180), change });

const anyThreshold = (id: string): fc.Arbitrary<ThresholdStrategy> =>
  fc
    .record({
      metric: metric(id),
      scope,
      alarms,
      out: orNull(threshold(fc.constantFrom(60, 70, 80))),
      in: orNull(threshold(fc.constantFrom(10, 30, 55))),
    })
    .filter((given) => given.out !== null || given.in !== null)
    .map((given) => aThreshold(given));

/** Steps that begin at the threshold and go on without a gap, outwards. */
const steps = (sign: 1 | -1, adjustment: fc.Arbitrary<number>): fc.Arbitrary<StepRule> =>
  fc
    .tuple(fc.constantFrom(40, 50), fc.array(adjustment, { minLength: 1, maxLength: 3 }))
    .map(([limit, adjustments]) => ({
      threshold: limit,
      steps: adjustments.map((value, index) => {
        // Taken from zero: minus zero comes back from JSON as zero.
        const [near, far] = [
          0 + index * 10 * sign,
          index === adjustments.length - 1 ? null : (index + 1) * 10 * sign,
        ];
        return sign === 1
          ? { lower: near, upper: far, adjustment: value }
          : { lower: far, upper: near, adjustment: 0 - value };
      }),
    }));

const anyStepScaling = (id: string): fc.Arbitrary<StepScalingStrategy> =>
  fc
    .constantFrom('ChangeInCapacity' as const, 'PercentChangeInCapacity' as const, 'ExactCapacity' as const)
    .chain((adjustmentType) => {
      const adjustment = fc.constantFrom(0, 1, 2, 10, 30);
      const size = fc.nat({ max: 25 });
      const exact = adjustmentType === 'ExactCapacity';
      return fc.record({
        metric: metric(id),
        scope,
        alarms,
        adjustmentType: fc.constant(adjustmentType),
        minAdjustmentMagnitude: orNull(fc.integer({ min: 1, max: 4 })),
        out: orNull(steps(1, exact ? size : adjustment)),
        in: orNull(
          steps(-1, exact ? size : adjustment).map((rule) =>
            exact
              ? {
                  ...rule,
                  steps: rule.steps.map((step) => ({ ...step, adjustment: Math.abs(step.adjustment) })),
                }
              : rule,
          ),
        ),
      });
    })
    .filter((given) => given.out !== null || given.in !== null)
    .map((given) => aStepScaling(given));

const anyQueue = (id: string): fc.Arbitrary<QueueStrategy> =>
  fc
    .record({
      metric: metric(id),
      backlogPerWorker: fc.oneof(
        fc.constantFrom(1, 10, 100).map((messages) => ({ kind: 'fixed', messages }) as const),
        fc.constantFrom(1, 30).map(
          (seconds) =>
            ({
              kind: 'latency',
              targetLatencySeconds: 300,
              concurrency: 1,
              execution: { kind: 'fixed', seconds },
            }) as const,
        ),
        metric('memory').map(
          (measured) =>
            ({
              kind: 'latency',
              targetLatencySeconds: 300,
              concurrency: 2,
              execution: { kind: 'metric', metric: measured },
            }) as const,
        ),
      ),
      memory: orNull(metric('memory').map((each) => ({ metric: each, above: 80, below: 40 }))),
      in: fc.record({ queueLength: fc.constantFrom(0, 10), idleSeconds: fc.constantFrom(0, 120) }),
      activation: fc.constantFrom(0, 5),
      alarms,
    })
    .map((given) => aQueue(given));

const anyExpression = (id: string): fc.Arbitrary<ExpressionStrategy> =>
  fc.tuple(metric(id), fc.constantFrom(0, 7, 100), fc.boolean()).map(([measured, value, scaled]) =>
    anExpression({
      id,
      metrics: [measured],
      source: `${id} / ${scaled ? 'ready' : value}`,
      formula: divided(
        { op: 'metric', id },
        scaled ? { op: 'variable', name: 'ready' } : { op: 'number', value },
      ),
    }),
  );

/** Any strategy that tracks no target, on a metric of the given id. */
export const anyOtherStrategy = (id: string): fc.Arbitrary<Strategy> =>
  fc.oneof(anyThreshold(id), anyStepScaling(id), anyQueue(id), anyExpression(id));
