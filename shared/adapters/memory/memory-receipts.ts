import type { Receipt } from '../../core/receipt.ts';
import { targetId } from '../../core/target.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReceiptPage, ReceiptQuery, ReceiptStore } from '../../ports/receipt-store.ts';
import {
  assertPageLimit,
  DEFAULT_RETENTION_SECONDS,
  decodeCursor,
  type EventPosition,
  encodeCursor,
  expiryOf,
  pageOf,
  positionKey,
  windowKeys,
} from '../event-position.ts';
import { packReceipt, unpackReceipt } from '../receipt-codec.ts';

interface Kept {
  readonly position: EventPosition;
  readonly packed: Uint8Array;
}

/** Receipts in this process, compressed as in the table, for simulations and tests. */
export class MemoryReceipts implements ReceiptStore {
  readonly #clock: Clock;
  readonly #retentionSeconds: number;
  /** By position and target. */
  readonly #kept = new Map<string, Kept>();

  /** `retentionSeconds`: how long after its decision a receipt is kept. */
  constructor(clock: Clock, options: { readonly retentionSeconds?: number } = {}) {
    this.#clock = clock;
    this.#retentionSeconds = options.retentionSeconds ?? DEFAULT_RETENTION_SECONDS;
  }

  async put(receipt: Receipt): Promise<void> {
    const position = { id: receipt.id, at: receipt.now, target: targetId(receipt.policy.target) };
    const key = `${position.target} ${positionKey(position)}`;
    this.#kept.set(key, { position, packed: packReceipt(receipt) });
  }

  async list(query: ReceiptQuery): Promise<ReceiptPage> {
    assertPageLimit(query.limit);
    const after = decodeCursor(query, 'receipts');
    const { from, to } = windowKeys(query);
    const end = after === null ? null : positionKey(after);
    const found = [...this.#kept.values()]
      .filter(({ position }) => position.target === query.target && this.#isKept(position))
      .map((kept) => ({ ...kept, key: positionKey(kept.position) }))
      .filter(({ key }) => key >= from && key <= to && (end === null || key < end))
      .sort((one, other) => (one.key < other.key ? 1 : -1));
    const { page, last } = pageOf(found, query.limit);
    return {
      receipts: page.map(({ packed }) => unpackReceipt(packed)),
      cursor: last && encodeCursor(query, last.position, 'receipts'),
    };
  }

  #isKept(position: EventPosition): boolean {
    return expiryOf(position, this.#retentionSeconds) > this.#clock.now() / 1000;
  }
}
