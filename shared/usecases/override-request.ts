import type { ControllerEvent } from '../core/controller-event.ts';
import type { Decision, Direction } from '../core/decision.ts';
import type { Override } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import { type TargetId, targetId } from '../core/target.ts';
import { type Instant, plusSeconds } from '../core/time.ts';
import type { ControllerDeps } from './deps.ts';
import { findPolicy } from './scale-by-hand.ts';

/** Whom a request is about: a policy name, a unique service name or a target id; or every target. */
export type Subject = { readonly service: string } | { readonly all: true };

/** What an operator may ask of automation. */
export type OverrideWish =
  | { readonly kind: 'pin'; readonly size: number }
  | { readonly kind: 'floor'; readonly size: number; readonly force: boolean }
  | { readonly kind: 'ceiling'; readonly size: number }
  | { readonly kind: 'pause'; readonly direction: Direction | 'both' };

/** An override to put in force. */
export interface OverrideRequest {
  readonly subject: Subject;
  readonly wish: OverrideWish;
  readonly owner: string;
  readonly reason: string;
  readonly expiresInSeconds: number;
}

/** An override with the target that it is for; of the account, for every target. */
export interface TargetOverride {
  readonly target: TargetId;
  readonly policy: string;
  readonly override: Override;
}

/** An override that is in force now. */
export interface OverrideInForce extends TargetOverride {
  readonly event: ControllerEvent;
  /** What the target was told at once; null when it could not be looked at, and for every target: the next tick asks. */
  readonly decision: Decision | null;
}

/** A subject that no policy knows. */
export interface UnknownSubject {
  readonly kind: 'unknown-target';
  readonly known: readonly string[];
}

/** The override that a request asks for. */
export const overrideOf = (
  { wish, owner, reason, expiresInSeconds }: Omit<OverrideRequest, 'subject'>,
  now: Instant,
): Override => ({ ...wish, owner, reason, setAt: now, expiresAt: plusSeconds(now, expiresInSeconds) });

/** The policy of a subject, or the names that would do. */
export function policyOf(
  { policies }: ControllerDeps,
  { service }: { readonly service: string },
): { readonly kind: 'found'; readonly policy: Policy; readonly target: TargetId } | UnknownSubject {
  const all = policies.all();
  const policy = findPolicy(all, service);
  return policy === null
    ? { kind: 'unknown-target', known: all.map(({ name }) => name) }
    : { kind: 'found', policy, target: targetId(policy.target) };
}
