import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { ControllerEvent } from '../../core/controller-event.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventLog, EventPage, EventQuery } from '../../ports/event-log.ts';
import { TABLE } from '../../ports/ledger-table.ts';
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
import { plainJson } from '../plain-json.ts';
import { inParallel } from './batching.ts';
import type { DocumentClient } from './dynamo-batch-get.ts';
import type { Item } from './dynamo-head.ts';
import { EVENT_PREFIX, LOG, partitionOf } from './dynamo-table.ts';
import { translateSdkError } from './sdk-errors.ts';

const PARALLEL_WRITES = 16;
// A filter is applied after the limit of a call: a rare type, or a run of expired events, is passed in long strides.
const FILTERED_STRIDE = 500;
const { partitionKey, sortKey, ttlAttribute, indexes } = TABLE;
const byTime = indexes.eventsByTime;

/** The history of scaling events in the ledger's table: by target in the table itself, over all targets in an index. */
export class DynamoEventLog implements EventLog {
  readonly #client: DocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #retentionSeconds: number;

  /** `retentionSeconds`: how long after its own time an event is kept. */
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

  async append(events: readonly ControllerEvent[]): Promise<void> {
    const items = events.map((event) => this.#itemOf(event));
    try {
      await inParallel(items, PARALLEL_WRITES, (item) => this.#put(item));
    } catch (error) {
      throw translateSdkError(error, `store ${events.length} events`);
    }
  }

  async list(query: EventQuery): Promise<EventPage> {
    assertPageLimit(query.limit);
    const start = decodeCursor(query);
    try {
      const { page, last } = pageOf(await this.#read(query, start, query.limit + 1), query.limit);
      return { events: page, cursor: last && encodeCursor(query, last) };
    } catch (error) {
      throw translateSdkError(error, 'list events');
    }
  }

  async #read(query: EventQuery, start: EventPosition | null, wanted: number): Promise<ControllerEvent[]> {
    const events: ControllerEvent[] = [];
    const { from: first, to: last } = windowKeys(query);
    // DynamoDB refuses bounds that are the wrong way round; for the caller they are an empty window.
    if (first > last) return events;
    const request = this.#request(query);
    let stride = query.type === undefined ? wanted : FILTERED_STRIDE;
    let from: Item | undefined = start === null ? undefined : startKey(query, start);
    do {
      const page = await this.#client.send(
        new QueryCommand({
          ...request,
          Limit: stride,
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      );
      for (const item of page.Items ?? []) events.push(eventOf(item));
      from = page.LastEvaluatedKey;
      stride = FILTERED_STRIDE;
    } while (from !== undefined && events.length < wanted);
    return events;
  }

  #request(query: EventQuery): QueryCommandInput {
    const { from, to } = windowKeys(query);
    const keys = query.target === undefined ? byTime : TABLE;
    const prefix = query.target === undefined ? '' : EVENT_PREFIX;
    return {
      TableName: this.#table,
      ...(query.target === undefined ? { IndexName: byTime.name } : {}),
      KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :from AND :to',
      // Expired items may stay for days: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
      FilterExpression: `#expiresAt > :now${query.type === undefined ? '' : ' AND #type = :type'}`,
      ExpressionAttributeNames: {
        '#partition': keys.partitionKey.name,
        '#sort': keys.sortKey.name,
        '#expiresAt': ttlAttribute,
        ...(query.type === undefined ? {} : { '#type': 'type' }),
      },
      ExpressionAttributeValues: {
        ':partition': query.target === undefined ? LOG : partitionOf(query.target),
        ':from': `${prefix}${from}`,
        ':to': `${prefix}${to}`,
        ':now': this.#clock.now() / 1000,
        ...(query.type === undefined ? {} : { ':type': query.type }),
      },
      ScanIndexForward: query.order === 'oldest-first',
    };
  }

  #itemOf(event: ControllerEvent): Item {
    return {
      ...tableKey(event),
      [byTime.partitionKey.name]: LOG,
      [byTime.sortKey.name]: positionKey(event),
      type: event.type,
      event: plainJson(event, `event ${event.id}`),
      [ttlAttribute]: expiryOf(event, this.#retentionSeconds),
    };
  }

  // BatchWriteItem has no conditions: it would overwrite, and give an old event a new expiry.
  async #put(item: Item): Promise<void> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: item,
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

const eventOf = (item: Item): ControllerEvent => JSON.parse(String(item['event'])) as ControllerEvent;

const tableKey = (position: EventPosition): Record<string, string> => ({
  [partitionKey.name]: partitionOf(position.target),
  [sortKey.name]: `${EVENT_PREFIX}${positionKey(position)}`,
});

// A query of an index starts from the keys of the index and of the table together.
const startKey = (query: EventQuery, position: EventPosition): Item => ({
  ...tableKey(position),
  ...(query.target === undefined
    ? { [byTime.partitionKey.name]: LOG, [byTime.sortKey.name]: positionKey(position) }
    : {}),
});
