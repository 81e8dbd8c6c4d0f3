import type { Policy } from './policy.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A hash of a text (FNV-1a, 32 bits), from 0 up to 2 to the power of 32. */
export function hashOf(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  return hash >>> 0;
}

// A policy is read once and never changed, and every look at its target asks for this.
const known = new WeakMap<Policy, string>();

/** A short hash of a policy: tells that it changed, and is no secret. */
export function fingerprint(policy: Policy): string {
  const before = known.get(policy);
  if (before !== undefined) return before;
  const hash = hashOf(JSON.stringify(policy)).toString(16).padStart(8, '0');
  known.set(policy, hash);
  return hash;
}
