import * as sns from '@aws-sdk/client-sns';
import type { HandlersOf } from '../aws-endpoint/service.ts';
import type { Publications } from './publications.ts';

/** Entries of a batch, and bytes of a message or a whole batch. Source: SNS API reference, PublishBatch. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 262_144;
const MAX_SUBJECT = 100;

/** A message that was published to a topic. */
export interface PublishedMessage {
  readonly id: string;
  readonly topicArn: string;
  readonly subject: string | null;
  readonly message: string;
}

type Message = Pick<sns.PublishBatchRequestEntry, 'Message' | 'Subject'>;

/** SNS as the simulated account plays it: takes messages for any topic and keeps them for inspection. */
export function snsHandlers(published: Publications<PublishedMessage>): HandlersOf<typeof sns> {
  const keep = (topicArn: string, { Message: message = '', Subject }: Message): string =>
    published.add((id) => ({ id, topicArn, subject: Subject ?? null, message }));
  return {
    Publish: ({ TopicArn, TargetArn, Message, Subject }) => {
      const topic = topicOf(TopicArn ?? TargetArn);
      const problem = problemOf({ Message, Subject });
      if (problem !== null) throw invalidParameter(problem);
      return { MessageId: keep(topic, { Message, Subject }) };
    },
    PublishBatch: ({ TopicArn, PublishBatchRequestEntries: entries = [] }) => {
      const topic = topicOf(TopicArn);
      assertBatch(entries);
      const judged = entries.map((entry) => ({ entry, problem: problemOf(entry) }));
      return {
        Successful: judged
          .filter(({ problem }) => problem === null)
          .map(({ entry }) => ({ Id: entry.Id, MessageId: keep(topic, entry) })),
        Failed: judged.flatMap(({ entry, problem }) =>
          problem === null
            ? []
            : [{ Id: entry.Id, Code: 'InvalidParameter', Message: problem, SenderFault: true }],
        ),
      };
    },
  };
}

function topicOf(arn: string | undefined): string {
  if (arn === undefined || !/^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]+(\.fifo)?$/.test(arn)) {
    throw invalidParameter('Invalid parameter: TopicArn');
  }
  return arn;
}

function problemOf({ Message: message, Subject: subject }: Message): string | null {
  if (message === undefined || message === '') return 'Invalid parameter: Empty message';
  if (Buffer.byteLength(message) > MAX_BYTES) return 'Invalid parameter: Message too long';
  if (subject !== undefined && !isSubject(subject)) return 'Invalid parameter: Subject';
  return null;
}

/** At most 100 printable ASCII characters on one line, and not empty. Source: SNS API reference, Publish. */
const isSubject = (subject: string): boolean =>
  subject.length <= MAX_SUBJECT && /^[\x21-\x7e][\x20-\x7e]*$/.test(subject);

function assertBatch(entries: readonly sns.PublishBatchRequestEntry[]): void {
  const $metadata = {};
  if (entries.length === 0) {
    throw new sns.EmptyBatchRequestException({ message: 'The batch request is empty.', $metadata });
  }
  if (entries.length > MAX_ENTRIES) {
    const message = `The batch request contains more entries than permissible (${entries.length} of ${MAX_ENTRIES}).`;
    throw new sns.TooManyEntriesInBatchRequestException({ message, $metadata });
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    const message = 'Two or more batch entries in the request have the same Id.';
    throw new sns.BatchEntryIdsNotDistinctException({ message, $metadata });
  }
  const bytes = entries.reduce((total, { Message: message }) => total + Buffer.byteLength(message ?? ''), 0);
  if (bytes > MAX_BYTES) {
    const message = 'The length of all the batch messages put together is more than the limit.';
    throw new sns.BatchRequestTooLongException({ message, $metadata });
  }
}

const invalidParameter = (message: string): Error =>
  new sns.InvalidParameterException({ message, $metadata: {} });
