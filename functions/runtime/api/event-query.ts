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

const schema = z.strictObject({
  target: z.optional(z.string().check(z.minLength(1, 'must name a target'))),
  type: z.optional(z.enum(EVENT_TYPES, `must be one of ${EVENT_TYPES.join(', ')}`)),
  since: z.optional(time),
  until: z.optional(time),
  order: z._default(
    z.enum(['newest-first', 'oldest-first'], 'must be newest-first or oldest-first'),
    'newest-first',
  ),
  limit: z._default(z.pipe(z.string().check(z.regex(/^([1-9]\d?|100)$/, LIMIT)), z.transform(Number)), 50),
  cursor: z.optional(z.string().check(z.minLength(1, 'must be the cursor of the page before'))),
});

/** The filters of a page of events, as they were asked for; `target` is not looked up yet. */
export type EventFilters = z.output<typeof schema>;

/** Reads the query parameters of the event list; a parameter given twice is refused, as none of them is a list. */
export function readEventQuery(
  parameters: Readonly<Record<string, readonly string[]>>,
): ReadFields<EventFilters> {
  const read = readQuery(schema, parameters);
  if (!read.ok) return read;
  const { since, until } = read.value;
  return since !== undefined && until !== undefined && since >= until
    ? { ok: false, problems: [{ field: 'until', problem: 'must be later than since' }] }
    : read;
}
