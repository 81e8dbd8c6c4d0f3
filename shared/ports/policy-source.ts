import type { Application } from '../core/application.ts';
import type { Policy } from '../core/policy.ts';
import type { TargetId } from '../core/target.ts';

/** The policies of this deployment, and the applications that they are tiers of. */
export interface PolicySource {
  all(): readonly Policy[];
  applications(): readonly Application[];
  /** The application that a target is a tier of, or null. */
  applicationOf(target: TargetId): Application | null;
  /** The policy of a target, or null when no policy names it. */
  forTarget(target: TargetId): Policy | null;
  /** The policies that an alarm wakes: its own, or those that list it; empty for an unknown alarm. */
  forAlarm(alarm: string): readonly Policy[];
}
