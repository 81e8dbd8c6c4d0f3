import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ControllerError } from '../../core/controller-error.ts';
import { batchesOf, inParallel } from './batching.ts';
import type { Item } from './dynamo-head.ts';

/** The part of the DocumentClient that the adapters use. */
export type DocumentClient = Pick<DynamoDBDocumentClient, 'send'>;

/** How a batch that DynamoDB answered in part is asked again. */
export interface Patience {
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** From 0 to below 1: spreads callers that were throttled together. */
  readonly random: () => number;
}

type Key = Readonly<Record<string, string>>;

const BATCH = 100;
const PARALLEL = 8;
const ATTEMPTS = 8;
const BASE_MILLIS = 50;
const LONGEST_MILLIS = 2_000;

/** Patience in real time. */
export const REAL_PATIENCE: Patience = {
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
};

/**
 * Reads items by key, strongly consistent, 100 a call; keys must not repeat. An item that does not exist is left out.
 * @throws ControllerError `throttled` when DynamoDB kept on leaving keys unprocessed; errors of the client as they are.
 */
export async function batchGet(
  client: DocumentClient,
  table: string,
  keys: readonly Key[],
  patience: Patience,
): Promise<readonly Item[]> {
  const pages = await inParallel(batchesOf(keys, BATCH), PARALLEL, (batch) =>
    readBatch(client, table, batch, patience),
  );
  return pages.flat();
}

// BatchGetItem answers in part when it meets 16 MB or a throttled partition, and asks for exponential back-off:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
async function readBatch(
  client: DocumentClient,
  table: string,
  batch: readonly Key[],
  { wait, random }: Patience,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let left = batch;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await wait(random() * Math.min(LONGEST_MILLIS, BASE_MILLIS * 2 ** attempt));
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: [...left], ConsistentRead: true } } }),
    );
    items.push(...(answer.Responses?.[table] ?? []));
    left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    if (left.length === 0) return items;
  }
  throw new ControllerError(
    'throttled',
    `could not read ${batch.length} heads: DynamoDB left ${left.length} unprocessed after ${ATTEMPTS} attempts.`,
    { retryable: true },
  );
}
