import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { type BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentClient } from '../../../shared/adapters/aws/dynamo-batch-get.ts';
import { DynamoEventLog } from '../../../shared/adapters/aws/dynamo-event-log.ts';
import { entryOfStreamImage } from '../../../shared/adapters/aws/dynamo-head.ts';
import { DynamoLedger } from '../../../shared/adapters/aws/dynamo-ledger.ts';
import type { ControllerError } from '../../../shared/core/controller-error.ts';
import { HEAD_KEY, TABLE } from '../../../shared/ports/ledger-table.ts';
import { HandClock } from '../../contracts/store.ts';
import { aState, aTargetId } from '../../support/a-state.ts';
import { anEvent, TEN_O_CLOCK } from '../../support/an-event.ts';
import { connectDynamo, type DynamoServer, startDynalite } from '../../support/dynamo-store.ts';

const WEB = aTargetId('web');

/** What happens to one attempt of a request: `lost` = it arrives, but its answer does not. */
type Fate = 'throttled' | 'lost' | 'arrives';

let server: DynamoServer;
beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.close());

/** A real client, with its own retries, whose attempts meet the fates in their order; later ones arrive. */
async function clientWith(
  fates: readonly Fate[],
  { onLost = async (): Promise<unknown> => undefined, maxAttempts = 4 } = {},
) {
  const endpoint = await server.client.config.endpoint?.();
  const { client } = connectDynamo(`http://${endpoint?.hostname}:${endpoint?.port}`, { maxAttempts });
  const queue = [...fates];
  const attempts: string[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      attempts.push(String(context.commandName));
      const fate = queue.shift() ?? 'arrives';
      if (fate === 'throttled')
        throw Object.assign(new Error('The level of configured throughput was exceeded'), {
          name: 'ProvisionedThroughputExceededException',
          $metadata: { httpStatusCode: 400 },
        });
      const answer = await next(args);
      if (fate === 'arrives') return answer;
      await onLost();
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    },
    { step: 'deserialize' },
  );
  return { documents: DynamoDBDocumentClient.from(client), attempts };
}

async function failureOf(work: Promise<unknown>): Promise<ControllerError> {
  return work.then(
    () => expect.unreachable('it succeeded'),
    (error: unknown) => error as ControllerError,
  );
}

describe('a throttled table', () => {
  it('is asked again by the client, and answers in the end', async () => {
    const table = await server.newTable();
    const { documents, attempts } = await clientWith(['throttled', 'throttled']);
    const ledger = new DynamoLedger(documents, table);
    const commit = { target: WEB, expectedVersion: 0, state: aState(), events: [] };
    expect((await ledger.commit(commit)).version).toBe(1);
    expect(attempts).toHaveLength(3);
  });

  it('is a retryable fault once the client gives up, whatever was called', async () => {
    const table = await server.newTable();
    const { documents, attempts } = await clientWith(Array(99).fill('throttled'), { maxAttempts: 2 });
    const ledger = new DynamoLedger(documents, table);
    const history = new DynamoEventLog(documents, table, new HandClock());
    const calls = [
      () => ledger.load([WEB]),
      () => ledger.commit({ target: WEB, expectedVersion: 0, state: aState(), events: [] }),
      () => ledger.commit({ target: WEB, expectedVersion: 1, state: aState(), events: [] }),
      () => ledger.due(TEN_O_CLOCK),
      () => ledger.acknowledge(WEB, ['a']),
      () => history.append([anEvent()]),
      () => history.list({ order: 'newest-first', limit: 1 }),
    ];
    const failures = await Promise.all(calls.map((call) => failureOf(call())));
    for (const failure of failures) expect(failure).toMatchObject({ code: 'throttled', retryable: true });
    expect(failures[1]?.message).toContain(`commit version 1 of ${WEB}`);
    expect(attempts).toHaveLength(2 * calls.length);
  });
});

