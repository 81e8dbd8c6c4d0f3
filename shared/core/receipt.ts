import type { Snapshot } from './capacity.ts';
import type { Decision } from './decision.ts';
import { hashOf } from './fingerprint.ts';
import type { TargetState } from './ledger-entry.ts';
import type { Policy } from './policy.ts';
import type { Signal } from './signal.ts';
import type { Instant } from './time.ts';

/** A decision with everything that led to it: {@link decide} over the inputs gives the same decision to the byte. */
export interface Receipt {
  readonly version: 1;
  /** The id of the decision, as events carry it. */
  readonly id: string;
  readonly now: Instant;
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  readonly state: TargetState;
  readonly signal: Signal;
  readonly decision: Decision;
}

const HASHES = 2 ** 32;

/**
 * Whether a decision's receipt is stored: always for a resize, for holds by the share that the policy names. The id of the
 * decision decides, not chance: asked again, the answer is the same.
 */
export const isReceiptKept = ({ id, policy, decision }: Receipt): boolean =>
  decision.kind === 'resize' || mixed(hashOf(id)) / HASHES < policy.receiptsOfHolds;

/** Spreads a hash over all of its bits (the finalizer of MurmurHash3): ids that only count up differ in their last bits alone. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}
