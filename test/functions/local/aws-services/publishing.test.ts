import { PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import {
  BatchEntryIdsNotDistinctException,
  BatchRequestTooLongException,
  EmptyBatchRequestException,
  InvalidParameterException,
  PublishBatchCommand,
  PublishCommand,
  TooManyEntriesInBatchRequestException,
} from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../aws-endpoint/support.ts';
import { anAccount } from './an-account.ts';

const entry = (overrides: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  Source: 'plimsoll',
  DetailType: 'ScalingStarted',
  Detail: '{"to":3}',
  ...overrides,
});

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:plimsoll';

describe('PutEvents', () => {
  it('keeps what was put, and gives every event an id', async () => {
    const { eventbridge, published } = await anAccount();
    const Entries = [entry(), entry({ EventBusName: 'scaling', DetailType: 'ScalingCompleted' })];
    const answer = await eventbridge.send(new PutEventsCommand({ Entries }));
    expect(answer.FailedEntryCount).toBe(0);
    expect(published.events.kept()).toMatchObject([
      { bus: 'default', source: 'plimsoll', detailType: 'ScalingStarted', detail: '{"to":3}' },
      { bus: 'scaling', detailType: 'ScalingCompleted' },
    ]);
    expect(answer.Entries?.map(({ EventId }) => EventId)).toEqual(
      published.events.kept().map(({ id }) => id),
    );
  });

  it('fails single entries, and takes the others', async () => {
    const { eventbridge, published } = await anAccount();
    const { Source: _, ...sourceless } = entry();
    const Entries = [sourceless, entry({ Detail: 'no json' }), entry({ Detail: '[1]' }), entry()];
    const answer = await eventbridge.send(new PutEventsCommand({ Entries }));
    expect(answer.FailedEntryCount).toBe(3);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      undefined,
    ]);
    expect(published.events.count).toBe(1);
  });

  it.each([
    ['eleven entries', Array(11).fill(entry())],
    ['no entry', []],
    [
      'entries of more than 256 KB together',
      Array(3).fill(entry({ Detail: JSON.stringify('x'.repeat(100_000)) })),
    ],
  ])('refuses %s as a whole', async (_, Entries) => {
    const { eventbridge, published } = await anAccount();
    const failure = await failureOf(eventbridge.send(new PutEventsCommand({ Entries })));
    expect(failure).toMatchObject({ name: 'ValidationException' });
    expect(published.events.count).toBe(0);
  });
});

describe('Publish', () => {
  it('keeps the message', async () => {
    const { sns, published } = await anAccount();
    const { MessageId } = await sns.send(
      new PublishCommand({ TopicArn: TOPIC, Subject: 'web 3 → 5'.replace('→', 'to'), Message: 'CPU 83 %' }),
    );
    expect(published.messages.kept()).toEqual([
      { id: MessageId, topicArn: TOPIC, subject: 'web 3 to 5', message: 'CPU 83 %' },
    ]);
  });

  it.each([
    ['no topic', { Message: 'x' }],
    ['a topic that is none', { TopicArn: 'plimsoll', Message: 'x' }],
    ['an empty message', { TopicArn: TOPIC, Message: '' }],
    ['a message of more than 256 KB', { TopicArn: TOPIC, Message: 'x'.repeat(262_145) }],
    ['a subject of two lines', { TopicArn: TOPIC, Message: 'x', Subject: 'a\nb' }],
    ['a subject of more than 100 characters', { TopicArn: TOPIC, Message: 'x', Subject: 'a'.repeat(101) }],
    ['a subject outside ASCII', { TopicArn: TOPIC, Message: 'x', Subject: '3 → 5' }],
  ])('refuses %s', async (_, input) => {
    const { sns } = await anAccount();
    expect(await failureOf(sns.send(new PublishCommand(input)))).toBeInstanceOf(InvalidParameterException);
  });
});

describe('PublishBatch', () => {
  const batch = (messages: readonly string[], id = (index: number) => String(index)) =>
    new PublishBatchCommand({
      TopicArn: TOPIC,
      PublishBatchRequestEntries: messages.map((Message, index) => ({ Id: id(index), Message })),
    });

  it('answers for every message', async () => {
    const { sns, published } = await anAccount();
    const answer = await sns.send(batch(['one', '', 'three']));
    expect(answer.Successful).toMatchObject([{ Id: '0' }, { Id: '2' }]);
    expect(answer.Failed).toMatchObject([{ Id: '1', Code: 'InvalidParameter', SenderFault: true }]);
    expect(published.messages.kept().map(({ message }) => message)).toEqual(['one', 'three']);
  });

  it.each([
    ['nothing', batch([]), EmptyBatchRequestException],
    ['eleven messages', batch(Array(11).fill('x')), TooManyEntriesInBatchRequestException],
    ['two messages of one id', batch(['x', 'y'], () => 'same'), BatchEntryIdsNotDistinctException],
    ['more than 256 KB together', batch(Array(3).fill('x'.repeat(100_000))), BatchRequestTooLongException],
  ])('refuses %s', async (_, command, error) => {
    const { sns } = await anAccount();
    expect(await failureOf(sns.send(command))).toBeInstanceOf(error);
  });
});
