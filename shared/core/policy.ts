import type { MetricSpec } from './metric.ts';
import type { Schedule } from './schedule.ts';
import type { Strategy } from './strategy.ts';
import type { Target } from './target.ts';

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
