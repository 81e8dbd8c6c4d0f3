import type { Fallback, Policy } from '../../shared/core/policy.ts';
import type { TargetTrackingStrategy } from '../../shared/core/strategy.ts';

/** A CPU target tracking strategy at 70 %, with the defaults that a policy document gets. */
export function aTargetTracking(overrides: Partial<TargetTrackingStrategy> = {}): TargetTrackingStrategy {
  return {
    kind: 'target-tracking',
    metric: {
      id: 'cpu',
      label: 'CPU',
      unit: ' %',
      query: {
        kind: 'stat',
        namespace: 'AWS/ECS',
        name: 'CPUUtilization',
        dimensions: { ClusterName: 'prod', ServiceName: 'web' },
        stat: 'Average',
      },
      periodSeconds: 60,
      staleAfterSeconds: 300,
      whenMissing: 'missing',
      historySeconds: 0,
    },
    target: 70,
    scope: 'average',
    activation: 0,
    tolerance: { out: 0.1, in: 0.1 },
    alarms: { out: { datapoints: 1, of: 1 }, in: { datapoints: 5, of: 5 } },
    ...overrides,
  };
}

/** What {@link aPolicy} takes: any part of a policy, and any part of its pairs. */
export type PolicyOverrides = Omit<Partial<Policy>, 'bounds' | 'cooldownSeconds' | 'paused'> & {
  readonly bounds?: Partial<Policy['bounds']>;
  readonly cooldownSeconds?: Partial<Policy['cooldownSeconds']>;
  readonly paused?: Partial<Policy['paused']>;
};

/** A valid policy for the ECS service `prod/web` on CPU 70 %, 2 to 20 tasks; tests say only what matters to them. */
export function aPolicy(overrides: PolicyOverrides = {}): Policy {
  return {
    name: 'web',
    target: { kind: 'ecs-service', cluster: 'prod', service: 'web' },
    strategies: [aTargetTracking()],
    behavior: { kind: 'none' },
    fallback: null,
    evaluation: 'whenAwake',
    resizeTimeoutSeconds: 900,
    wakeOnAlarms: [],
    schedule: null,
    coreSize: null,
    incident: null,
    unitResources: null,
    guardrails: { changeBudget: null, quota: null },
    atZero: 'resume',
    receiptsOfHolds: 0,
    ...overrides,
    bounds: { min: 2, max: 20, ...overrides.bounds },
    cooldownSeconds: { out: 60, in: 300, ...overrides.cooldownSeconds },
    paused: { out: false, in: false, ...overrides.paused },
  };
}

/** A static fallback that applies at the given number of misses. */
export const aFallback = (overrides: Partial<Fallback> = {}): Fallback => ({
  mode: 'static',
  size: 6,
  afterMisses: 3,
  recoverAfter: 1,
  ...overrides,
});

/** The only strategy of a policy, which tracks a target. */
export function trackingOf(policy: Policy | null | undefined): TargetTrackingStrategy {
  const [first] = policy?.strategies ?? [];
  if (first?.kind !== 'target-tracking') throw new Error('this policy tracks no target');
  return first;
}
