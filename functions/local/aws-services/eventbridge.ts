import type * as eventbridge from '@aws-sdk/client-eventbridge';
import { awsError } from '../aws-endpoint/errors.ts';
import type { HandlersOf } from '../aws-endpoint/service.ts';
import type { Publications } from './publications.ts';

/** PutEvents takes this many entries, and this many bytes, a call. Source: EventBridge API reference, PutEvents. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 262_144;

/** An event that was put on a bus. */
export interface PublishedEvent {
  readonly id: string;
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  /** JSON text. */
  readonly detail: string;
}

/** EventBridge as the simulated account plays it: takes events and keeps them for inspection. */
export function eventBridgeHandlers(published: Publications<PublishedEvent>): HandlersOf<typeof eventbridge> {
  return {
    PutEvents: ({ Entries = [] }) => {
      assertSize(Entries);
      const entries = Entries.map((entry) => accept(entry, published));
      return {
        Entries: entries,
        FailedEntryCount: entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
      };
    },
  };
}

function assertSize(entries: readonly eventbridge.PutEventsRequestEntry[]): void {
  if (entries.length < 1 || entries.length > MAX_ENTRIES) {
    throw awsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_ENTRIES}`}`,
    );
  }
  const bytes = entries.reduce((total, entry) => total + entryBytes(entry), 0);
  if (bytes > MAX_BYTES) {
    throw awsError('ValidationException', `Total size of the entries in the request is over the limit.`);
  }
}

/** Size of an entry as EventBridge counts it: 14 bytes for a time, and the UTF-8 length of the texts. */
const entryBytes = ({
  Source,
  DetailType,
  Detail,
  Resources,
  Time,
}: eventbridge.PutEventsRequestEntry): number =>
  [Source, DetailType, Detail, ...(Resources ?? [])].reduce(
    (total, text) => total + Buffer.byteLength(text ?? ''),
    Time === undefined ? 0 : 14,
  );

function accept(
  entry: eventbridge.PutEventsRequestEntry,
  published: Publications<PublishedEvent>,
): eventbridge.PutEventsResultEntry {
  const { Source = '', DetailType = '', Detail = '', EventBusName = 'default' } = entry;
  for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
    if (value === '') {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
    }
  }
  if (!isJsonObject(Detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const EventId = published.add((id) => ({
    id,
    bus: EventBusName,
    source: Source,
    detailType: DetailType,
    detail: Detail,
  }));
  return { EventId };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
