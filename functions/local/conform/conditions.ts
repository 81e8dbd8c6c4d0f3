import type { Decision } from '../../../shared/core/decision.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { limit, stabilized } from './limited-by.ts';
import type { Metric } from './metrics.ts';

/** Type of condition to status and reason. */
export type Conditions = Readonly<Record<string, readonly [status: string, reason: string]>>;

/** What a cycle is reported by. */
export interface Cycle {
  readonly decision: Decision;
  readonly policy: Policy;
  /** The metrics of the spec, in its order; the strategies have the same. */
  readonly metrics: readonly Metric[];
  /** Whether the rule of 1.37 for a target at zero is in force. */
  readonly scaleToZero: boolean;
  readonly before: Conditions;
}

/** The status conditions that a HorizontalPodAutoscaler would show after a cycle. */
export function conditionsAfter(cycle: Cycle): Conditions {
  const { ScaledToZero, ...others } = cycle.before;
  return {
    ...others,
    ...(ScaledToZero !== undefined && cycle.scaleToZero ? { ScaledToZero } : {}),
    ...active(cycle),
    ...able(cycle),
  };
}

function active({ decision, policy, metrics }: Cycle): Conditions {
  if (decision.kind === 'hold' && decision.reason === 'stopped-at-zero') {
    return { AbleToScale: ['True', 'SucceededGetScale'], ScalingActive: ['False', 'ScalingDisabled'] };
  }
  if (decision.kind === 'hold' && (decision.reason === 'blind' || decision.reason === 'metric-missing')) {
    return {
      AbleToScale: ['True', 'SucceededGetScale'],
      ScalingActive: ['False', failureOf(decision, policy, metrics)],
    };
  }
  if (decision.kind === 'resize' && decision.cause === 'bounds') return {};
  return {
    AbleToScale: ['True', ABLE[stabilized(decision) ?? 'none']],
    ScalingActive: ['True', 'ValidMetricFound'],
    ScalingLimited: limitedOf(decision, policy),
  };
}

const ABLE = {
  stabilizationUp: 'ScaleUpStabilized',
  stabilizationDown: 'ScaleDownStabilized',
  none: 'ReadyForNewScale',
} as const;

const LIMITS = {
  min: 'TooFewReplicas',
  max: 'TooManyReplicas',
  scaleUpRate: 'ScaleUpLimit',
  scaleDownRate: 'ScaleDownLimit',
} as const;

function limitedOf(decision: Decision, policy: Policy): readonly [string, string] {
  const by = limit(decision, policy);
  return by === null ? ['False', 'DesiredWithinRange'] : ['True', LIMITS[by]];
}

/** A rescale succeeds at once in a vector, and says whether automation went to zero. */
function able({ decision, policy, metrics, scaleToZero }: Cycle): Conditions {
  if (decision.kind !== 'resize') return {};
  const { from, to } = decision;
  const own =
    from > 0 &&
    to === 0 &&
    policy.bounds.min === 0 &&
    metrics.some(({ type }) => type === 'Object' || type === 'External');
  return {
    AbleToScale: ['True', 'SucceededRescale'],
    ...(scaleToZero
      ? { ScaledToZero: own ? (['True', 'ScaledToZero'] as const) : (['False', 'NotScaledToZero'] as const) }
      : {}),
  };
}

const FAILURES: Readonly<Record<string, string>> = {
  Resource: 'FailedGetResourceMetric',
  ContainerResource: 'FailedGetContainerResourceMetric',
  Pods: 'FailedGetPodsMetric',
  Object: 'FailedGetObjectMetric',
  External: 'FailedGetExternalMetric',
};

/** The first metric of the spec that failed gives the reason. */
function failureOf(decision: Decision, policy: Policy, metrics: readonly Metric[]): string {
  const missing = decision.trace.flatMap((step) => (step.step === 'missing' ? [step.metric] : []));
  const first = metrics.find((_, index) => {
    const strategy = policy.strategies[index];
    return strategy?.kind === 'target-tracking' && missing.includes(strategy.metric.id);
  });
  return FAILURES[first?.type ?? ''] ?? 'InvalidMetricSourceType';
}
