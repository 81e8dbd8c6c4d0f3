import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientOptions } from '../../shared/adapters/aws/client-options.ts';
import { DynamoEventLog } from '../../shared/adapters/aws/dynamo-event-log.ts';
import { DynamoLedger } from '../../shared/adapters/aws/dynamo-ledger.ts';
import { awsTargets } from '../../shared/adapters/aws/targets.ts';
import type { EventLog } from '../../shared/ports/event-log.ts';
import type { PolicySource } from '../../shared/ports/policy-source.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import type { ControllerDeps, RelayDeps } from '../../shared/usecases/deps.ts';
import { SYSTEM_CLOCK } from './function-runtime.ts';
import { lazyCalendar, lazyMetrics, lazyOwnership, lazyReceipts, lazySinks } from './lazy.ts';

const SECONDS_A_DAY = 86_400;

/** The ledger's table, and the one client through which a container speaks to it. */
export interface LedgerTable {
  readonly documents: DynamoDBDocumentClient;
  readonly name: string;
}

/** Opens the ledger's table; no call is made yet. */
export const ledgerTable = (name: string): LedgerTable => ({
  name,
  documents: DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions()), {
    marshallOptions: { removeUndefinedValues: true },
  }),
});

/** The heads in the ledger's table. */
export const ledger = ({ documents, name }: LedgerTable): DynamoLedger => new DynamoLedger(documents, name);

/** The history of events in the ledger's table. */
export const eventLog = ({ documents, name }: LedgerTable, retentionDays: number): EventLog =>
  new DynamoEventLog(documents, name, SYSTEM_CLOCK, { retentionSeconds: retentionDays * SECONDS_A_DAY });

/** How long events and receipts are kept. */
interface KeepingEnvironment {
  readonly EVENT_RETENTION_DAYS: number;
}

/** What deciding needs, on AWS. */
export const controllerDeps = (
  table: LedgerTable,
  policies: PolicySource,
  telemetry: Telemetry,
  { EVENT_RETENTION_DAYS }: KeepingEnvironment,
): ControllerDeps => ({
  policies,
  telemetry,
  clock: SYSTEM_CLOCK,
  calendar: lazyCalendar(),
  ids: { next: randomUUID },
  metrics: lazyMetrics(),
  targets: awsTargets(clientOptions()),
  ownership: lazyOwnership(),
  ledger: ledger(table),
  receipts: lazyReceipts(table.documents, table.name, EVENT_RETENTION_DAYS * SECONDS_A_DAY),
});

/** Where events go. */
interface PublishingEnvironment extends KeepingEnvironment {
  readonly EVENT_BUS_NAME: string;
  readonly TOPIC_ARN?: string | undefined;
}

/** What relaying needs, on AWS. */
export const relayDeps = (
  table: LedgerTable,
  { EVENT_BUS_NAME, TOPIC_ARN, EVENT_RETENTION_DAYS }: PublishingEnvironment,
): RelayDeps => ({
  outbox: ledger(table),
  events: eventLog(table, EVENT_RETENTION_DAYS),
  sinks: lazySinks(EVENT_BUS_NAME, TOPIC_ARN),
});
