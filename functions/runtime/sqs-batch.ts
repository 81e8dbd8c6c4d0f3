import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { type Job, runInGroups } from './in-groups.ts';
import type { FunctionRuntime } from './lambda-handler.ts';

/** Characters of a poison message that its log line keeps; every event of AWS that we listen to is far shorter. */
const KEPT_CHARACTERS = 32_768;

/** A job that knows the record it belongs to. */
interface RecordJob extends Job {
  readonly record: SQSRecord;
}

/** Turns the body of a message into work: one job for every target that it concerns, none when it concerns nobody. */
export type Plan = (body: unknown) => readonly Job[];

/**
 * Works through a batch of messages and tells SQS which of them to deliver again.
 *
 * - A message that can never succeed (not JSON, not of its schema, unknown alarm: `plan` throws `invalid`) is set aside:
 *   logged with its body, counted, acknowledged. It never comes back.
 * - A message whose work fails is delivered again by itself, up to the queue's `maxReceiveCount`, and then waits in the
 *   dead-letter queue. The others of its batch are done.
 *
 * Needs `ReportBatchItemFailures` on the event source mapping.
 */
export async function sqsBatch(
  { log, metrics }: FunctionRuntime,
  event: SQSEvent,
  plan: Plan,
): Promise<SQSBatchResponse> {
  const jobs = event.Records.flatMap((record): readonly RecordJob[] => {
    try {
      return plan(parseBody(record.body)).map((job) => ({ ...job, record }));
    } catch (error) {
      if (!isPoison(error)) return [{ key: record.messageId, record, run: () => Promise.reject(error) }];
      metrics.add('PoisonMessages', 1, {});
      log.error('message set aside', {
        messageId: record.messageId,
        queue: record.eventSourceARN,
        error,
        characters: record.body.length,
        body: record.body.slice(0, KEPT_CHARACTERS),
      });
      return [];
    }
  });
  const failed = await runInGroups(jobs);
  for (const { job, error } of failed) {
    metrics.add('FailedRecords', 1, {});
    const { messageId, attributes } = job.record;
    log.error('message failed', {
      messageId,
      target: job.key,
      attempt: attributes.ApproximateReceiveCount,
      error,
    });
  }
  const again = new Set(failed.map(({ job }) => job.record.messageId));
  return { batchItemFailures: [...again].map((itemIdentifier) => ({ itemIdentifier })) };
}

const isPoison = (error: unknown): boolean => error instanceof ControllerError && error.code === 'invalid';

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new ControllerError('invalid', 'The message is not JSON.', { retryable: false, cause });
  }
}
