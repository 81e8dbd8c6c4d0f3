import * as z from 'zod/mini';

const SECONDS_OF = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 7 * 86_400;
const EXPIRY = 'must be whole seconds or a duration such as "45m", "2h" or "1d", from 60 s to 7 days';
const REASON = 'must say why, in 1 to 500 characters';
const SERVICE = 'must be the name of a policy or service, or a target id';
const INSTANCES = 'must be a whole number from 0 to 100000, without quotes';

const duration = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^[1-9]\d{0,6}[smhd]$/, EXPIRY))], EXPIRY),
  z.transform((value) => (typeof value === 'number' ? value : secondsOf(value))),
);

/** The body of a request to scale by hand; unknown fields are refused. */
export const scaleRequest = z.strictObject(
  {
    /** A policy name, a service name that one policy has, or a target id. */
    service: z.string(SERVICE).check(z.minLength(1, SERVICE), z.maxLength(300, SERVICE)),
    /** The size to go to. */
    instances: z.int(INSTANCES).check(z.gte(0, INSTANCES), z.lte(100_000, INSTANCES)),
    /** Kept with the override and in the events. */
    reason: z.string(REASON).check(z.trim(), z.minLength(1, REASON), z.maxLength(500, REASON)),
    /** When automation resumes: seconds, or a duration such as `2h`; an hour when absent. */
    expiresIn: z._default(
      z.pipe(duration, z.int(EXPIRY).check(z.gte(SHORTEST_SECONDS, EXPIRY), z.lte(LONGEST_SECONDS, EXPIRY))),
      SECONDS_OF.h,
    ),
  },
  'must be a JSON object',
);

function secondsOf(text: string): number {
  return Number(text.slice(0, -1)) * SECONDS_OF[text.at(-1) as keyof typeof SECONDS_OF];
}
