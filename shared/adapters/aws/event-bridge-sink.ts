import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { toWire } from '../../../events/contracts/controller-events.ts';
import type { ControllerEvent } from '../../core/controller-event.ts';
import type { EventSink } from '../../ports/event-sink.ts';
import { pauseWithJitter, publishInBatches, type Refusal } from './publish-in-batches.ts';

/** The `source` of our events: what rules match. */
export const EVENT_SOURCE = 'plimsoll';

/**
 * Puts scaling events on an event bus: `source` plimsoll, `detail-type` the type, `resources` the target's id.
 * @param bus name or ARN of the bus.
 */
export function eventBridgeSink(
  client: EventBridgeClient,
  bus: string,
  pause: (attempt: number) => Promise<void> = pauseWithJitter,
): EventSink {
  return {
    publish: (events) =>
      publishInBatches(
        events.map((event) => entryOf(event, bus)),
        {
          what: `put events on the bus ${bus}`,
          weightOf: sizeOf,
          send: (batch) => put(client, batch),
          pause,
        },
      ),
  };
}

const entryOf = (event: ControllerEvent, bus: string): PutEventsRequestEntry => ({
  EventBusName: bus,
  Source: EVENT_SOURCE,
  DetailType: event.type,
  Time: new Date(event.at),
  Resources: [event.target],
  Detail: JSON.stringify(toWire(event)),
});

async function put(
  client: EventBridgeClient,
  batch: readonly PutEventsRequestEntry[],
): Promise<readonly Refusal<PutEventsRequestEntry>[]> {
  const { FailedEntryCount = 0, Entries = [] } = await client.send(
    new PutEventsCommand({ Entries: [...batch] }),
  );
  if (FailedEntryCount === 0) return [];
  // The answer has an entry for each of the request's, in the same order.
  return batch.flatMap((entry, index) => {
    const { ErrorCode, ErrorMessage = '' } = Entries[index] ?? {};
    return ErrorCode === undefined ? [] : [{ entry, code: ErrorCode, message: ErrorMessage }];
  });
}

/** Bytes of an entry as EventBridge counts them: eb-putevents.html#eb-putevent-size. */
const sizeOf = ({ Source, DetailType, Detail, Resources = [] }: PutEventsRequestEntry): number =>
  14 + Buffer.byteLength([Source, DetailType, Detail, ...Resources].join(''));
