import { type Instant, plusSeconds } from '../../shared/core/time.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { EventLog } from '../../shared/ports/event-log.ts';
import type { Ledger, Outbox } from '../../shared/ports/ledger.ts';
import type { ReceiptStore } from '../../shared/ports/receipt-store.ts';
import { TEN_O_CLOCK } from '../support/an-event.ts';

/** A ledger, with the history and the receipts beside it, all empty at the start of a test. */
export interface Store {
  readonly ledger: Ledger & Outbox;
  readonly history: EventLog;
  readonly receipts: ReceiptStore;
}

/** How a contract suite gets at a store: a new one for every call. `clock` is what expiry goes by. */
export type OpenStore = (clock: Clock, retentionSeconds: number) => Promise<Store>;

/** Seconds that events are kept in the contract suites. */
export const RETENTION_SECONDS = 3_600;

/** A clock that stands until a test moves it. */
export class HandClock implements Clock {
  #now: Instant = TEN_O_CLOCK;

  now(): Instant {
    return this.#now;
  }

  advance(seconds: number): void {
    this.#now = plusSeconds(this.#now, seconds);
  }
}
