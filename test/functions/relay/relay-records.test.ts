import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { relayRecords, type StreamRelayDeps } from '../../../functions/relay/relay-records.ts';
import { entryOfStreamImage, headKey, headParts } from '../../../shared/adapters/aws/dynamo-head.ts';
import type { ControllerEvent } from '../../../shared/core/controller-event.ts';
import type { LedgerEntry } from '../../../shared/core/ledger-entry.ts';
import type { TargetId } from '../../../shared/core/target.ts';
import { ARuntime } from '../../support/a-runtime.ts';
import { aState } from '../../support/a-state.ts';
import { anEvent } from '../../support/an-event.ts';

const WEB = 'ecs-service/prod/web' as TargetId;
const API = 'ecs-service/prod/api' as TargetId;

const isThere = (pair: readonly [TargetId, LedgerEntry | null]): pair is readonly [TargetId, LedgerEntry] =>
  pair[1] !== null;

/** What the table has after a record, where the record is a sound head. */
function headOf({ dynamodb }: DynamoDBRecord): LedgerEntry | null {
  const image = dynamodb?.NewImage as Readonly<Record<string, AttributeValue>> | undefined;
  return image?.['state'] === undefined ? null : entryOfStreamImage(image);
}

/** A head as the stream shows it after a commit, with these events in its outbox. */
function aHead(sequence: number, target: TargetId, ...ids: readonly string[]): DynamoDBRecord {
  const events = ids.map((id) => anEvent({ id, target }));
  const parts = headParts({ target, expectedVersion: sequence, state: aState(), events });
  const item = {
    ...headKey(target),
    version: parts.version,
    state: parts.state,
    outbox: Object.fromEntries(parts.letters),
  };
  return aRecord(sequence, marshall(item) as NonNullable<DynamoDBRecord['dynamodb']>['NewImage']);
}

const aRecord = (
  sequence: number,
  NewImage: NonNullable<DynamoDBRecord['dynamodb']>['NewImage'],
): DynamoDBRecord => ({
  eventName: 'MODIFY',
  dynamodb: { SequenceNumber: String(sequence), ...(NewImage === undefined ? {} : { NewImage }) },
});

/** `heads`: what the table has by now, where it is no longer what the last image shows. */
async function relay(
  records: readonly DynamoDBRecord[],
  failFor: readonly TargetId[] = [],
  heads: Readonly<Record<TargetId, readonly string[]>> = {},
) {
  const runtime = new ARuntime();
  const steps: string[] = [];
  const note = (step: string, events: readonly ControllerEvent[]) => {
    steps.push(`${step} ${events.map(({ id }) => id).join(' ')}`);
  };
  const entryOf = (target: TargetId): LedgerEntry | null => {
    const shown = records.map(headOf).findLast((entry) => entry?.target === target) ?? null;
    const now = heads[target];
    if (shown === null || now === undefined) return shown;
    return { ...shown, outbox: now.map((id) => anEvent({ id, target })) };
  };
  const deps: StreamRelayDeps = {
    ledger: {
      load: async (targets) =>
        new Map(targets.map((target) => [target, entryOf(target)] as const).filter(isThere)),
    },
    events: {
      append: async (events) => {
        if (events.some(({ target }) => failFor.includes(target))) throw new Error('the table is busy');
        note('append', events);
      },
      list: async () => ({ events: [], cursor: null }),
    },
    sinks: [{ publish: async (events) => note('publish', events) }],
    outbox: { acknowledge: async (target, ids) => void steps.push(`acknowledge ${target} ${ids.join(' ')}`) },
  };
  const { batchItemFailures } = await relayRecords(runtime, deps, { Records: [...records] });
  return { runtime, steps, from: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

describe('the relay function', () => {
  it('takes the outbox of a head to the history, the sinks, and then off the head', async () => {
    const { steps, from } = await relay([aHead(1, WEB, 'e1', 'e2')]);
    expect(steps).toEqual(['append e1 e2', 'publish e1 e2', `acknowledge ${WEB} e1 e2`]);
    expect(from).toEqual([]);
  });

  it('relays an event once although several images of a batch show it', async () => {
    const { steps } = await relay([aHead(1, WEB, 'e1'), aHead(2, WEB, 'e1', 'e2'), aHead(3, API, 'e3')]);
    expect(steps.filter((step) => step.startsWith('publish')).sort()).toEqual([
      'publish e1 e2',
      'publish e3',
    ]);
  });

  it('does not repeat what a later image shows as acknowledged', async () => {
    const { steps } = await relay([aHead(1, WEB, 'e1'), aHead(2, WEB)]);
    expect(steps).toEqual([]);
  });

  it('does not repeat what was relayed since an image was written: a later commit shows it again', async () => {
    const first = await relay([aHead(1, WEB, 'e1')]);
    expect(first.steps).toContain('publish e1');
    const second = await relay([aHead(2, WEB, 'e1', 'e2')], [], { [WEB]: ['e2'] });
    expect(second.steps).toEqual(['append e2', 'publish e2', `acknowledge ${WEB} e2`]);
  });

  it('asks for the batch again from the first target that failed, and does the others', async () => {
    const records = [aHead(98, WEB), aHead(99, WEB, 'e1'), aHead(100, API, 'e2')];
    const both = await relay(records, [API, WEB]);
    expect(both.from).toEqual(['99']);
    const one = await relay(records, [API]);
    expect(one.from).toEqual(['100']);
    expect(one.steps).toContain('publish e1');
    expect(one.runtime.measured()).toMatchObject({ FailedRecords: 1 });
  });

  it('passes over event items, receipts and removals', async () => {
    const { steps, from } = await relay([
      aRecord(1, { pk: { S: `target#${WEB}` }, sk: { S: 'event#1' } }),
      aRecord(1, { pk: { S: `target#${WEB}` }, sk: { S: 'receipt#1#id' }, receipt: { B: 'AAAA' } }),
      { eventName: 'REMOVE', dynamodb: { SequenceNumber: '2' } },
    ]);
    expect([steps, from]).toEqual([[], []]);
  });

  it('sets aside a head that cannot be read, instead of holding up its shard', async () => {
    const { steps, from, runtime } = await relay([
      aRecord(1, { pk: { S: `target#${API}` }, sk: { S: 'head' } }),
      aHead(2, WEB, 'e1'),
    ]);
    expect(from).toEqual([]);
    expect(steps).toContain('publish e1');
    expect(runtime.measured()).toMatchObject({ PoisonMessages: 1 });
    expect(runtime.log.lines[0]).toMatchObject({ level: 'error', fields: { sequenceNumber: '1' } });
  });
});
