import type { TargetState } from '../../shared/core/ledger-entry.ts';
import type { TargetId } from '../../shared/core/target.ts';

/** The state of a target about which nothing is known but what a test says. */
export function aState(overrides: Partial<TargetState> = {}): TargetState {
  return {
    size: null,
    resize: null,
    lastOut: null,
    lastIn: null,
    failures: null,
    recommendations: [],
    scaleEvents: [],
    overrides: [],
    held: null,
    misses: 0,
    quietSince: null,
    wakeAt: null,
    policy: null,
    ...overrides,
  };
}

/** The id of the ECS service `name` in the cluster `prod`. */
export const aTargetId = (name = 'web'): TargetId => `ecs-service/prod/${name}` as TargetId;
