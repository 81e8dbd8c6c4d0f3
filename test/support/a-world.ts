import { cronerCalendar } from '../../shared/adapters/calendar/croner-calendar.ts';
import { everyKind } from '../../shared/adapters/memory/every-kind.ts';
import { MemoryEventLog } from '../../shared/adapters/memory/memory-event-log.ts';
import { MemoryLedger } from '../../shared/adapters/memory/memory-ledger.ts';
import { MemoryReceipts } from '../../shared/adapters/memory/memory-receipts.ts';
import { NO_OTHER_OWNER } from '../../shared/adapters/memory/no-other-owner.ts';
import { RecordingSink } from '../../shared/adapters/memory/recording-sink.ts';
import { SequentialIds } from '../../shared/adapters/memory/sequential-ids.ts';
import { SILENT_TELEMETRY } from '../../shared/adapters/memory/silent-telemetry.ts';
import { staticPolicies } from '../../shared/adapters/memory/static-policies.ts';
import { ACCOUNT } from '../../shared/core/account.ts';
import type { Application } from '../../shared/core/application.ts';
import type { MetricReading } from '../../shared/core/capacity.ts';
import type { Decision } from '../../shared/core/decision.ts';
import type { Policy } from '../../shared/core/policy.ts';
import type { Signal } from '../../shared/core/signal.ts';
import { type Target, type TargetId, targetId } from '../../shared/core/target.ts';
import { type Instant, instant, plusSeconds } from '../../shared/core/time.ts';
import type { Observation } from '../../shared/ports/capacity-target.ts';
import type { RelayDeps } from '../../shared/usecases/deps.ts';
import type { PromoteDeps } from '../../shared/usecases/promote-replica.ts';
import { relayEvents } from '../../shared/usecases/relay-events.ts';
import { AFailover } from './a-failover.ts';

/** A service of a test: tasks start and stop the moment {@link AWorld.settle} is called. */
export interface AService {
  desired: number;
  running: number;
  deployment: 'none' | 'in-progress';
  gone: boolean;
}

/** Ten o'clock on an ordinary day. */
export const TEN = instant(Date.UTC(2026, 10, 20, 10, 0, 0));

/** A small world in memory: services that a test moves by hand, metrics that it sets, and a clock that it turns. */
export class AWorld {
  now: Instant = TEN;
  /** The stamp of every datapoint; null = a moment ago. */
  measuredAt: Instant | null = null;
  readonly services = new Map<TargetId, AService>();
  readonly metrics = new Map<string, number | null>();
  readonly calls: string[] = [];
  readonly decisions: Decision[] = [];
  readonly durations: { target: TargetId; outcome: string; seconds: number }[] = [];
  readonly problems: string[] = [];
  readonly ledger = new MemoryLedger();
  readonly sink = new RecordingSink();
  readonly events: MemoryEventLog;
  readonly receipts: MemoryReceipts;
  readonly deps: PromoteDeps & RelayDeps;
  readonly failover = new AFailover();
  readonly policies: readonly Policy[];

  constructor(policies: readonly Policy[], size = 4, applications: readonly Application[] = []) {
    this.policies = policies;
    const clock = { now: () => this.now };
    this.events = new MemoryEventLog(clock);
    this.receipts = new MemoryReceipts(clock);
    for (const { target } of policies) {
      this.services.set(targetId(target), { desired: size, running: size, deployment: 'none', gone: false });
    }
    this.deps = {
      clock,
      calendar: cronerCalendar(),
      ids: new SequentialIds('id'),
      policies: staticPolicies(policies, applications),
      metrics: { read: async (requests) => this.#read(requests) },
      targets: everyKind({
        asks: 'once',
        describe: async (targets) => this.#describe(targets),
        resize: async (target, { size }) => this.#resize(target, size),
      }),
      ownership: NO_OTHER_OWNER,
      failover: this.failover,
      ledger: this.ledger,
      outbox: this.ledger,
      receipts: this.receipts,
      events: this.events,
      sinks: [this.sink],
      telemetry: {
        ...SILENT_TELEMETRY,
        decided: ({ decision }) => this.decisions.push(decision),
        settled: (target, outcome, seconds) => this.durations.push({ target, outcome, seconds }),
        problem: (message) => this.problems.push(message),
      },
    };
  }

  /** The only service. */
  get service(): AService {
    const [first] = this.services.values();
    if (first === undefined) throw new Error('this world has no service');
    return first;
  }

  /** The target of the only service. */
  get target(): TargetId {
    const [first] = this.services.keys();
    if (first === undefined) throw new Error('this world has no service');
    return first;
  }

  /** Sets the value of a metric id for every target; null = no data. */
  measure(id: string, value: number | null): void {
    this.metrics.set(id, value);
  }

  /** Turns the clock. */
  pass(seconds: number): void {
    this.now = plusSeconds(this.now, seconds);
  }

  /** Starts and stops tasks until every service has what it was asked for. */
  settle(): void {
    for (const service of this.services.values()) service.running = service.desired;
  }

  /** A CloudWatch alarm that has just gone to ALARM. */
  alarm(name = 'plimsoll-web-cpu-out', id = 'alarm-1'): Signal {
    return { kind: 'alarm', id, target: this.target, at: this.now, alarm: name, state: 'ALARM' };
  }

  /** The head's state. */
  async state() {
    return (await this.ledger.load([this.target])).get(this.target)?.state;
  }

  /** Version of the head: how often it was written. */
  async version(): Promise<number> {
    return (await this.ledger.load([this.target])).get(this.target)?.version ?? 0;
  }

  /** Relays what is in the outbox, as the stream does. */
  async relay(): Promise<void> {
    for (const [target, { outbox }] of await this.ledger.load([ACCOUNT, ...this.services.keys()])) {
      await relayEvents(this.deps, target, outbox);
    }
  }

  /** Types of all events so far, oldest first. */
  async history(): Promise<readonly string[]> {
    await this.relay();
    const { events } = await this.events.list({ order: 'oldest-first', limit: 100 });
    return events.map(({ type }) => type);
  }

  async #describe(targets: readonly Target[]): Promise<ReadonlyMap<TargetId, Observation>> {
    this.calls.push('describe');
    return new Map(targets.map((target) => [targetId(target), this.#observe(targetId(target))]));
  }

  #observe(id: TargetId): Observation {
    const service = this.services.get(id);
    if (service === undefined || service.gone) return { kind: 'missing', detail: 'MISSING' };
    const { desired, running, deployment } = service;
    const pending = Math.max(0, desired - running);
    return { kind: 'present', deployment, capacity: { desired, running, ready: running, pending } };
  }

  async #resize(target: Target, size: number) {
    this.calls.push(`resize ${size}`);
    const service = this.services.get(targetId(target));
    if (service === undefined) throw new Error(`no service ${targetId(target)}`);
    service.desired = size;
  }

  async #read(requests: readonly { readonly key: string; readonly metric: { readonly id: string } }[]) {
    this.calls.push('metrics');
    return new Map(requests.map(({ key, metric }) => [key, this.#reading(metric.id)]));
  }

  #reading(id: string): MetricReading {
    const value = this.metrics.get(id) ?? null;
    return value === null
      ? { kind: 'missing', reason: 'no-data', detail: 'no datapoint' }
      : { kind: 'value', value, at: this.measuredAt ?? this.now };
  }
}
