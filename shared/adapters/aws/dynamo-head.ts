import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { BLANK_STATE } from '../../core/blank-state.ts';
import { ControllerError } from '../../core/controller-error.ts';
import type { ControllerEvent } from '../../core/controller-event.ts';
import type { LedgerEntry, TargetState } from '../../core/ledger-entry.ts';
import type { TargetId } from '../../core/target.ts';
import type { Commit } from '../../ports/ledger.ts';
import { HEAD_KEY } from '../../ports/ledger-table.ts';
import { plainJson } from '../plain-json.ts';
import { AWAKE, partitionOf, targetOfPartition } from './dynamo-table.ts';

/** An item as the DocumentClient gives and takes it. */
export type Item = Readonly<Record<string, unknown>>;

/** An event in the outbox of a head: its text, and its place in the order of the commits. */
interface Letter {
  readonly version: number;
  readonly index: number;
  readonly event: string;
}

/** The parts of a commit as attributes of the head item. */
export interface HeadParts {
  readonly version: number;
  readonly state: string;
  readonly letters: ReadonlyMap<string, Letter>;
  /** Empty while asleep, so that the sparse index forgets the target. */
  readonly awake: { readonly awake?: string; readonly wakeAt?: number };
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const ITEM_BYTES = 400 * 1024;
const EVENTS_PER_COMMIT = 50;
const OVERHEAD_BYTES = 512;

/** The key of a target's head. */
export const headKey = (target: TargetId): { readonly pk: string; readonly sk: string } => ({
  pk: partitionOf(target),
  sk: HEAD_KEY,
});

/**
 * What a commit writes.
 * @throws ControllerError `rejected` when it cannot fit into an item, `invalid` when a value is not plain JSON.
 */
export function headParts({ target, expectedVersion, state, events }: Commit): HeadParts {
  const version = expectedVersion + 1;
  const text = plainJson(state, `state of ${target}`);
  const letters = new Map(
    events.map((event, index) => [
      event.id,
      { version, index, event: plainJson(event, `event ${event.id}`) },
    ]),
  );
  assertFits(target, text, letters);
  return {
    version,
    state: text,
    letters,
    awake: state.wakeAt === null ? {} : { awake: AWAKE, wakeAt: state.wakeAt },
  };
}

/**
 * The entry in a head item.
 * @throws ControllerError `invalid` when the item was not written by {@link headParts}.
 */
export function entryOfItem(item: Item): LedgerEntry {
  const { pk, version, state, outbox } = item;
  if (typeof pk !== 'string' || typeof version !== 'number' || typeof state !== 'string')
    throw new ControllerError('invalid', `the head ${String(pk)} lacks its version or state.`, {
      retryable: false,
    });
  const letters = Object.values((outbox ?? {}) as Readonly<Record<string, Letter>>);
  return {
    target: targetOfPartition(pk),
    version,
    // A head of an earlier version lacks what states have learned to remember since.
    state: { ...BLANK_STATE, ...(parsed(state, `the state of ${pk}`) as Partial<TargetState>) },
    outbox: letters
      .sort((one, other) => one.version - other.version || one.index - other.index)
      .map(({ event }) => parsed(event, `an event of ${pk}`) as ControllerEvent),
  };
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ControllerError('invalid', `${what} is not JSON.`, { retryable: false, cause });
  }
}

/** The entry in the new image of a DynamoDB stream record; null for an item that is no head. */
export function entryOfStreamImage(image: Readonly<Record<string, AttributeValue>>): LedgerEntry | null {
  return image['sk']?.S === HEAD_KEY ? entryOfItem(unmarshall(image)) : null;
}

function assertFits(target: TargetId, state: string, letters: HeadParts['letters']): void {
  const stateBytes = Buffer.byteLength(state);
  const eventBytes = [...letters]
    .map(([id, { event }]) => Buffer.byteLength(id) + Buffer.byteLength(event))
    .reduce((sum, bytes) => sum + bytes, 0);
  if (stateBytes + eventBytes + OVERHEAD_BYTES > ITEM_BYTES || letters.size > EVENTS_PER_COMMIT)
    throw new ControllerError(
      'rejected',
      `the head of ${target} does not fit into an item: its state has ${stateBytes} bytes and its ${letters.size} new events ` +
        `${eventBytes}; a head may have ${ITEM_BYTES} bytes, a commit ${EVENTS_PER_COMMIT} events.`,
      { retryable: false },
    );
}
