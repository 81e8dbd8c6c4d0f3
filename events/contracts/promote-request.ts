import * as z from 'zod/mini';
import { controllerEvent } from './controller-events.ts';
import { forceExplained, reason, service } from './request-fields.ts';

const REPLICA = 'must be the identifier of a replica, 1 to 63 characters';
const TOKEN = 'must be the token that the first step answered with';

/** The body of a request to promote a replica; unknown fields are refused. */
export const promoteRequest = z
  .strictObject(
    {
      service,
      /** The best of those that Plimsoll created when absent. */
      replica: z.optional(z.string(REPLICA).check(z.minLength(1, REPLICA), z.maxLength(63, REPLICA))),
      reason,
      /** Past a healthy source, and past a lag that is unknown or above the limit. */
      force: z.optional(z.boolean('must be true or false')),
      /** The second step; without it nothing is done. */
      confirm: z.optional(z.string(TOKEN).check(z.minLength(1, TOKEN), z.maxLength(60, TOKEN))),
    },
    'must be a JSON object',
  )
  .check(forceExplained);

const text = z.string('must be a string');

/** The data of the answer to a request to promote: what was looked at, and a confirmation or an event. */
export const promotionAnswer = z.object({
  target: text,
  policy: text,
  replica: text,
  /** Null where there was no writer. */
  source: z.nullable(text),
  checks: z.array(z.object({ name: text, ok: z.boolean(), forcible: z.boolean(), detail: text })),
  effect: text,
  /** Of the first step: what to send as `confirm`, and until when. */
  confirmation: z.nullable(z.object({ token: text, expiresAt: text })),
  /** Of the second step: the `ReplicaPromoted`. */
  event: z.nullable(controllerEvent),
});

/** The data of the answer to a request to promote. */
export type PromotionOnWire = Readonly<z.output<typeof promotionAnswer>>;
