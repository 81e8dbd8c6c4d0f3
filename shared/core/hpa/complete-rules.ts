import type { Behavior, RatePolicy, ScalingRules } from '../policy.ts';

/** How long Kubernetes looks back before a scale-in unless told otherwise, in seconds. */
export const DOWNSCALE_STABILIZATION_SECONDS = 300;

/** The rules of one direction as a manifest gives them. */
export interface GivenRules {
  readonly stabilizationWindowSeconds?: number | undefined;
  readonly policies?: readonly RatePolicy[] | undefined;
  readonly selectPolicy?: ScalingRules['selectPolicy'] | undefined;
}

/** Completed rules; a window of null is filled in by the controller when it decides. */
export type CompletedRules = Omit<ScalingRules, 'stabilizationWindowSeconds'> & {
  readonly stabilizationWindowSeconds: number | null;
};

const DEFAULTS: Readonly<Record<'scaleUp' | 'scaleDown', CompletedRules>> = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
    selectPolicy: 'Max',
  },
  scaleDown: {
    stabilizationWindowSeconds: null,
    policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
    selectPolicy: 'Max',
  },
};

/** The defaults of `autoscaling/v2`, field by field; own policies replace the default list as a whole. */
export function withDefaults(direction: 'scaleUp' | 'scaleDown', given: GivenRules): CompletedRules {
  const defaults = DEFAULTS[direction];
  return {
    stabilizationWindowSeconds: given.stabilizationWindowSeconds ?? defaults.stabilizationWindowSeconds,
    policies: given.policies ?? defaults.policies,
    selectPolicy: given.selectPolicy ?? defaults.selectPolicy,
  };
}

/** The rules of one direction with every default filled in. `downscaleSeconds`: the window of a scale-in that names none. */
export function completeRules(
  direction: 'scaleUp' | 'scaleDown',
  given: GivenRules = {},
  downscaleSeconds = DOWNSCALE_STABILIZATION_SECONDS,
): ScalingRules {
  const rules = withDefaults(direction, given);
  return { ...rules, stabilizationWindowSeconds: rules.stabilizationWindowSeconds ?? downscaleSeconds };
}

/** The behavior of a HorizontalPodAutoscaler: no block at all is another algorithm than an empty one. */
export function hpaBehavior(
  given: { readonly scaleUp?: GivenRules | undefined; readonly scaleDown?: GivenRules | undefined } | null,
  downscaleSeconds = DOWNSCALE_STABILIZATION_SECONDS,
): Behavior {
  if (given === null) return { kind: 'implicit', downscaleStabilizationSeconds: downscaleSeconds };
  return {
    kind: 'rules',
    scaleUp: completeRules('scaleUp', given.scaleUp),
    scaleDown: completeRules('scaleDown', given.scaleDown, downscaleSeconds),
  };
}
