import { PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { ControllerError } from '../../core/controller-error.ts';
import type { Receipt } from '../../core/receipt.ts';
import { targetId } from '../../core/target.ts';
import type { Clock } from '../../ports/clock.ts';
import { TABLE } from '../../ports/ledger-table.ts';
import type { ReceiptPage, ReceiptQuery, ReceiptStore } from '../../ports/receipt-store.ts';
import {
  assertPageLimit,
  DEFAULT_RETENTION_SECONDS,
  decodeCursor,
  type EventPosition,
  encodeCursor,
  expiryOf,
  pageOf,
  positionKey,
  windowKeys,
} from '../event-position.ts';
import { packReceipt, unpackReceipt } from '../receipt-codec.ts';
import type { DocumentClient } from './dynamo-batch-get.ts';
import type { Item } from './dynamo-head.ts';
import { partitionOf, RECEIPT_PREFIX } from './dynamo-table.ts';
import { translateSdkError } from './sdk-errors.ts';

const { partitionKey, sortKey, ttlAttribute } = TABLE;

/** Receipts in the ledger's table, compressed, beside the head and the events of their target; no index knows them. */
export class DynamoReceipts implements ReceiptStore {
  readonly #client: DocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #retentionSeconds: number;

  /** `retentionSeconds`: how long after its decision a receipt is kept. */
  constructor(
    client: DocumentClient,
    table: string,
    clock: Clock,
    options: { readonly retentionSeconds?: number } = {},
  ) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
    this.#retentionSeconds = options.retentionSeconds ?? DEFAULT_RETENTION_SECONDS;
  }

  // Without a condition: a decision has one receipt, and its repeat is the same item.
  async put(receipt: Receipt): Promise<void> {
    const position = positionOf(receipt);
    const item = {
      ...keyOf(position),
      receipt: packReceipt(receipt),
      [ttlAttribute]: expiryOf(position, this.#retentionSeconds),
    };
    try {
      await this.#client.send(new PutCommand({ TableName: this.#table, Item: item }));
    } catch (error) {
      throw translateSdkError(error, `store receipt ${receipt.id}`);
    }
  }

  async list(query: ReceiptQuery): Promise<ReceiptPage> {
    assertPageLimit(query.limit);
    const start = decodeCursor(query, 'receipts');
    try {
      const { page, last } = pageOf(await this.#read(query, start, query.limit + 1), query.limit);
      return { receipts: page, cursor: last && encodeCursor(query, positionOf(last), 'receipts') };
    } catch (error) {
      throw translateSdkError(error, 'list receipts');
    }
  }

  async #read(query: ReceiptQuery, start: EventPosition | null, wanted: number): Promise<Receipt[]> {
    const receipts: Receipt[] = [];
    const { from: first, to: last } = windowKeys(query);
    // DynamoDB refuses bounds that are the wrong way round; for the caller they are an empty window.
    if (first > last) return receipts;
    const request = this.#request(query);
    let from: Item | undefined = start === null ? undefined : keyOf(start);
    do {
      const page = await this.#client.send(
        new QueryCommand({ ...request, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
      );
      for (const item of page.Items ?? []) receipts.push(receiptIn(item));
      from = page.LastEvaluatedKey;
    } while (from !== undefined && receipts.length < wanted);
    return receipts;
  }

  #request(query: ReceiptQuery): QueryCommandInput {
    const { from, to } = windowKeys(query);
    return {
      TableName: this.#table,
      KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :from AND :to',
      FilterExpression: '#expiresAt > :now',
      ExpressionAttributeNames: {
        '#partition': partitionKey.name,
        '#sort': sortKey.name,
        '#expiresAt': ttlAttribute,
      },
      ExpressionAttributeValues: {
        ':partition': partitionOf(query.target),
        ':from': `${RECEIPT_PREFIX}${from}`,
        ':to': `${RECEIPT_PREFIX}${to}`,
        ':now': this.#clock.now() / 1000,
      },
      ScanIndexForward: false,
      Limit: query.limit + 1,
    };
  }
}

const positionOf = ({ id, now, policy }: Receipt): EventPosition => ({
  id,
  at: now,
  target: targetId(policy.target),
});

const keyOf = (position: EventPosition): Record<string, string> => ({
  [partitionKey.name]: partitionOf(position.target),
  [sortKey.name]: `${RECEIPT_PREFIX}${positionKey(position)}`,
});

function receiptIn(item: Item): Receipt {
  const { receipt } = item;
  if (receipt instanceof Uint8Array) return unpackReceipt(receipt);
  throw new ControllerError('invalid', 'a stored receipt has no bytes.', { retryable: false });
}
