import { cronerCalendar } from '../shared/adapters/calendar/croner-calendar.ts';
import { everyKind } from '../shared/adapters/memory/every-kind.ts';
import { MemoryEventLog } from '../shared/adapters/memory/memory-event-log.ts';
import { MemoryLedger } from '../shared/adapters/memory/memory-ledger.ts';
import { MemoryReceipts } from '../shared/adapters/memory/memory-receipts.ts';
import { NO_OTHER_OWNER } from '../shared/adapters/memory/no-other-owner.ts';
import { SequentialIds } from '../shared/adapters/memory/sequential-ids.ts';
import { SILENT_TELEMETRY } from '../shared/adapters/memory/silent-telemetry.ts';
import { staticPolicies } from '../shared/adapters/memory/static-policies.ts';
import type { MetricReading } from '../shared/core/capacity.ts';
import type { Policy } from '../shared/core/policy.ts';
import { type TargetId, targetId } from '../shared/core/target.ts';
import type { Instant } from '../shared/core/time.ts';
import type { Observation } from '../shared/ports/capacity-target.ts';
import type { ControllerDeps, RelayDeps } from '../shared/usecases/deps.ts';

/** A controller whose every port is in memory; its targets have the size that they were last asked for, at once. */
export interface InMemoryController {
  readonly deps: ControllerDeps & RelayDeps;
  /** Sets what every metric reads from now on. */
  measure(value: number): void;
  /** Turns the clock. */
  turnTo(now: Instant): void;
}

/** Puts a controller together over policies whose targets all begin with `size` units. */
export function inMemoryController(
  policies: readonly Policy[],
  size: number,
  start: Instant,
): InMemoryController {
  let now = start;
  let reading: MetricReading = { kind: 'value', value: 0, at: now };
  const sizes = new Map<TargetId, number>(policies.map(({ target }) => [targetId(target), size]));
  const observationOf = (target: TargetId): Observation => {
    const desired = sizes.get(target) ?? size;
    const capacity = { desired, running: desired, ready: desired, pending: 0 };
    return { kind: 'present', capacity, deployment: 'none' };
  };
  const clock = { now: () => now };
  const ledger = new MemoryLedger();
  const deps: ControllerDeps & RelayDeps = {
    clock,
    calendar: cronerCalendar(),
    ledger,
    outbox: ledger,
    events: new MemoryEventLog(clock),
    receipts: new MemoryReceipts(clock),
    sinks: [],
    ids: new SequentialIds('bench'),
    policies: staticPolicies(policies),
    telemetry: SILENT_TELEMETRY,
    ownership: NO_OTHER_OWNER,
    metrics: { read: async (requests) => new Map(requests.map(({ key }) => [key, reading])) },
    targets: everyKind({
      asks: 'once',
      describe: async (targets) =>
        new Map(targets.map((target) => [targetId(target), observationOf(targetId(target))])),
      resize: async (target, order) => {
        sizes.set(targetId(target), order.size);
      },
    }),
  };
  return {
    deps,
    measure: (value) => {
      reading = { kind: 'value', value, at: now };
    },
    turnTo: (at) => {
      now = at;
    },
  };
}
