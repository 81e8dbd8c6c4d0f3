import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ControllerError } from '../../core/controller-error.ts';
import type { LedgerEntry } from '../../core/ledger-entry.ts';
import type { TargetId } from '../../core/target.ts';
import { type Instant, instant } from '../../core/time.ts';
import type { Commit, Ledger, Outbox } from '../../ports/ledger.ts';
import { TABLE } from '../../ports/ledger-table.ts';
import { batchGet, type DocumentClient, type Patience, REAL_PATIENCE } from './dynamo-batch-get.ts';
import { entryOfItem, type HeadParts, headKey, headParts, type Item } from './dynamo-head.ts';
import { AWAKE, targetOfPartition } from './dynamo-table.ts';
import { translateSdkError } from './sdk-errors.ts';

const IDS_PER_UPDATE = 50;
const TOO_LARGE = /item size.*exceeded the maximum allowed size/i;

/**
 * The ledger in DynamoDB: one item per target, and one conditional write per commit.
 *
 * The version in the condition is lock, fence and idempotency key at once. The outbox is a map by event id, so the relay takes
 * events off it without touching the version: an acknowledgement and a commit never stand in each other's way.
 */
export class DynamoLedger implements Ledger, Outbox {
  readonly #client: DocumentClient;
  readonly #table: string;
  readonly #patience: Patience;

  constructor(client: DocumentClient, table: string, patience: Patience = REAL_PATIENCE) {
    this.#client = client;
    this.#table = table;
    this.#patience = patience;
  }

  async load(targets: readonly TargetId[]): Promise<ReadonlyMap<TargetId, LedgerEntry>> {
    const keys = [...new Set(targets)].map(headKey);
    const items = await translated(`load ${keys.length} heads`, () =>
      batchGet(this.#client, this.#table, keys, this.#patience),
    );
    return new Map(items.map((item) => entryOfItem(item)).map((entry) => [entry.target, entry]));
  }

  async commit(commit: Commit): Promise<LedgerEntry> {
    const parts = headParts(commit);
    const writer = randomUUID();
    const write = commit.expectedVersion === 0 ? this.#create : this.#update;
    return translated(`commit version ${parts.version} of ${commit.target}`, async () => {
      try {
        return entryOfItem(await write.call(this, commit, parts, writer));
      } catch (error) {
        const landed = await this.#landedBefore(error, commit.target, writer);
        if (landed !== null) return landed;
        throw nameSizeFault(error, commit.target, parts);
      }
    });
  }

  /**
   * The index follows its table a moment later (global indexes have no consistent reads). Harmless both ways: the caller
   * reads the head itself before it decides, so a target asked too often is found asleep, and one asked a moment too late
   * is in the answer of the next tick.
   */
  async due(now: Instant): Promise<readonly { readonly target: TargetId; readonly wakeAt: Instant }[]> {
    const items = await translated('ask who is due', () => this.#queryDue(now));
    return items.map(({ pk, wakeAt }) => ({
      target: targetOfPartition(String(pk)),
      wakeAt: instant(Number(wakeAt)),
    }));
  }

  async acknowledge(target: TargetId, eventIds: readonly string[]): Promise<void> {
    for (let start = 0; start < eventIds.length; start += IDS_PER_UPDATE)
      await translated(`acknowledge events of ${target}`, () =>
        this.#remove(target, eventIds.slice(start, start + IDS_PER_UPDATE)),
      );
  }

  async #create({ target }: Commit, parts: HeadParts, writer: string): Promise<Item> {
    const { version, state, letters, awake } = parts;
    const outbox = Object.fromEntries(letters);
    const item = { ...headKey(target), version, state, outbox, writer, ...awake };
    await this.#client.send(
      new PutCommand({
        TableName: this.#table,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return item;
  }

  async #update({ target, expectedVersion }: Commit, parts: HeadParts, writer: string): Promise<Item> {
    const { version, state, letters, awake } = parts;
    const outbox = [...letters].map(([id, letter], index) => ({ name: `#e${index}`, id, letter, index }));
    const asleep = awake.awake === undefined;
    const sets = [
      '#version = :version, #state = :state, #writer = :writer',
      ...(asleep ? [] : ['#awake = :awake, #wakeAt = :wakeAt']),
      ...outbox.map(({ name, index }) => `#outbox.${name} = :e${index}`),
    ];
    const answer = await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: headKey(target),
        ConditionExpression: '#version = :expected',
        UpdateExpression: `SET ${sets.join(', ')}${asleep ? ' REMOVE #awake, #wakeAt' : ''}`,
        ExpressionAttributeNames: {
          '#version': 'version',
          '#state': 'state',
          '#writer': 'writer',
          '#awake': TABLE.indexes.wakeAt.partitionKey.name,
          '#wakeAt': TABLE.indexes.wakeAt.sortKey.name,
          ...(outbox.length === 0 ? {} : { '#outbox': 'outbox' }),
          ...Object.fromEntries(outbox.map(({ name, id }) => [name, id])),
        },
        ExpressionAttributeValues: {
          ':expected': expectedVersion,
          ':version': version,
          ':state': state,
          ':writer': writer,
          ...(asleep ? {} : { ':awake': awake.awake, ':wakeAt': awake.wakeAt }),
          ...Object.fromEntries(outbox.map(({ index, letter }) => [`:e${index}`, letter])),
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return answer.Attributes ?? {};
  }

  /**
   * A commit that landed while its answer was lost meets its own new version when the client repeats it. Told as a conflict,
   * its resize would look like a stranger's; so a repeated request that was refused asks who wrote the head.
   */
  async #landedBefore(error: unknown, target: TargetId, writer: string): Promise<LedgerEntry | null> {
    const repeated = error instanceof ConditionalCheckFailedException && (error.$metadata.attempts ?? 1) > 1;
    if (!repeated) return null;
    const { Item: head } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: headKey(target), ConsistentRead: true }),
    );
    return head?.['writer'] === writer ? entryOfItem(head) : null;
  }

  async #queryDue(now: Instant): Promise<readonly Item[]> {
    const { name, partitionKey, sortKey } = TABLE.indexes.wakeAt;
    const items: Item[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: name,
          KeyConditionExpression: '#awake = :awake AND #wakeAt <= :now',
          ExpressionAttributeNames: { '#awake': partitionKey.name, '#wakeAt': sortKey.name },
          ExpressionAttributeValues: { ':awake': AWAKE, ':now': now },
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      );
      items.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return items;
  }

  async #remove(target: TargetId, eventIds: readonly string[]): Promise<void> {
    const names = [...new Set(eventIds)].map((id, index) => [`#e${index}`, id] as const);
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: headKey(target),
          // Without the condition, an update of a head that is gone would create an item without a version.
          ConditionExpression: 'attribute_exists(pk)',
          UpdateExpression: `REMOVE ${names.map(([name]) => `#outbox.${name}`).join(', ')}`,
          ExpressionAttributeNames: { '#outbox': 'outbox', ...Object.fromEntries(names) },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

async function translated<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateSdkError(error, what);
  }
}

// Our own part fits, as headParts has checked: the rest is what the relay has not taken yet, so a later try may fit.
function nameSizeFault(error: unknown, target: TargetId, { state, letters }: HeadParts): unknown {
  if (!(error instanceof Error) || !TOO_LARGE.test(error.message)) return error;
  return new ControllerError(
    'unavailable',
    `the outbox of ${target} is full: with a state of ${Buffer.byteLength(state)} bytes, ${letters.size} new events no longer fit ` +
      'into the 400 KB of an item; the relay must take the older ones first.',
    { retryable: true, cause: error },
  );
}
