import type { Log, LogFields } from '../../functions/runtime/log.ts';
import { packReceipt } from '../../shared/adapters/receipt-codec.ts';
import type { ControllerEvent } from '../../shared/core/controller-event.ts';
import type { TargetId } from '../../shared/core/target.ts';
import type { Instant } from '../../shared/core/time.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Commit, Ledger } from '../../shared/ports/ledger.ts';
import type { MetricRequest, MetricSource } from '../../shared/ports/metric-source.ts';
import type { ReceiptStore } from '../../shared/ports/receipt-store.ts';
import { ASSUMED } from './prices.ts';

/** Bytes of a head beside its state (keys, version, writer, awake, wakeAt, names), and of an event beside its text. */
const [HEAD_BYTES, EVENT_BYTES] = [200, 200];
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const writeUnits = (bytes: number): number => Math.ceil(bytes / 1024);
const readUnits = (bytes: number): number => Math.ceil(bytes / 4096);

/** Counts what the ledger costs: DynamoDB charges for items and their sizes, not for calls. */
export class LedgerMeter {
  writes = 0;
  written = 0;
  read = 0;
  events = 0;
  eventBytes = 0;
  readonly #heads = new Map<TargetId, { readonly bytes: number; readonly wakeAt: Instant | null }>();

  /** The size of all heads. */
  get headBytes(): number {
    return [...this.#heads.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  around(ledger: Ledger): Ledger {
    return {
      load: async (targets) => {
        const found = await ledger.load(targets);
        for (const target of targets) this.read += readUnits(this.#heads.get(target)?.bytes ?? 1);
        return found;
      },
      due: async (now) => {
        const due = await ledger.due(now);
        // Eventually consistent, so half; keys alone, at most 200 bytes each.
        this.read += Math.max(1, readUnits(due.length * 200)) / 2;
        return due;
      },
      commit: async (commit) => {
        const entry = await ledger.commit(commit);
        this.#committed(commit);
        return entry;
      },
    };
  }

  /** Receipts are items of the same table, kept as long as events. */
  aroundReceipts(store: ReceiptStore): ReceiptStore {
    return {
      put: async (receipt) => {
        await store.put(receipt);
        const bytes = EVENT_BYTES + packReceipt(receipt).byteLength;
        this.eventBytes += bytes;
        this.written += writeUnits(bytes);
      },
      list: (query) => store.list(query),
    };
  }

  #committed({ target, state, events }: Commit): void {
    const bytes = HEAD_BYTES + bytesOf(state);
    const outbox = events.reduce((sum, event) => sum + bytesOf(event), 0);
    const before = this.#heads.get(target);
    this.#heads.set(target, { bytes, wakeAt: state.wakeAt });
    this.writes += 1;
    this.written += writeUnits(bytes + outbox) + indexWrites(before?.wakeAt ?? null, state.wakeAt);
    if (events.length === 0) return;
    // The relay stores each event in the table and its index, and takes them off the head.
    for (const event of events) this.#stored(event);
    this.writes += 1;
    this.written += writeUnits(bytes + outbox);
  }

  #stored(event: ControllerEvent): void {
    const bytes = EVENT_BYTES + bytesOf(event);
    this.events += 1;
    this.eventBytes += 2 * bytes;
    this.written += 2 * writeUnits(bytes);
  }
}

/** A sparse index: an entry comes, goes, or goes and comes. */
function indexWrites(before: Instant | null, after: Instant | null): number {
  if (before === after) return 0;
  return before === null || after === null ? 1 : 2;
}

const metricsIn = ({ metric: { query } }: MetricRequest): number =>
  query.kind === 'stat' ? 1 : Object.keys(query.metrics).length;

/** Counts the metrics that are asked for: GetMetricData is charged by them, not by calls. */
export class MetricMeter {
  count = 0;

  around(source: MetricSource): MetricSource {
    return {
      read: (requests, now) => {
        this.count += requests.reduce((sum, request) => sum + metricsIn(request), 0);
        return source.read(requests, now);
      },
    };
  }
}

/** Log and metrics of the functions, counted instead of written. */
export class LogMeter {
  lines = 0;
  bytes = 0;
  readonly metricHours = new Set<string>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly log: Log = {
    info: (message, fields) => this.#line(message, fields),
    warn: (message, fields) => this.#line(message, fields),
    error: (message, fields) => this.#line(message, fields),
    begin() {},
  };

  #line(message: string, fields: LogFields = {}): void {
    this.lines += 1;
    this.bytes += bytesOf({ message, ...fields }) + ASSUMED.logBytes.line;
  }

  /** A line of the embedded metric format. */
  readonly metric = (line: string): void => {
    this.lines += 1;
    this.bytes += Buffer.byteLength(line);
    const { _aws, ...rest } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const series = Object.entries(rest).map(([name, value]) => (typeof value === 'string' ? value : name));
    this.metricHours.add(`${Math.floor(this.#clock.now() / 3_600_000)} ${series.join(' ')}`);
  };
}
