import type * as z from 'zod';
import { operationOf } from '../../../shared/config/operation.ts';
import { parseQuantity } from '../../../shared/config/quantity.ts';
import { hpaBehavior } from '../../../shared/core/hpa/complete-rules.ts';
import type { MetricSpec } from '../../../shared/core/metric.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import type { PerUnitRules, TargetTrackingStrategy } from '../../../shared/core/strategy.ts';
import type { ControllerDefaults, PacedSpec } from './vector.ts';

/** The spec of a vector as a policy, with the defaults that a HorizontalPodAutoscaler document gets. */
export function hpaPolicy(
  spec: z.infer<typeof PacedSpec>,
  strategies: readonly TargetTrackingStrategy[],
  defaults: z.infer<typeof ControllerDefaults>,
): Policy {
  const none = { schedule: null, incident: null, unitResources: null };
  return {
    name: 'conform',
    target: { kind: 'ecs-service', cluster: 'conform', service: 'conform' },
    bounds: { min: spec.minReplicas, max: spec.maxReplicas },
    strategies,
    behavior: hpaBehavior(spec.behavior, defaults.scaleDownStabilizationSeconds),
    ...operationOf({}, none, {
      cooldownSeconds: { out: 0, in: 0 },
      atZero: 'kubernetes',
      least: spec.minReplicas,
    }),
  };
}

/** What a strategy of a vector differs in. */
export interface Tracking {
  readonly target: number;
  readonly scope: TargetTrackingStrategy['scope'];
  readonly kind: PerUnitRules['kind'];
  readonly gatesOnReadiness: boolean;
}

/** How the controller of a vector judges starting pods, and what it leaves alone. */
export interface Judging {
  readonly initializationSeconds: number;
  readonly readinessDelaySeconds: number;
  readonly tolerance: TargetTrackingStrategy['tolerance'];
}

const ALARM = { datapoints: 1, of: 1 };

/** A metric of a vector as a strategy. */
export function trackingStrategy(
  id: string,
  { target, scope, kind, gatesOnReadiness }: Tracking,
  { initializationSeconds, readinessDelaySeconds, tolerance }: Judging,
): TargetTrackingStrategy {
  return {
    kind: 'target-tracking',
    metric: metricOf(id),
    target,
    scope,
    activation: 0,
    perUnit: { kind, gatesOnReadiness, initializationSeconds, readinessDelaySeconds },
    tolerance,
    alarms: { out: ALARM, in: ALARM },
  };
}

const metricOf = (id: string): MetricSpec => ({
  id,
  label: id,
  unit: '',
  query: { kind: 'stat', namespace: 'conform', name: id, dimensions: {}, stat: 'Average' },
  periodSeconds: 60,
  staleAfterSeconds: 300,
  whenMissing: 'missing',
  historySeconds: 0,
});

/** The tolerance of each direction: that of the behavior block, or the controller's. */
export function toleranceOf(
  { behavior }: z.infer<typeof PacedSpec>,
  fallback: number,
  configurable: boolean,
): Judging['tolerance'] {
  const own = (direction: 'scaleUp' | 'scaleDown') => {
    const given = configurable ? behavior?.[direction]?.tolerance : undefined;
    return given === undefined ? fallback : (parseQuantity(given) ?? fallback);
  };
  return { out: own('scaleUp'), in: own('scaleDown') };
}
