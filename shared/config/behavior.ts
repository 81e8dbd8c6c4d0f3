import type { ScalingRules } from '../core/policy.ts';
import type { RulesDocument } from './schema/behavior.ts';

/** The window of a HorizontalPodAutoscaler that says nothing of scale-in. */
export const DOWNSCALE_STABILIZATION_SECONDS = 300;

const DEFAULTS: Readonly<Record<'scaleUp' | 'scaleDown', ScalingRules>> = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
    selectPolicy: 'Max',
  },
  scaleDown: {
    stabilizationWindowSeconds: DOWNSCALE_STABILIZATION_SECONDS,
    policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
    selectPolicy: 'Max',
  },
};

/** The rules of one direction with the defaults of `autoscaling/v2`; own policies replace the default list as a whole. */
export function completeRules(direction: 'scaleUp' | 'scaleDown', rules: RulesDocument = {}): ScalingRules {
  const defaults = DEFAULTS[direction];
  return {
    stabilizationWindowSeconds: rules.stabilizationWindowSeconds ?? defaults.stabilizationWindowSeconds,
    policies: rules.policies ?? defaults.policies,
    selectPolicy: rules.selectPolicy ?? defaults.selectPolicy,
  };
}
