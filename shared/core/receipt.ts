import type { Snapshot } from './capacity.ts';
import type { Decision } from './decision.ts';
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
