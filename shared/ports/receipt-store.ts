import type { Receipt } from '../core/receipt.ts';
import type { TargetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';

/** Which receipts to list, newest first. */
export interface ReceiptQuery {
  readonly target: TargetId;
  /** Inclusive. */
  readonly since?: Instant;
  /** Exclusive. */
  readonly until?: Instant;
  /** 1 to 100 a page. */
  readonly limit: number;
  /** Where the last page ended; opaque. */
  readonly cursor?: string;
}

/** A page of receipts; `cursor` is null on the last one. */
export interface ReceiptPage {
  readonly receipts: readonly Receipt[];
  readonly cursor: string | null;
}

/** Keeps receipts for as long as events are kept. */
export interface ReceiptStore {
  /**
   * Stores a receipt; a repeat is harmless.
   * @throws ControllerError `rejected` when it is too large.
   */
  put(receipt: Receipt): Promise<void>;
  /**
   * Lists the receipts of a target by time; expired ones are left out even before the store has deleted them.
   * @throws ControllerError `invalid` when the cursor is not one of ours.
   */
  list(query: ReceiptQuery): Promise<ReceiptPage>;
}
