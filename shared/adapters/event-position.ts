import { ControllerError } from '../core/controller-error.ts';
import type { ControllerEvent } from '../core/controller-event.ts';
import type { EventQuery } from '../ports/event-log.ts';

/** Where an event stands in the history: time first, identity where times are equal. */
export type EventPosition = Pick<ControllerEvent, 'at' | 'id' | 'target'>;

/** The part of a query that its cursor belongs to. */
type CursorQuery = Pick<EventQuery, 'target' | 'since' | 'until' | 'cursor'>;

/** What a cursor goes through: the events of all targets, those of one, or the receipts of one. */
type Scope = 'all' | 'target' | 'receipts';

/** How long events are kept unless a deployment says otherwise: 90 days, in seconds. */
export const DEFAULT_RETENTION_SECONDS = 90 * 86_400;

const LAST_MILLI = 9_999_999_999_999;

/** DynamoDB refuses sort keys above 1,024 bytes, and so a cursor that was made longer by hand; our own names stay far below. */
const LONGEST_NAME_BYTES = 900;
const CURSOR_ADVICE = 'pass the cursor of the page before, with the same filters, or none for the first page';

const invalid = (message: string): ControllerError =>
  new ControllerError('invalid', message, { retryable: false });

/**
 * The sort key of an event: 13 digits of epoch milliseconds, then the id, so that order by text is order by time.
 * @throws ControllerError `invalid` when the time of the event is not a whole number of milliseconds until the year 2286.
 */
export function positionKey({ at, id }: Pick<EventPosition, 'at' | 'id'>): string {
  if (!Number.isInteger(at) || at < 0 || at > LAST_MILLI)
    throw invalid(`${id}: "at" is ${at}; give whole milliseconds since 1970.`);
  return `${milliKey(at)}#${inOrder(id)}`;
}

/** When an event expires, in epoch seconds, rounded up to whole ones as a time-to-live attribute wants them. */
export const expiryOf = ({ at }: Pick<EventPosition, 'at'>, retentionSeconds: number): number =>
  Math.ceil(at / 1000 + retentionSeconds);

/** The window of a query as sort keys; no event stands on a bound itself, so both may be taken as inclusive. */
export function windowKeys(query: CursorQuery): { readonly from: string; readonly to: string } {
  // An event's time is whole, so a bound between two milliseconds means the later of them.
  return {
    from: milliKey(Math.ceil(query.since ?? 0)),
    to: query.until === undefined ? `${LAST_MILLI}$` : milliKey(Math.ceil(query.until)),
  };
}

/**
 * Checks what types cannot: the size of a page.
 * @throws ControllerError `invalid`.
 */
export function assertPageLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw invalid(`limit: ${limit} is not a whole number from 1 to 100.`);
}

/** An opaque cursor that continues after `position` in the same query. */
export function encodeCursor(query: CursorQuery, position: EventPosition, scope = scopeOf(query)): string {
  const { target, at, id } = position;
  return Buffer.from(JSON.stringify([scope, target, at, id])).toString('base64url');
}

/**
 * The position in a cursor.
 * @throws ControllerError `invalid` when it is not ours, belongs to another target's history, or lies outside the window.
 */
export function decodeCursor(query: CursorQuery, scope = scopeOf(query)): EventPosition | null {
  if (query.cursor === undefined) return null;
  const [found, target, at, id] = cursorFields(query.cursor);
  const { from, to } = windowKeys(query);
  const wellFormed =
    typeof target === 'string' && typeof id === 'string' && typeof at === 'number' && Number.isInteger(at);
  if (!wellFormed || at < 0 || at > LAST_MILLI || tooLong(target) || tooLong(id))
    throw invalid(`cursor: not one of ours; ${CURSOR_ADVICE}.`);
  if (found !== scope || (query.target !== undefined && target !== query.target))
    throw invalid(`cursor: it belongs to another history; ${CURSOR_ADVICE}.`);
  const position = { target, at, id } as EventPosition;
  const key = positionKey(position);
  if (key < from || key > to) throw invalid(`cursor: it lies outside since and until; ${CURSOR_ADVICE}.`);
  return position;
}

const tooLong = (name: string): boolean => Buffer.byteLength(name) > LONGEST_NAME_BYTES;

function cursorFields(cursor: string): readonly unknown[] {
  try {
    const fields: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(fields) && fields.length === 4 ? fields : [];
  } catch {
    return [];
  }
}

const scopeOf = (query: CursorQuery): Scope => (query.target === undefined ? 'all' : 'target');

// Version 10 of a head comes after version 9 as text too, where both were written in the same millisecond.
const inOrder = (id: string): string =>
  id.replace(
    /@(\d+)\.(\d+)$/,
    (_, version: string, index: string) => `@${version.padStart(10, '0')}.${index.padStart(3, '0')}`,
  );

const milliKey = (milli: number): string =>
  String(Math.min(Math.max(milli, 0), LAST_MILLI)).padStart(13, '0');

/** A page of what was found, and its last entry when there is a next page: one more than the page holds tells. */
export function pageOf<T>(
  found: readonly T[],
  limit: number,
): { readonly page: readonly T[]; readonly last: T | null } {
  const page = found.slice(0, limit);
  return { page, last: found.length > limit ? (page.at(-1) ?? null) : null };
}