describe('a batch that DynamoDB answers in part', () => {
  const targets = Array.from({ length: 120 }, (_, index) => aTargetId(`service-${index}`));
  const item = (pk: string) => ({
    pk,
    sk: HEAD_KEY,
    version: 1,
    state: JSON.stringify(aState()),
    outbox: {},
  });

  /** Answers at most `share` keys of every call and leaves the rest. */
  function partial(share: number) {
    const calls: BatchGetCommand['input'][] = [];
    const client = {
      send: async (command: BatchGetCommand) => {
        calls.push(command.input);
        const keys = command.input.RequestItems?.['ledger']?.Keys ?? [];
        const rest = keys.slice(share);
        return {
          Responses: { ledger: keys.slice(0, share).map((key) => item(String(key['pk']))) },
          UnprocessedKeys: rest.length === 0 ? {} : { ledger: { Keys: rest } },
        };
      },
    };
    const waits: number[] = [];
    const patience = {
      wait: async (milliseconds: number) => void waits.push(milliseconds),
      random: () => 0.5,
    };
    const ledger = new DynamoLedger(client as unknown as DocumentClient, 'ledger', patience);
    return { ledger, calls, waits };
  }

  it('is read to its end, with growing pauses', async () => {
    const { ledger, calls, waits } = partial(40);
    expect([...(await ledger.load(targets)).keys()]).toEqual(targets);
    const sizes = calls.map((call) => call.RequestItems?.['ledger']?.Keys?.length);
    expect(sizes.toSorted()).toEqual([100, 20, 20, 60]);
    expect(waits).toEqual([50, 100]);
    for (const call of calls) expect(call.RequestItems?.['ledger']?.ConsistentRead).toBe(true);
  });

  it('is a throttled fault when it never ends, after pauses of two seconds at most', async () => {
    const { ledger, calls, waits } = partial(0);
    const failure = await failureOf(ledger.load(targets.slice(0, 5)));
    expect(failure).toMatchObject({ code: 'throttled', retryable: true });
    expect(failure.message).toContain('left 5 unprocessed after 8 attempts');
    expect(calls).toHaveLength(8);
    expect(Math.max(...waits)).toBe(1_000);
  });

  it('costs one call per hundred different targets, and none without a target', async () => {
    const { ledger, calls } = partial(100);
    await ledger.load([]);
    expect(calls).toHaveLength(0);
    await ledger.load([...targets, ...targets]);
    expect(calls).toHaveLength(2);
  });
});

describe('a commit whose answer is lost', () => {
  it.each([0, 1])('is known as our own when the client repeats it at version %i', async (expectedVersion) => {
    const table = await server.newTable();
    const before = new DynamoLedger(server.documents, table);
    if (expectedVersion > 0)
      await before.commit({ target: WEB, expectedVersion: 0, state: aState(), events: [] });
    const { documents, attempts } = await clientWith(['lost']);
    const state = aState({ size: 5 });
    const commit = { target: WEB, expectedVersion, state, events: [anEvent()] };
    const entry = await new DynamoLedger(documents, table).commit(commit);
    expect(entry).toEqual({ target: WEB, version: expectedVersion + 1, state, outbox: [anEvent()] });
    expect((await before.load([WEB])).get(WEB)).toEqual(entry);
    expect(attempts).toHaveLength(3);
  });

  it('is a conflict when another writer has gone on from it', async () => {
    const table = await server.newTable();
    const other = new DynamoLedger(server.documents, table);
    const { documents } = await clientWith(['lost'], {
      onLost: () => other.commit({ target: WEB, expectedVersion: 1, state: aState({ size: 9 }), events: [] }),
    });
    const commit = { target: WEB, expectedVersion: 0, state: aState({ size: 5 }), events: [] };
    const failure = await failureOf(new DynamoLedger(documents, table).commit(commit));
    expect(failure).toMatchObject({ code: 'conflict', retryable: true });
    expect((await other.load([WEB])).get(WEB)?.state.size).toBe(9);
  });

  it('asks nobody when a first request was refused', async () => {
    const table = await server.newTable();
    const { documents, attempts } = await clientWith([]);
    const ledger = new DynamoLedger(documents, table);
    await failureOf(ledger.commit({ target: WEB, expectedVersion: 3, state: aState(), events: [] }));
    expect(attempts).toEqual(['UpdateItemCommand']);
  });
});

describe('the limits of an item', () => {
  const big = (bytes: number) => 'x'.repeat(bytes);

  it('refuse a state that cannot fit, with its size, before any call', async () => {
    const table = await server.newTable();
    const { documents, attempts } = await clientWith([]);
    const ledger = new DynamoLedger(documents, table);
    const state = aState({ policy: big(410_000) });
    const failure = await failureOf(
      ledger.commit({ target: WEB, expectedVersion: 0, state, events: [anEvent()] }),
    );
    expect(failure).toMatchObject({ code: 'rejected', retryable: false });
    expect(failure.message).toContain(
      `its state has ${JSON.stringify(state).length} bytes and its 1 new events`,
    );
    expect(attempts).toEqual([]);
  });

  it('refuse more than 50 events in one commit', async () => {
    const ledger = new DynamoLedger(server.documents, await server.newTable());
    const commit = (count: number, expectedVersion: number) => {
      const events = Array.from({ length: count }, (_, index) => anEvent({ id: `${WEB}@1.${index}` }));
      return ledger.commit({ target: WEB, expectedVersion, state: aState(), events });
    };
    expect((await commit(50, 0)).outbox).toHaveLength(50);
    expect((await commit(50, 1)).outbox).toHaveLength(50);
    expect(await failureOf(commit(51, 2))).toMatchObject({ code: 'rejected' });
  });

  it('hold up a commit while the outbox is full, and let it through once the relay has been', async () => {
    const ledger = new DynamoLedger(server.documents, await server.newTable());
    const event = (id: string) => anEvent({ id, reason: big(150_000) });
    const commit = (expectedVersion: number, id: string) =>
      ledger.commit({ target: WEB, expectedVersion, state: aState(), events: [event(id)] });
    await commit(0, 'one');
    await commit(1, 'two');
    const failure = await failureOf(commit(2, 'three'));
    expect(failure).toMatchObject({ code: 'unavailable', retryable: true });
    expect(failure.message).toContain('the relay must take the older ones first');
    await ledger.acknowledge(WEB, ['one']);
    expect((await commit(2, 'three')).outbox.map(({ id }) => id)).toEqual(['two', 'three']);
  });
});

