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
}

/** When an alarm changes its state: `datapoints` of the last `of` periods beyond the threshold. */
export interface AlarmSensitivity {
  readonly datapoints: number;
  readonly of: number;
}

/** Keeps a metric at a target value: wish = ready units × value / target. */
export interface TargetTrackingStrategy {
  readonly kind: 'target-tracking';
  readonly metric: MetricSpec;
  /** The value to hold, in the unit of the metric. */
  readonly target: number;
  /** `average`: the metric is a mean over units. `total`: it is a sum, and `target` is the share of one unit. */
  readonly scope: 'average' | 'total';
  /** Ratio of metric to target that is left alone, as a fraction; bounds included. */
  readonly tolerance: { readonly out: number; readonly in: number };
  /** `in: null` means that no alarm asks for scale-in. */
  readonly alarms: { readonly out: AlarmSensitivity; readonly in: AlarmSensitivity | null };
}

/** What proposes a size. Further kinds join this union. */
export type Strategy = TargetTrackingStrategy;

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
  readonly size: number;
  /** Evaluations in a row without any metric before the fallback applies. */
  readonly afterMisses: number;
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
}
