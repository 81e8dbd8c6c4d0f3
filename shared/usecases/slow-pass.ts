import type { Policy } from '../core/policy.ts';
import { targetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';

/** Every target is looked at for drift once in this many minutes, awake or not. */
export const SLOW_PASS_MINUTES = 15;

const MINUTE = 60_000;

/** Whether the slow pass looks at a policy in this minute: by a hash of the target, so that the slices are even. */
export function isInSlice(policy: Policy, now: Instant): boolean {
  const hash = [...targetId(policy.target)].reduce(
    (sum, character) => (sum * 31 + character.charCodeAt(0)) % 65_521,
    7,
  );
  return hash % SLOW_PASS_MINUTES === Math.floor(now / MINUTE) % SLOW_PASS_MINUTES;
}
