import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { entryOfStreamImage } from '../../shared/adapters/aws/dynamo-head.ts';
import type { LedgerEntry } from '../../shared/core/ledger-entry.ts';
import type { TargetId } from '../../shared/core/target.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { RelayDeps } from '../../shared/usecases/deps.ts';
import { relayEvents } from '../../shared/usecases/relay-events.ts';
import type { FunctionRuntime } from '../runtime/lambda-handler.ts';
import { type StreamJob, streamBatch } from '../runtime/stream-batch.ts';

/** What relaying needs, and the ledger: the stream tells of a head, the head itself what is still to be told. */
export interface StreamRelayDeps extends RelayDeps {
  readonly ledger: Pick<Ledger, 'load'>;
}

/** Carries the outboxes of the heads that a batch of stream records shows out into the world. */
export async function relayRecords(
  runtime: FunctionRuntime,
  deps: StreamRelayDeps,
  event: DynamoDBStreamEvent,
): Promise<DynamoDBBatchResponse> {
  return streamBatch(runtime, event, (records) => jobsOf(runtime, deps, records));
}

// The outbox of the last image holds what earlier images had and nobody has acknowledged since: one job a target is enough.
function jobsOf(
  runtime: FunctionRuntime,
  deps: StreamRelayDeps,
  records: readonly DynamoDBRecord[],
): readonly StreamJob[] {
  const lastByTarget = new Map<TargetId, StreamJob>();
  for (const record of records) {
    const entry = entryOf(runtime, record);
    if (entry === null) continue;
    const { target, outbox } = entry;
    const sequenceNumber = record.dynamodb?.SequenceNumber ?? '';
    const run = () => (outbox.length === 0 ? Promise.resolve() : relayHead(deps, target));
    lastByTarget.set(target, { key: target, sequenceNumber, run });
  }
  return [...lastByTarget.values()];
}

// An image is as old as its record: what a resize has started is in the image of its acceptance too, a moment later and
// often in the next batch. Told from images, people would hear of it twice.
async function relayHead(deps: StreamRelayDeps, target: TargetId): Promise<void> {
  const head = (await deps.ledger.load([target])).get(target);
  await relayEvents(deps, target, head?.outbox ?? []);
}

/** The head in a record, or null for what is none: an event or a receipt, a removal, or an image that nobody can read. */
function entryOf({ log, metrics }: FunctionRuntime, record: DynamoDBRecord): LedgerEntry | null {
  const image = record.dynamodb?.NewImage;
  if (image === undefined) return null;
  try {
    // The types of aws-lambda call binary values strings; a head has none.
    return entryOfStreamImage(
      image as Readonly<Record<string, unknown>> as Readonly<Record<string, AttributeValue>>,
    );
  } catch (error) {
    // Thrown on, it would hold up its shard until it expires. The sweep finds stragglers in the table itself.
    metrics.add('PoisonMessages', 1, {});
    log.error('stream record set aside', {
      sequenceNumber: record.dynamodb?.SequenceNumber,
      keys: record.dynamodb?.Keys,
      error,
    });
    return null;
  }
}
