import type { Direction } from './decision.ts';
import type { Override, PauseOverride, PinOverride, TargetState } from './ledger-entry.ts';
import { earliest, type Instant } from './time.ts';

/** Whether an override has ended: at its expiry, not after. */
const hasExpired = (override: Override, now: Instant): boolean => override.expiresAt <= now;

/** An override of one kind. */
export type OverrideOf<K extends Override['kind']> = Extract<Override, { kind: K }>;

/** The overrides of one kind that are in force. */
export const activeOf = <K extends Override['kind']>(
  overrides: readonly Override[],
  kind: K,
  now: Instant,
): readonly OverrideOf<K>[] =>
  overrides.filter(
    (override): override is OverrideOf<K> => override.kind === kind && !hasExpired(override, now),
  );

/** The pin in force, or null. */
export const activePin = (state: TargetState, now: Instant): PinOverride | null =>
  activeOf(state.overrides, 'pin', now)[0] ?? null;

/** The pause in force that stops a direction, or null. */
export const activePause = (
  overrides: readonly Override[],
  direction: Direction,
  now: Instant,
): PauseOverride | null =>
  activeOf(overrides, 'pause', now).find((pause) => [direction, 'both'].includes(pause.direction)) ?? null;

/** The overrides that have not ended. */
export const activeOverrides = (state: TargetState, now: Instant): readonly Override[] =>
  state.overrides.filter((override) => !hasExpired(override, now));

/** Overrides in force and ended, apart. */
export function splitOverrides(state: TargetState, now: Instant) {
  return {
    active: activeOverrides(state, now),
    expired: state.overrides.filter((override) => hasExpired(override, now)),
  };
}

/** When the next override ends, or null when there is none. */
export const nextExpiry = (overrides: readonly Override[]): Instant | null =>
  earliest(...overrides.map(({ expiresAt }) => expiresAt));

/** How sentences name an override. */
export function describeOverride(override: Override): string {
  switch (override.kind) {
    case 'pin':
      return `The size of ${override.size}`;
    case 'floor':
      return `The floor of ${override.size}`;
    case 'ceiling':
      return `The ceiling of ${override.size}`;
    case 'pause':
      return override.direction === 'both' ? 'The pause' : `The pause of scale-${override.direction}`;
  }
}
