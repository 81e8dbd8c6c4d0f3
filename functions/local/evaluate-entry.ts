import * as z from 'zod';
import { type Instant, instant } from '../../shared/core/time.ts';

/** A time: milliseconds since 1970, or ISO 8601. */
export const time = z
  .union(
    [z.int().nonnegative(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))],
    'write milliseconds since 1970 or an ISO 8601 time',
  )
  .transform((value): Instant => instant(value));

/** A number of units. */
export const count = z.int('write a whole number').nonnegative('write zero or more');

const direction = z.enum(['out', 'in']);
const last = z.strictObject({ at: time, from: count, to: count }).nullable();

const resize = z
  .strictObject({
    id: z.string(),
    from: count,
    to: count,
    base: count.optional(),
    cause: z.enum(['policy', 'bounds', 'schedule', 'override', 'fallback', 'manual', 'pin']),
    decisionId: z.string().default(''),
    signalId: z.string().default(''),
    owner: z.string().nullable().default(null),
    ready: count.optional(),
    startedAt: time,
    acceptedAt: time.nullable().default(null),
    signalAt: time.optional(),
  })
  .transform(({ base, ...given }) => ({
    ...given,
    ...(base !== undefined && { base }),
    ready: given.ready ?? given.from,
    signalAt: given.signalAt ?? given.startedAt,
  }));

const asked = { owner: z.string(), reason: z.string(), setAt: time, expiresAt: time };

/** What an operator asked for. */
export const overrides = z.array(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('pin'), size: count, ...asked }),
    z.strictObject({ kind: z.literal('floor'), size: count, force: z.boolean().default(false), ...asked }),
    z.strictObject({ kind: z.literal('ceiling'), size: count, ...asked }),
    z.strictObject({ kind: z.literal('pause'), direction: z.enum(['out', 'in', 'both']), ...asked }),
  ]),
);

/** What the ledger remembers of a target; what is not given is as at its first sight. */
export const Entry = z.strictObject({
  size: count.nullable().optional(),
  resize: resize.nullable().optional(),
  lastOut: last.optional(),
  lastIn: last.optional(),
  changed: z.strictObject({ since: time, until: time, from: count, to: count }).nullable().optional(),
  failures: z.strictObject({ count, at: time, direction }).nullable().optional(),
  recommendations: z.array(z.strictObject({ wish: count, since: time })).optional(),
  scaleEvents: z.array(z.strictObject({ at: time, direction, change: count })).optional(),
  overrides: overrides.optional(),
  misses: count.optional(),
  recovering: count.optional(),
  scaledToZero: z.boolean().optional(),
  incident: z.strictObject({ since: time, lastSeenAt: time }).nullable().optional(),
  ownedBy: z.string().min(1).nullable().optional(),
});

/** What a decision sees of the other targets. */
export const Account = z.strictObject({
  changes: z.array(z.strictObject({ at: time, units: count })).default([]),
  reserved: z
    .strictObject({ cpu: z.number().nonnegative(), memoryMiB: z.number().nonnegative() })
    .default({ cpu: 0, memoryMiB: 0 }),
  overrides: overrides.default([]),
});
