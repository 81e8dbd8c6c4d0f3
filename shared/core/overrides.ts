import type { Override, PinOverride, TargetState } from './ledger-entry.ts';
import { earliest, type Instant } from './time.ts';

/** Whether an override has ended: at its expiry, not after. */
const hasExpired = (override: Override, now: Instant): boolean => override.expiresAt <= now;

/** The pin in force, or null. */
export const activePin = (state: TargetState, now: Instant): PinOverride | null =>
  state.overrides.find((override) => override.kind === 'pin' && !hasExpired(override, now)) ?? null;

/** The overrides that have not ended. */
export const activeOverrides = (state: TargetState, now: Instant): readonly Override[] =>
  state.overrides.filter((override) => !hasExpired(override, now));

/** Overrides in force and ended, apart. */
export function splitOverrides(state: TargetState, now: Instant) {
  return {
    active: state.overrides.filter((override) => !hasExpired(override, now)),
    expired: state.overrides.filter((override) => hasExpired(override, now)),
  };
}

/** When the next override ends, or null when there is none. */
export const nextExpiry = (overrides: readonly Override[]): Instant | null =>
  earliest(...overrides.map(({ expiresAt }) => expiresAt));
