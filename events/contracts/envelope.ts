import * as z from 'zod/mini';

/** Every answer of the API: data, or what is wrong with the request or with us. */
export const envelope = z.discriminatedUnion('success', [
  z.strictObject({ success: z.literal(true), data: z.unknown() }),
  z.strictObject({
    success: z.literal(false),
    error: z.strictObject({
      /** For programs; closed list in the API's documentation. */
      code: z.string().check(z.minLength(1)),
      /** For people: what is wrong, and how to put it right. */
      message: z.string().check(z.minLength(1)),
      details: z.optional(z.unknown()),
    }),
  }),
]);
