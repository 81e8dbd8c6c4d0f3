import * as z from 'zod';
import type { ResizeCause } from '../../shared/core/decision.ts';
import { instant } from '../../shared/core/time.ts';

/** A moment, in milliseconds since 1970 or as ISO 8601. */
export const Time = z
  .union(
    [z.int().nonnegative(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))],
    'write milliseconds since 1970 or an ISO 8601 time',
  )
  .transform(instant);
/** A number of units, or of anything else that is counted. */
export const Count = z.int('write a whole number').nonnegative('write zero or more');
const direction = z.enum(['out', 'in']);
const last = z.strictObject({ at: Time, from: Count, to: Count }).nullable();

const CAUSES: Readonly<Record<ResizeCause, true>> = {
  policy: true,
  bounds: true,
  schedule: true,
  override: true,
  fallback: true,
  manual: true,
  pin: true,
};

const resize = z.strictObject({
  id: z.string(),
  from: Count,
  to: Count,
  base: Count.optional(),
  cause: z.enum(Object.keys(CAUSES) as ResizeCause[]),
  decisionId: z.string().default(''),
  signalId: z.string().default(''),
  owner: z.string().nullable().default(null),
  ready: Count.optional(),
  startedAt: Time,
  acceptedAt: Time.nullable().default(null),
  signalAt: Time.optional(),
});

const asked = { owner: z.string(), reason: z.string(), setAt: Time, expiresAt: Time };

const override = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pin'), size: Count, ...asked }),
  z.strictObject({ kind: z.literal('floor'), size: Count, force: z.boolean().default(false), ...asked }),
  z.strictObject({ kind: z.literal('ceiling'), size: Count, ...asked }),
  z.strictObject({ kind: z.literal('pause'), direction: z.enum(['out', 'in', 'both']), ...asked }),
]);

/** What the ledger remembers of a target, as far as it is given. */
export const Memory = z.strictObject({
  size: Count.nullable().optional(),
  resize: resize
    .transform((given) => ({
      ...given,
      ready: given.ready ?? given.from,
      signalAt: given.signalAt ?? given.startedAt,
    }))
    .nullable()
    .optional(),
  lastOut: last.optional(),
  lastIn: last.optional(),
  changed: z.strictObject({ since: Time, until: Time, from: Count, to: Count }).nullable().optional(),
  failures: z.strictObject({ count: Count, at: Time, direction }).nullable().optional(),
  recommendations: z.array(z.strictObject({ wish: Count, since: Time })).optional(),
  scaleEvents: z.array(z.strictObject({ at: Time, direction, change: Count })).optional(),
  overrides: z.array(override).optional(),
  misses: Count.optional(),
  recovering: Count.optional(),
  scaledToZero: z.boolean().optional(),
  incident: z.strictObject({ since: Time, lastSeenAt: Time }).nullable().optional(),
  ownedBy: z.string().nullable().optional(),
});

/** What all targets together have changed and reserve, and a freeze of all of them. */
export const Account = z.strictObject({
  changes: z.array(z.strictObject({ at: Time, units: Count })).default([]),
  reserved: z
    .strictObject({ cpu: z.number().nonnegative(), memoryMiB: z.number().nonnegative() })
    .default({ cpu: 0, memoryMiB: 0 }),
  overrides: z.array(override).default([]),
});
