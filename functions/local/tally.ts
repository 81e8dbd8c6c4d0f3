import type { ControllerEvent } from '../../shared/core/controller-event.ts';
import type { Decision } from '../../shared/core/decision.ts';
import type { EventSink } from '../../shared/ports/event-sink.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';

type Counts = Readonly<Record<string, number>>;

/** What a run came to, in counts. Keys are sorted, so that equal runs print equal text. */
export interface TallyReport {
  readonly signals: { readonly alarm: number; readonly sweep: number; readonly manual: number };
  readonly decisions: { readonly resize: number; readonly hold: Counts };
  readonly events: Counts;
  readonly awsCalls: Counts;
}

/** Counts what a run does. */
export class Tally implements EventSink {
  readonly #signals = { alarm: 0, sweep: 0, manual: 0 };
  readonly #holds = new Map<string, number>();
  readonly #events = new Map<string, number>();
  readonly #calls = new Map<string, number>();
  #resizes = 0;

  /** An alarm that changed its state, a tick of the sweep, or a request by hand. */
  signal(kind: 'alarm' | 'sweep' | 'manual'): void {
    this.#signals[kind] += 1;
  }

  /** A decision that was taken. */
  decision(decision: Decision): void {
    if (decision.kind === 'resize') this.#resizes += 1;
    else add(this.#holds, decision.reason);
  }

  /** An answered call of the AWS API. */
  call(operation: string): void {
    add(this.#calls, operation);
  }

  async publish(events: readonly ControllerEvent[]): Promise<void> {
    for (const { type } of events) add(this.#events, type);
  }

  /** The counts so far. */
  report(): TallyReport {
    return {
      signals: { ...this.#signals },
      decisions: { resize: this.#resizes, hold: sorted(this.#holds) },
      events: sorted(this.#events),
      awsCalls: sorted(this.#calls),
    };
  }
}

/** Telemetry that counts decisions and tells the rest to another one. */
export const counted = (tally: Tally, telemetry: Telemetry): Telemetry => ({
  ...telemetry,
  decided(record) {
    tally.decision(record.decision);
    if (record.signal.kind === 'manual') tally.signal('manual');
    telemetry.decided(record);
  },
});

const add = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const sorted = (counts: ReadonlyMap<string, number>): Counts =>
  Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
