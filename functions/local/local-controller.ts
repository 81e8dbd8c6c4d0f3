import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { applicationAutoScaling } from '../../shared/adapters/aws/application-auto-scaling.ts';
import { type ClientPlace, clientOptions } from '../../shared/adapters/aws/client-options.ts';
import { cloudWatchMetricSource } from '../../shared/adapters/aws/cloudwatch-metric-source.ts';
import { DynamoEventLog } from '../../shared/adapters/aws/dynamo-event-log.ts';
import { DynamoLedger } from '../../shared/adapters/aws/dynamo-ledger.ts';
import { DynamoReceipts } from '../../shared/adapters/aws/dynamo-receipts.ts';
import { createTableInput } from '../../shared/adapters/aws/dynamo-table.ts';
import { eventBridgeSink } from '../../shared/adapters/aws/event-bridge-sink.ts';
import { connectFailover } from '../../shared/adapters/aws/rds-failover.ts';
import { awsTargets } from '../../shared/adapters/aws/targets.ts';
import type { Resolve } from '../../shared/adapters/aws/traffic/resolve.ts';
import { cronerCalendar } from '../../shared/adapters/calendar/croner-calendar.ts';
import { SequentialIds } from '../../shared/adapters/memory/sequential-ids.ts';
import { staticPolicies } from '../../shared/adapters/memory/static-policies.ts';
import type { Application } from '../../shared/core/application.ts';
import type { Policy } from '../../shared/core/policy.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { EventLog } from '../../shared/ports/event-log.ts';
import type { EventSink } from '../../shared/ports/event-sink.ts';
import type { Ids } from '../../shared/ports/ids.ts';
import type { Ledger, Outbox } from '../../shared/ports/ledger.ts';
import type { ReceiptStore } from '../../shared/ports/receipt-store.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import type { RelayDeps } from '../../shared/usecases/deps.ts';
import type { PromoteDeps } from '../../shared/usecases/promote-replica.ts';
import { relayEvents } from '../../shared/usecases/relay-events.ts';
import { relayingLedger } from './relaying-ledger.ts';

const TABLE_NAME = 'plimsoll';
const EVENT_BUS = 'default';

/** What the controller on this machine is wired from. */
export interface LocalWiring {
  readonly policies: readonly Policy[];
  /** Absent = none. */
  readonly applications?: readonly Application[];
  readonly clock: Clock;
  /** Where the AWS API is; empty = as the environment says. */
  readonly place: ClientPlace;
  /** Finds the addresses of hosts; absent = by DNS. */
  readonly resolve?: Resolve;
  readonly telemetry: Telemetry;
  /** Sinks beside EventBridge: the view, the counts. */
  readonly sinks: readonly EventSink[];
  /** Names decisions and resizes: one that goes on counting where an earlier controller over the same store left off. */
  readonly ids?: Ids;
  /** Where heads, events and receipts are kept; the table of `place` when absent. */
  readonly store?: LocalStore;
  /** What else is to happen with receipts before the table has them: a file that they are written to. */
  readonly receipts?: (table: ReceiptStore) => ReceiptStore;
}

/** Where a controller keeps what it knows. */
export interface LocalStore {
  readonly heads: Ledger & Outbox;
  readonly events: EventLog;
  readonly receipts: ReceiptStore;
  close(): void;
}

/** The parts of a controller, and how to let go of its connections. */
export interface LocalController {
  readonly deps: PromoteDeps & RelayDeps;
  close(): void;
}

/** The composition root of local mode: the AWS adapters and use-cases of the functions, in one process. */
export async function composeLocalController(wiring: LocalWiring): Promise<LocalController> {
  const { clock, telemetry, place } = wiring;
  const options = clientOptions(place);
  const store = wiring.store ?? (await dynamoStore(place, clock));
  const cloudwatch = new CloudWatchClient(options);
  const bus = new EventBridgeClient(options);
  const scaling = new ApplicationAutoScalingClient(options);

  const { heads, receipts, events } = store;
  const relay: RelayDeps = {
    outbox: heads,
    events,
    sinks: [...wiring.sinks, eventBridgeSink(bus, EVENT_BUS)],
  };
  const ledger = relayingLedger(
    heads,
    (target, happened) => relayEvents(relay, target, happened),
    (target, error) =>
      telemetry.problem('Events stay in the outbox until the sweep', { target, error: String(error) }),
  );
  const deps = {
    ...relay,
    receipts: wiring.receipts?.(receipts) ?? receipts,
    clock,
    calendar: cronerCalendar(),
    telemetry,
    ledger,
    ids: wiring.ids ?? new SequentialIds('local'),
    policies: staticPolicies(wiring.policies, wiring.applications),
    metrics: cloudWatchMetricSource(cloudwatch),
    targets: awsTargets(options, wiring.resolve),
    ownership: applicationAutoScaling(scaling),
    failover: connectFailover(options),
  };
  const close = () => {
    for (const client of [cloudwatch, bus, scaling]) client.destroy();
    if (wiring.store === undefined) store.close();
  };
  return { deps, close };
}

/** A store in the DynamoDB of a place, which gets its table if it has none. */
export async function dynamoStore(place: ClientPlace, clock: Clock): Promise<LocalStore> {
  const database = new DynamoDBClient(clientOptions(place));
  await ensureTable(database);
  const documents = DynamoDBDocumentClient.from(database, {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    heads: new DynamoLedger(documents, TABLE_NAME),
    events: new DynamoEventLog(documents, TABLE_NAME, clock),
    receipts: new DynamoReceipts(documents, TABLE_NAME, clock),
    close: () => database.destroy(),
  };
}

async function ensureTable(database: DynamoDBClient): Promise<void> {
  try {
    await database.send(new CreateTableCommand(createTableInput(TABLE_NAME)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists({ client: database, maxWaitTime: 60, minDelay: 1 }, { TableName: TABLE_NAME });
}
