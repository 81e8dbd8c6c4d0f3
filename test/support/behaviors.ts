import type { Behavior, ScalingRules } from '../../shared/core/policy.ts';

const unlimited: ScalingRules = {
  stabilizationWindowSeconds: 0,
  policies: [{ type: 'Percent', value: 1_000_000, periodSeconds: 15 }],
  selectPolicy: 'Max',
};

/** A behavior block that limits nothing, but for what a test says. */
export const someRules = (rules: {
  readonly up?: Partial<ScalingRules>;
  readonly down?: Partial<ScalingRules>;
}): Behavior => ({
  kind: 'rules',
  scaleUp: { ...unlimited, ...rules.up },
  scaleDown: { ...unlimited, ...rules.down },
});
