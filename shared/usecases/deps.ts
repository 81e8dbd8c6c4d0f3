import type { TargetKind } from '../core/target.ts';
import type { CalendarSource } from '../ports/calendar.ts';
import type { CapacityTarget, CapacityTargets } from '../ports/capacity-target.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { EventSink } from '../ports/event-sink.ts';
import type { Ids } from '../ports/ids.ts';
import type { Ledger, Outbox } from '../ports/ledger.ts';
import type { MetricSource } from '../ports/metric-source.ts';
import type { Ownership } from '../ports/ownership.ts';
import type { PolicySource } from '../ports/policy-source.ts';
import type { ReceiptStore } from '../ports/receipt-store.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/** The adapter of a kind, for targets of that kind. */
export const adapterOf = (targets: CapacityTargets, kind: TargetKind): CapacityTarget =>
  // Every adapter is handed targets of its own kind alone.
  targets[kind] as CapacityTarget;

/** Everything that the evaluation of a target needs of the outside world. */
export interface ControllerDeps {
  readonly clock: Clock;
  readonly calendar: CalendarSource;
  readonly ids: Ids;
  readonly policies: PolicySource;
  readonly metrics: MetricSource;
  readonly targets: CapacityTargets;
  readonly ownership: Ownership;
  readonly ledger: Ledger;
  readonly receipts: ReceiptStore;
  readonly telemetry: Telemetry;
}

/** What the relay needs: where events come from and where they go. */
export interface RelayDeps {
  readonly outbox: Outbox;
  readonly events: EventLog;
  readonly sinks: readonly EventSink[];
}
