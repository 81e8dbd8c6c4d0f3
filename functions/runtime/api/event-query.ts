import * as z from 'zod/mini';
import { EVENT_TYPES } from '../../../shared/core/controller-event.ts';
import { type Instant, instant } from '../../../shared/core/time.ts';
import type { ReadFields } from '../fields.ts';
import { readQuery } from './query.ts';

const TIME = 'must be an ISO 8601 time such as 2026-11-20T08:30:00Z';
const LIMIT = 'must be a whole number from 1 to 100';

const time = z.pipe(
  z.pipe(
    z.string(),
    // An unescaped + of an offset arrives as a space.
    z.transform((text) => text.replace(/ (\d\d:\d\d)$/, '+$1')),
  ),
  z.pipe(
    z.union([z.iso.datetime({ offset: true }), z.iso.date()], TIME),
    z.transform((text): Instant => instant(Date.parse(text))),
  ),
);

const target = z.string('must name a target').check(z.minLength(1, 'must name a target'));
const limit = (absent: number) =>
  z._default(z.pipe(z.string().check(z.regex(/^([1-9]\d?|100)$/, LIMIT)), z.transform(Number)), absent);

const page = {
  since: z.optional(time),
  until: z.optional(time),
  cursor: z.optional(z.string().check(z.minLength(1, 'must be the cursor of the page before'))),
};

const events = z.strictObject({
  ...page,
  target: z.optional(target),
  type: z.optional(z.enum(EVENT_TYPES, `must be one of ${EVENT_TYPES.join(', ')}`)),
  order: z._default(
    z.enum(['newest-first', 'oldest-first'], 'must be newest-first or oldest-first'),
    'newest-first',
  ),
  limit: limit(50),
});

const receipts = z.strictObject({ ...page, target, limit: limit(20) });

/** The filters of a page of events, as they were asked for; `target` is not looked up yet. */
export type EventFilters = z.output<typeof events>;

/** The filters of a page of receipts, as they were asked for; `target` is not looked up yet. */
export type ReceiptFilters = z.output<typeof receipts>;

/** Query parameters as they arrive: a name given twice has two values. */
type Parameters = Readonly<Record<string, readonly string[]>>;

/** Reads the query parameters of the event list. */
export const readEventQuery = (parameters: Parameters): ReadFields<EventFilters> =>
  readPage(events, parameters);

/** Reads the query parameters of the list of receipts. */
export const readReceiptQuery = (parameters: Parameters): ReadFields<ReceiptFilters> =>
  readPage(receipts, parameters);

/** What every page has. */
interface Window {
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
}

/** A page that ends before it begins is refused. */
function readPage<T extends Window>(schema: z.ZodMiniType<T>, parameters: Parameters): ReadFields<T> {
  const read = readQuery(schema, parameters);
  if (!read.ok) return read;
  const { since, until } = read.value;
  return since !== undefined && until !== undefined && since >= until
    ? { ok: false, problems: [{ field: 'until', problem: 'must be later than since' }] }
    : read;
}
