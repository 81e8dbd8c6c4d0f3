import type { ControllerEvent } from '../core/controller-event.ts';
import type { LedgerEntry, TargetState } from '../core/ledger-entry.ts';
import type { TargetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';

/** One conditional write: the new state and the events it causes land together or not at all. */
export interface Commit {
  readonly target: TargetId;
  /** The version that was read; 0 = the target must not be in the ledger yet. */
  readonly expectedVersion: number;
  readonly state: TargetState;
  readonly events: readonly ControllerEvent[];
}

/** The memory of the controller: one head per target. */
export interface Ledger {
  /** Reads heads, strongly consistent. A target never written is absent from the answer. */
  load(targets: readonly TargetId[]): Promise<ReadonlyMap<TargetId, LedgerEntry>>;
  /**
   * Writes a head if its version is still the expected one. Events are added to the outbox; entries already there stay.
   * @throws ControllerError `conflict` (retryable) when another writer was first.
   */
  commit(commit: Commit): Promise<LedgerEntry>;
  /** The targets whose `wakeAt` has come, the longest waiting first. */
  due(now: Instant): Promise<readonly { readonly target: TargetId; readonly wakeAt: Instant }[]>;
}

/** The relay's side of the outbox. */
export interface Outbox {
  /** Takes relayed events off a head; harmless to repeat, and never in the way of a commit. */
  acknowledge(target: TargetId, eventIds: readonly string[]): Promise<void>;
}
