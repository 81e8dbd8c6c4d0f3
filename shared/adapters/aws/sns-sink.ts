import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from '@aws-sdk/client-sns';
import type { ControllerEvent, ControllerEventType } from '../../core/controller-event.ts';
import type { EventSink } from '../../ports/event-sink.ts';
import { bodyOf, subjectOf } from './notification-text.ts';
import { pauseWithJitter, publishInBatches, type Refusal } from './publish-in-batches.ts';

/** What people want to be told about: how resizes ended, and what is not as the policies say. */
export const NOTIFIED_TYPES: readonly ControllerEventType[] = [
  'ScalingCompleted',
  'ScalingFailed',
  'OverrideSet',
  'OverrideExpired',
  'TargetDrifted',
  'TargetMissing',
  'ReplicaPromoted',
  'PromotionFailed',
  'WarmFailed',
  'PlanStopped',
];

/** What to tell of, and how to wait between attempts. */
export interface SnsSinkOptions {
  /** {@link NOTIFIED_TYPES} when absent. */
  readonly types?: readonly ControllerEventType[];
  readonly pause?: (attempt: number) => Promise<void>;
}

/** Tells people of scaling events, in sentences; the attributes `type`, `target` and `policy` are for filter policies. */
export function snsSink(
  client: SNSClient,
  topicArn: string,
  { types = NOTIFIED_TYPES, pause = pauseWithJitter }: SnsSinkOptions = {},
): EventSink {
  return {
    publish: (events) =>
      publishInBatches(events.filter(({ type }) => types.includes(type)).map(entryOf), {
        what: `publish notifications to ${topicArn}`,
        weightOf: sizeOf,
        send: (batch) => send(client, topicArn, batch),
        pause,
      }),
  };
}

function entryOf(event: ControllerEvent, index: number): PublishBatchRequestEntry {
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  return {
    // An id of ours has characters that SNS does not take here; it only has to be unique in its batch.
    Id: String(index),
    Subject: subjectOf(event),
    Message: bodyOf(event),
    MessageAttributes: {
      type: attribute(event.type),
      target: attribute(event.target),
      policy: attribute(event.policy),
    },
  };
}

async function send(
  client: SNSClient,
  topicArn: string,
  batch: readonly PublishBatchRequestEntry[],
): Promise<readonly Refusal<PublishBatchRequestEntry>[]> {
  const command = new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: [...batch] });
  const { Failed = [] } = await client.send(command);
  return Failed.flatMap(({ Id, Code = 'unknown', Message = '' }) =>
    batch.filter((entry) => entry.Id === Id).map((entry) => ({ entry, code: Code, message: Message })),
  );
}

const sizeOf = ({ Subject, Message, MessageAttributes }: PublishBatchRequestEntry): number =>
  Buffer.byteLength(`${Subject}${Message}${JSON.stringify(MessageAttributes)}`);
