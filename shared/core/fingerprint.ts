import type { Policy } from './policy.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A short hash of a policy (FNV-1a, 32 bits): tells that it changed, and is no secret. */
export function fingerprint(policy: Policy): string {
  let hash = FNV_OFFSET;
  const text = JSON.stringify(policy);
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
