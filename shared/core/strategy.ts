import type { Formula } from './formula.ts';
import type { MetricScope, MetricSpec } from './metric.ts';

/** When an alarm changes its state: `datapoints` of the last `of` periods beyond the threshold. */
export interface AlarmSensitivity {
  readonly datapoints: number;
  readonly of: number;
}

/** The alarms of one metric; null where none asks. */
export interface StrategyAlarms {
  readonly out: AlarmSensitivity | null;
  readonly in: AlarmSensitivity | null;
}

/** How the values of single units are scored, with the rules of `autoscaling/v2`. */
export interface PerUnitRules {
  /**
   * `utilization`: the sum of the samples in whole percents of the sum of what the units have. `averageValue`: their mean, or
   * for a total the share of one unit. `value`: one number for all of them, which answers in proportion to the units that serve.
   */
  readonly kind: 'utilization' | 'averageValue' | 'value';
  /** Whether samples of units that are not ready are set aside: CPU while starting says nothing of the load. */
  readonly gatesOnReadiness: boolean;
  /** For so long after its start a unit must be ready, and measured since, to count. */
  readonly initializationSeconds: number;
  /** A unit that is not ready and last changed within this after its start has never been ready. */
  readonly readinessDelaySeconds: number;
}

/** Keeps a metric at a target value: wish = ready units × value / target. */
export interface TargetTrackingStrategy {
  readonly kind: 'target-tracking';
  readonly metric: MetricSpec;
  /** The value to hold, in the unit of the metric. */
  readonly target: number;
  /** `average`: the metric is a mean over units. `total`: it is a sum, and `target` is the share of one unit. */
  readonly scope: 'average' | 'total';
  /** From no unit at all the first one is asked for only above this value of a total, and at or below it none is needed. 0 by default. */
  readonly activation: number;
  /** For readings unit by unit; absent = {@link perUnitRules} derives it from the metric. */
  readonly perUnit?: PerUnitRules | undefined;
  /** Ratio of metric to target that is left alone, as a fraction; bounds included. */
  readonly tolerance: { readonly out: number; readonly in: number };
  /** `in: null` means that no alarm asks for scale-in. */
  readonly alarms: { readonly out: AlarmSensitivity; readonly in: AlarmSensitivity | null };
}

/** One step: an adjustment for a difference `metric − threshold` in its interval; null = no end. Application Auto Scaling's StepAdjustment. */
export interface StepAdjustment {
  readonly lower: number | null;
  readonly upper: number | null;
  /** Units, percent, or a size, by the adjustment type; negative to scale in. */
  readonly adjustment: number;
}

/** The steps of one direction. */
export interface StepRule {
  readonly threshold: number;
  readonly steps: readonly StepAdjustment[];
}

/** Step scaling with the semantics of Application Auto Scaling. */
export interface StepScalingStrategy {
  readonly kind: 'step';
  readonly metric: MetricSpec;
  readonly scope: MetricScope;
  readonly adjustmentType: 'ChangeInCapacity' | 'PercentChangeInCapacity' | 'ExactCapacity';
  /** The least change of a percentage, in units; null = 1 where the percentage is not zero. */
  readonly minAdjustmentMagnitude: number | null;
  readonly out: StepRule | null;
  readonly in: StepRule | null;
  readonly alarms: StrategyAlarms;
}

/** A change of size, always positive: the rule says in which direction. */
export type SizeChange =
  | { readonly kind: 'units'; readonly value: number }
  | { readonly kind: 'percent'; readonly value: number }
  | { readonly kind: 'exact'; readonly value: number };

/** "Above 70 % for ten minutes: two more." */
export interface ThresholdRule {
  readonly threshold: number;
  /** Every datapoint of so many seconds must be beyond the threshold; 0 = the newest alone. */
  readonly forSeconds: number;
  readonly change: SizeChange;
}

/** Thresholds with a sustained duration: out strictly above the one, in strictly below the other. */
export interface ThresholdStrategy {
  readonly kind: 'threshold';
  readonly metric: MetricSpec;
  readonly scope: MetricScope;
  readonly out: ThresholdRule | null;
  readonly in: ThresholdRule | null;
  readonly alarms: StrategyAlarms;
}

/** How many waiting messages one worker may have. */
export type BacklogPerWorker =
  | { readonly kind: 'fixed'; readonly messages: number }
  | {
      /** What a worker can finish within the wanted latency: latency / execution time × concurrency. */
      readonly kind: 'latency';
      readonly targetLatencySeconds: number;
      readonly concurrency: number;
      readonly execution:
        | { readonly kind: 'fixed'; readonly seconds: number }
        | { readonly kind: 'metric'; readonly metric: MetricSpec };
    };

/** Workers for a queue: wish = queue length / backlog per worker, and memory pressure asks for one more. */
export interface QueueStrategy {
  readonly kind: 'queue';
  /** The length of the queue, a total. */
  readonly metric: MetricSpec;
  readonly backlogPerWorker: BacklogPerWorker;
  /** Mean memory of a worker: above `above` one more is asked for, and scale-in only below `below`. */
  readonly memory: { readonly metric: MetricSpec; readonly above: number; readonly below: number } | null;
  /** Scale-in only when the queue has been at or below `queueLength` for `idleSeconds`. */
  readonly in: { readonly queueLength: number; readonly idleSeconds: number };
  /** From no worker at all the first one is asked for only above this length. 0 by default. */
  readonly activation: number;
  readonly alarms: StrategyAlarms;
}

/** A size computed by a formula over several metrics: no alarm can know it, so its target is asked each minute. */
export interface ExpressionStrategy {
  readonly kind: 'expression';
  /** Unique among the metric ids of the policy. */
  readonly id: string;
  readonly label: string;
  readonly metrics: readonly MetricSpec[];
  /** The formula as it was written. */
  readonly source: string;
  readonly formula: Formula;
}

/** What proposes a size. */
export type Strategy =
  | TargetTrackingStrategy
  | StepScalingStrategy
  | ThresholdStrategy
  | QueueStrategy
  | ExpressionStrategy;
