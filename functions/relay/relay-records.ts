import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { entryOfStreamImage } from '../../shared/adapters/aws/dynamo-head.ts';
import type { LedgerEntry } from '../../shared/core/ledger-entry.ts';
import type { TargetId } from '../../shared/core/target.ts';
import type { RelayDeps } from '../../shared/usecases/deps.ts';
import { relayEvents } from '../../shared/usecases/relay-events.ts';
import type { FunctionRuntime } from '../runtime/lambda-handler.ts';
import { type StreamJob, streamBatch } from '../runtime/stream-batch.ts';

/** Carries the outboxes that a batch of stream records shows out into the world. */
export async function relayRecords(
  runtime: FunctionRuntime,
  deps: RelayDeps,
  event: DynamoDBStreamEvent,
): Promise<DynamoDBBatchResponse> {
  return streamBatch(runtime, event, (records) => jobsOf(runtime, deps, records));
}

// The outbox of the last image holds what earlier images had and nobody has acknowledged since: one job a target is enough.
function jobsOf(
  runtime: FunctionRuntime,
  deps: RelayDeps,
  records: readonly DynamoDBRecord[],
): readonly StreamJob[] {
  const lastByTarget = new Map<TargetId, StreamJob>();
  for (const record of records) {
    const entry = entryOf(runtime, record);
    if (entry === null) continue;
    const { target, outbox } = entry;
    const sequenceNumber = record.dynamodb?.SequenceNumber ?? '';
    lastByTarget.set(target, { key: target, sequenceNumber, run: () => relayEvents(deps, target, outbox) });
  }
  return [...lastByTarget.values()];
}

/** The head in a record, or null for what is none: an event item, a removal, or an image that nobody can read. */
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
