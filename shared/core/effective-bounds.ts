import type { Snapshot } from './capacity.ts';
import type { TargetState } from './ledger-entry.ts';
import { scheduledBounds } from './open-windows.ts';
import { activeOf } from './overrides.ts';
import type { Policy } from './policy.ts';
import type { Instant } from './time.ts';

/** Who set a bound. */
export type BoundBy = 'policy' | 'schedule' | 'override' | 'plan';

/** The bounds in force, and who set each. */
export interface EffectiveBounds {
  readonly min: number;
  readonly max: number;
  readonly minBy: BoundBy;
  readonly maxBy: BoundBy;
}

/** What narrows the bounds from outside: the calendar, and the plan of the application. */
type Narrowing = Pick<Snapshot, 'schedule' | 'floor'>;

/**
 * The bounds that automation keeps now: those of the policy, narrowed by open schedule windows, by what the plan of the
 * application needs at least, then by an operator's ceiling and floor. Where a floor and a ceiling contradict each other the
 * larger capacity wins. Only a forced floor lifts the maximum.
 */
export function effectiveBounds(
  policy: Policy,
  { schedule, floor }: Narrowing,
  state: TargetState,
  now: Instant,
): EffectiveBounds {
  const { min, max, minFrom, maxFrom } = scheduledBounds(policy.bounds, policy.schedule, schedule);
  const minBy = minFrom === null ? 'policy' : 'schedule';
  const maxBy = maxFrom === null ? 'policy' : 'schedule';
  const scheduled: EffectiveBounds = { min, max, minBy, maxBy };
  const planned = floor === undefined ? scheduled : withPlan(scheduled, policy, floor.size);
  return withFloor(withCeiling(planned, policy, state, now), policy, state, now);
}

// What other tiers need stands above a window that keeps this one small, never above the policy.
function withPlan(bounds: EffectiveBounds, policy: Policy, floor: number): EffectiveBounds {
  const min = Math.min(floor, policy.bounds.max);
  if (min <= bounds.min) return bounds;
  const lifted = min > bounds.max ? ({ max: min, maxBy: 'plan' } as const) : {};
  return { ...bounds, ...lifted, min, minBy: 'plan' };
}

function withCeiling(
  bounds: EffectiveBounds,
  policy: Policy,
  state: TargetState,
  now: Instant,
): EffectiveBounds {
  const [ceiling] = activeOf(state.overrides, 'ceiling', now);
  if (ceiling === undefined || ceiling.size >= bounds.max) return bounds;
  // An operator's ceiling stands above a schedule's minimum, never above the policy's.
  const max = Math.max(ceiling.size, policy.bounds.min);
  const lowered = max < bounds.min ? ({ min: max, minBy: 'override' } as const) : {};
  return { ...bounds, ...lowered, max, maxBy: 'override' };
}

function withFloor(
  bounds: EffectiveBounds,
  policy: Policy,
  state: TargetState,
  now: Instant,
): EffectiveBounds {
  const [floor] = activeOf(state.overrides, 'floor', now);
  if (floor === undefined) return bounds;
  const min = floor.force ? floor.size : Math.min(floor.size, policy.bounds.max);
  if (min <= bounds.min) return bounds;
  const lifted = min > bounds.max ? ({ max: min, maxBy: 'override' } as const) : {};
  return { ...bounds, ...lifted, min, minBy: 'override' };
}

/** The bounds that an operator's size must keep: those of the policy, lifted by a forced floor. */
export function absoluteBounds(policy: Policy, state: TargetState, now: Instant): EffectiveBounds {
  const { min, max } = policy.bounds;
  const [floor] = activeOf(state.overrides, 'floor', now);
  const lifted = floor?.force === true && floor.size > max;
  return lifted
    ? { min, max: floor.size, minBy: 'policy', maxBy: 'override' }
    : { min, max, minBy: 'policy', maxBy: 'policy' };
}
