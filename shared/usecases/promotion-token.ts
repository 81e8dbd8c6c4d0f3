import { hashOf } from '../core/fingerprint.ts';
import { type Instant, instant, plusSeconds } from '../core/time.ts';

/** How long a confirmation holds. */
const HOLDS_SECONDS = 300;

/** A confirmation, and when it ends. */
export interface Confirmation {
  readonly token: string;
  readonly expiresAt: Instant;
}

/**
 * A token for exactly what was seen. It guards against mistakes, not against people: it says that whoever confirms has been
 * shown this replica in this state within five minutes. Whoever may call the API may promote; that is what IAM is for.
 */
export function confirmationOf(seen: string, now: Instant): Confirmation {
  const expiresAt = plusSeconds(now, HOLDS_SECONDS);
  return { token: tokenOf(seen, expiresAt), expiresAt };
}

/** Why a token does not confirm what is seen now; null = it does. */
export function whyUnconfirmed(token: string, seen: string, now: Instant): string | null {
  const expiresAt = expiryOf(token);
  if (expiresAt === null) return 'The confirmation is none of ours.';
  if (expiresAt < now) return 'The confirmation is older than five minutes.';
  return token === tokenOf(seen, expiresAt)
    ? null
    : 'The confirmation is for another replica, another force, or another state than there is now.';
}

function expiryOf(token: string): Instant | null {
  const [, digits] = /^([0-9a-z]{8,9})-[0-9a-f]{16}$/.exec(token) ?? [];
  return digits === undefined ? null : instant(Number.parseInt(digits, 36));
}

function tokenOf(seen: string, expiresAt: Instant): string {
  const text = `${expiresAt} ${seen}`;
  const halves = [hashOf(text), hashOf(`again ${text}`)];
  return `${expiresAt.toString(36)}-${halves.map((half) => half.toString(16).padStart(8, '0')).join('')}`;
}
