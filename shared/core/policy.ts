import type { Formula } from './formula.ts';
import type { Schedule } from './schedule.ts';
import type { Target } from './target.ts';

/** One CloudWatch metric with its statistic. */
export interface MetricStat {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** A CloudWatch statistic: Average, Sum, Maximum, p95 … */
  readonly stat: string;
}

/** Where the numbers come from: one metric, or a metric math expression over several. */
export type MetricQuery =
  | ({ readonly kind: 'stat' } & MetricStat)
  | {
      readonly kind: 'expression';
      /** CloudWatch metric math over the keys of `metrics`, for example `m1/m2`. */
      readonly expression: string;
      readonly metrics: Readonly<Record<string, MetricStat>>;
    };

/** A metric as a policy uses it. */
export interface MetricSpec {
  /** Unique in its policy: part of alarm names, logs and events. `^[a-z][a-zA-Z0-9_]*$`: without a dash, alarm names stay unambiguous. */
  readonly id: string;
  /** How sentences call it, for example `CPU`. */
  readonly label: string;
  /** How sentences write its values, for example ` %`; empty for plain numbers. */
  readonly unit: string;
  readonly query: MetricQuery;
  /** Length of one datapoint in seconds: 10, 20, 30 or a multiple of 60. */
  readonly periodSeconds: number;
  /** A datapoint older than this counts as missing. */
  readonly staleAfterSeconds: number;
  /** What a metric that disappears means. `zero` is an explicit choice of the policy's author. */
  readonly whenMissing: 'missing' | 'zero';
  /** How many seconds of earlier datapoints come with the newest one; 0 = none. For sustained thresholds and idle times. */
  readonly historySeconds: number;
}

/** When an alarm changes its state: `datapoints` of the last `of` periods beyond the threshold. */
export interface AlarmSensitivity {
  readonly datapoints: number;
  readonly of: number;
}

/**
 * How a metric answers to the size. `average`: a mean over units, so half the units carry twice as much. `total`: a sum
 * that the size does not change. `independent`: it does not follow the size in any known way (an error rate, a latency).
 */
export type MetricScope = 'average' | 'total' | 'independent';

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

/** One rate policy of `autoscaling/v2`: at most `value` units or percent in `periodSeconds`. */
export interface RatePolicy {
  readonly type: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

/** The rules of one direction in `autoscaling/v2` behavior, completed with the defaults. */
export interface ScalingRules {
  readonly stabilizationWindowSeconds: number;
  readonly policies: readonly RatePolicy[];
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
}

/**
 * How fast the size may follow the wish.
 * `none`: cooldowns alone pace the policy. `rules`: the `behavior` block of `autoscaling/v2`.
 * `implicit`: a HorizontalPodAutoscaler without the block, which is an algorithm of its own.
 */
export type Behavior =
  | { readonly kind: 'none' }
  | { readonly kind: 'implicit'; readonly downscaleStabilizationSeconds: number }
  | { readonly kind: 'rules'; readonly scaleUp: ScalingRules; readonly scaleDown: ScalingRules };

/** The size to go to when every metric has been missing for a while. */
export interface Fallback {
  /** `static`: the size. `current`: stay, and count as content. `higher`, `lower`: the larger or smaller of the size and the current one. */
  readonly mode: 'static' | 'current' | 'higher' | 'lower';
  /** Ignored by `current`. */
  readonly size: number;
  /** Evaluations in a row without any metric before the fallback applies. */
  readonly afterMisses: number;
  /** Good evaluations in a row before automation may scale in again after the fallback applied. */
  readonly recoverAfter: number;
}

/**
 * The incident guard: a load that falls much faster than its own history while errors rise is an outage, not a quiet hour.
 * Capacity is held, for a bounded time, and then given back in steps.
 */
export interface IncidentGuard {
  /** What falls: requests, as a total or an average. */
  readonly load: MetricSpec;
  /** What rises: an error rate or a count of errors. */
  readonly errors: MetricSpec;
  /** An incident begins when the load is this share (0..1) below the median of its history … */
  readonly drop: number;
  /** … while errors are above this value, and above the median of their own history. */
  readonly errorsAbove: number;
  /** No scale-in for so long after it was last seen … */
  readonly holdSeconds: number;
  /** … and never longer than this after it began. */
  readonly longestHoldSeconds: number;
  /** After the hold, at most this percent of the size goes in one scale-in while `rampSeconds` run. */
  readonly rampPercent: number;
  readonly rampSeconds: number;
}

/** What one unit reserves: for the quota over all targets. */
export interface UnitResources {
  /** vCPU. */
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** Limits over all targets of a deployment, from a Guardrails or ResourceQuota document; the same in every policy. */
export interface Guardrails {
  /** At most `units` of change, both directions together, in `seconds`. */
  readonly changeBudget: { readonly units: number; readonly seconds: number } | null;
  /** At most so much reserved by the units of all targets that declare what a unit reserves. */
  readonly quota: { readonly cpu: number | null; readonly memoryMiB: number | null } | null;
}

/** A scaling policy, validated and with every default filled in: the only form the core knows. */
export interface Policy {
  /** Unique among the policies of one deployment. */
  readonly name: string;
  readonly target: Target;
  readonly bounds: { readonly min: number; readonly max: number };
  readonly strategies: readonly Strategy[];
  readonly behavior: Behavior;
  /** `out`: seconds from the end of a scale-out to the next. `in`: seconds from the end of any resize to a scale-in. */
  readonly cooldownSeconds: { readonly out: number; readonly in: number };
  readonly fallback: Fallback | null;
  /** `whenAwake`: alarms wake the target. `everyMinute`: it never sleeps, and pays for its metric reads. */
  readonly evaluation: 'whenAwake' | 'everyMinute';
  /** Automation that the author switched off; manual scaling still works. */
  readonly paused: { readonly out: boolean; readonly in: boolean };
  /** Seconds after which an unfinished resize counts as failed. */
  readonly resizeTimeoutSeconds: number;
  /** Names of the user's own alarms (composite ones, say) that also wake this target. */
  readonly wakeOnAlarms: readonly string[];
  /** Windows in time that set bounds, a desired size, or a freeze. */
  readonly schedule: Schedule | null;
  /** The size that a circuit breaker goes to; null = none declared. */
  readonly coreSize: number | null;
  readonly incident: IncidentGuard | null;
  /** What one unit reserves; null = not counted in the quota. */
  readonly unitResources: UnitResources | null;
  readonly guardrails: Guardrails;
  /**
   * What a size of zero means. `resume`: it is below the minimum, or automation's own. `kubernetes`: one that automation did
   * not set itself stays, as a HorizontalPodAutoscaler treats it.
   */
  readonly atZero: 'resume' | 'kubernetes';
  /** Share of holds (0..1) whose receipt is stored; resizes always are. */
  readonly receiptsOfHolds: number;
}
