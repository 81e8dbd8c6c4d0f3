import * as z from 'zod/mini';
import { reason } from './request-fields.ts';

/** `POST /api/infrastructure/cache/warm`: asks for a run of a warm plan. */
export const warmRequest = z.strictObject(
  {
    /** The name of a WarmPlan document. */
    plan: z
      .string('must be the name of a warm plan')
      .check(z.minLength(1, 'must not be empty'), z.maxLength(253, 'must have at most 253 characters')),
    reason,
  },
  'must be a JSON object',
);

/** `GET /api/infrastructure/cache/warm`: one plan, or all of them. */
export const warmQuery = z.strictObject({
  plan: z.optional(z.string('must be the name of a warm plan')),
});
