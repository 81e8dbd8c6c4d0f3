import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { type Job, runInGroups } from './in-groups.ts';
import type { FunctionRuntime } from './lambda-handler.ts';

/** A job that knows the place of its record in the stream. */
export interface StreamJob extends Job {
  readonly sequenceNumber: string;
}

/**
 * Works through a batch of stream records and tells Lambda from where to deliver again: from the first record that
 * failed, so that nothing after it is taken for done. What succeeded after it is repeated, which the relay bears.
 *
 * Needs `ReportBatchItemFailures` on the event source mapping, which takes the lowest sequence number reported as its
 * checkpoint ("Configuring partial batch response with DynamoDB and Lambda", Lambda developer guide).
 */
export async function streamBatch(
  { log, metrics }: FunctionRuntime,
  event: DynamoDBStreamEvent,
  plan: (records: readonly DynamoDBRecord[]) => readonly StreamJob[],
): Promise<DynamoDBBatchResponse> {
  const failed = await runInGroups(plan(event.Records));
  for (const { job, error } of failed) {
    metrics.add('FailedRecords', 1, {});
    log.error('stream record failed', { sequenceNumber: job.sequenceNumber, target: job.key, error });
  }
  const numbers = new Set(failed.map(({ job }) => job.sequenceNumber));
  const first = event.Records.find(({ dynamodb }) => numbers.has(dynamodb?.SequenceNumber ?? ''));
  const itemIdentifier = first?.dynamodb?.SequenceNumber;
  return { batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }] };
}
