import { ACCOUNT } from '../../../shared/core/account.ts';
import type { ControllerEvent } from '../../../shared/core/controller-event.ts';
import type { LedgerEntry } from '../../../shared/core/ledger-entry.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import type { TargetId } from '../../../shared/core/target.ts';
import { type Instant, plusSeconds } from '../../../shared/core/time.ts';
import type { EventSink } from '../../../shared/ports/event-sink.ts';
import type { DecisionRecord, Telemetry } from '../../../shared/ports/telemetry.ts';
import { decisionLine, eventLine, Journal, type JournalLine } from './journal.ts';
import { overruled } from './overruled.ts';

/** A cooldown that runs: automation does not resize in this direction before its end. */
export interface RunningCooldown {
  readonly direction: 'out' | 'in';
  readonly until: Instant;
}

const KEPT_LINES = 8;
const MOST_KEPT_EVENTS = 1000;

/** What a person wants to see of a run: the last decisions and events, what operators ask, and the cooldowns that run. */
export class RunState implements EventSink {
  readonly journal = new Journal(KEPT_LINES);
  readonly #cooldowns = new Map<string, readonly RunningCooldown[]>();
  readonly #heads = new Map<TargetId, LedgerEntry>();
  readonly #policies: ReadonlyMap<string, Policy>;
  readonly #now: () => Instant;
  readonly #onLine: (line: JournalLine) => void;
  readonly #seen = new Set<string>();

  /** `onLine` is told of everything worth a line in a log. */
  constructor(policies: readonly Policy[], now: () => Instant, onLine: (line: JournalLine) => void) {
    this.#policies = new Map(policies.map((policy) => [policy.name, policy]));
    this.#now = now;
    this.#onLine = onLine;
  }

  async publish(events: readonly ControllerEvent[]): Promise<void> {
    for (const event of events) {
      // Delivery is at least once; a person wants to read it once.
      if (this.#seen.has(event.id)) continue;
      if (this.#seen.size >= MOST_KEPT_EVENTS) this.#seen.clear();
      this.#seen.add(event.id);
      if (event.type === 'ScalingCompleted') this.#startCooldowns(event);
      if (event.type !== 'ScalingStarted') this.journal.add(eventLine(event));
      this.#onLine(eventLine(event));
    }
  }

  /** Notes a decision. */
  decided(record: DecisionRecord): void {
    this.journal.add(decisionLine(record, this.#now()));
  }

  /** The cooldowns of a policy that have not ended, the next to end first. */
  cooldowns(policy: string): readonly RunningCooldown[] {
    const running = (this.#cooldowns.get(policy) ?? []).filter(({ until }) => until > this.#now());
    return running.toSorted((one, other) => one.until - other.until);
  }

  /** Notes what a head holds now. */
  written(entry: LedgerEntry): void {
    this.#heads.set(entry.target, entry);
  }

  /** Every head as it was last written. */
  heads(): ReadonlyMap<TargetId, LedgerEntry> {
    return this.#heads;
  }

  /** What stands above automation at a target, in a few words; null when nothing does. */
  overruled(target: TargetId): string | null {
    const of = (id: TargetId) => this.#heads.get(id)?.state.overrides ?? [];
    return overruled(of(target), of(ACCOUNT), this.#now());
  }

  #startCooldowns({ policy: name, at, from, to }: ControllerEvent): void {
    const policy = this.#policies.get(name);
    if (policy === undefined || from === null || to === null) return;
    const { out, in: inward } = policy.cooldownSeconds;
    const started: RunningCooldown[] = [{ direction: 'in', until: plusSeconds(at, inward) }];
    if (to > from) started.push({ direction: 'out', until: plusSeconds(at, out) });
    this.#cooldowns.set(name, started);
  }
}

/** Telemetry that feeds a view; problems become lines of their own. */
export const viewedTelemetry = (
  state: RunState,
  onProblem: (message: string, fields: Readonly<Record<string, unknown>>) => void,
): Telemetry => ({
  decided: (record) => state.decided(record),
  settled() {},
  ledgerConflict() {},
  swept() {},
  problem: onProblem,
});