describe('what is in the table', () => {
  it('shows the index no target that sleeps, and no event', async () => {
    const table = await server.newTable();
    const ledger = new DynamoLedger(server.documents, table);
    const history = new DynamoEventLog(server.documents, table, new HandClock());
    await history.append([anEvent()]);
    const wakes = [null, TEN_O_CLOCK, null];
    const counts: (number | undefined)[] = [];
    for (const [expectedVersion, wakeAt] of wakes.entries()) {
      await ledger.commit({ target: WEB, expectedVersion, state: aState({ wakeAt }), events: [] });
      const scan = new ScanCommand({ TableName: table, IndexName: TABLE.indexes.wakeAt.name });
      counts.push((await server.client.send(scan)).Count);
    }
    expect(counts).toEqual([0, 1, 0]);
  });

  it('gives events a time to live in seconds, and heads none', async () => {
    const table = await server.newTable();
    const ledger = new DynamoLedger(server.documents, table);
    const history = new DynamoEventLog(server.documents, table, new HandClock());
    await ledger.commit({ target: WEB, expectedVersion: 0, state: aState(), events: [] });
    await history.append([anEvent()]);
    const { Items = [] } = await server.client.send(new ScanCommand({ TableName: table }));
    const lives = Items.map((item) => [item['sk']?.S === HEAD_KEY, item[TABLE.ttlAttribute]?.N]);
    const ninetyDays = String(TEN_O_CLOCK / 1000 + 90 * 86_400);
    expect(new Map(lives as [boolean, string | undefined][])).toEqual(
      new Map([
        [true, undefined],
        [false, ninetyDays],
      ]),
    );
  });

  it('is read by the relay from the image in a stream record, heads alone', async () => {
    const table = await server.newTable();
    const ledger = new DynamoLedger(server.documents, table);
    const history = new DynamoEventLog(server.documents, table, new HandClock());
    const events = [anEvent()];
    const entry = await ledger.commit({
      target: WEB,
      expectedVersion: 0,
      state: aState({ size: 4 }),
      events,
    });
    await history.append(events);
    const { Items = [] } = await server.client.send(new ScanCommand({ TableName: table }));
    expect(Items.map((image) => entryOfStreamImage(image)).filter((found) => found !== null)).toEqual([
      entry,
    ]);
    expect(Items).toHaveLength(2);
  });

  it('is completed when an earlier version wrote it, before states remembered what they do now', () => {
    const { recovering: _r, scaledToZero: _s, incident: _i, ownedBy: _o, ...older } = aState({ size: 4 });
    const head = { pk: `target#${WEB}`, sk: HEAD_KEY, version: 7, state: JSON.stringify(older), outbox: {} };
    expect(entryOfStreamImage(marshall(head))?.state).toEqual(aState({ size: 4 }));
  });

  it('is refused by name when a head was not written by us', () => {
    const image = marshall({ pk: `target#${WEB}`, sk: HEAD_KEY, version: 1 });
    expect(() => entryOfStreamImage(image)).toThrow(`the head target#${WEB} lacks its version or state`);
  });

  it.each([
    ['state', { state: '{', outbox: {} }],
    ['event', { state: '{}', outbox: { e1: { version: 1, index: 0, event: '{' } } }],
  ])(
    'is named when its %s is no JSON, so that readers can tell it from a table that does not answer',
    (part, damage) => {
      const image = marshall({ pk: `target#${WEB}`, sk: HEAD_KEY, version: 1, ...damage });
      expect(() => entryOfStreamImage(image)).toThrow(
        expect.objectContaining({ code: 'invalid', message: expect.stringContaining(part) }),
      );
    },
  );
});
