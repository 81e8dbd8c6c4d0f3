import * as z from 'zod/mini';

const SECONDS_OF = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 7 * 86_400;
const EXPIRY = 'must be whole seconds or a duration such as "45m", "2h" or "1d", from 60 s to 7 days';
const REASON = 'must say why, in 1 to 500 characters';
const SERVICE = 'must be the name of a policy or service, or a target id';
const FORCE_WORDS = 3;

const duration = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^[1-9]\d{0,6}[smhd]$/, EXPIRY))], EXPIRY),
  z.transform((value) => (typeof value === 'number' ? value : secondsOf(value))),
);

/** A policy name, a service name that one policy has, or a target id. */
export const service = z.string(SERVICE).check(z.minLength(1, SERVICE), z.maxLength(300, SERVICE));

/** Kept with the override and in the events. */
export const reason = z.string(REASON).check(z.trim(), z.minLength(1, REASON), z.maxLength(500, REASON));

/** A size in units; `message` says what it must be. */
export const sizeOf = (message: string) => z.int(message).check(z.gte(0, message), z.lte(100_000, message));

/** When automation resumes: seconds, or a duration such as `2h`. */
export const expiresIn = (defaultSeconds: number) =>
  z._default(
    z.pipe(duration, z.int(EXPIRY).check(z.gte(SHORTEST_SECONDS, EXPIRY), z.lte(LONGEST_SECONDS, EXPIRY))),
    defaultSeconds,
  );

/** Who is meant: one service, or `all: true` for every target. */
export const subjectFields = {
  service: z.optional(service),
  all: z.optional(z.literal(true, 'must be true or absent')),
} as const;

/** Whether exactly one of {@link subjectFields} is there. */
export const onlyOneSubject = z.refine<{ readonly service?: unknown; readonly all?: unknown }>(
  (body) => (body.service === undefined) !== (body.all === undefined),
  { error: 'must name one target, unless all is true; not both', path: ['service'] },
);

/** Whether the reason carries a force: passing the maximum that the policy's author set is to be explained in a sentence. */
export const forceExplained = z.refine<{ readonly force?: unknown; readonly reason: string }>(
  (body) => body.force !== true || body.reason.split(/\s+/).length >= FORCE_WORDS,
  { error: `must be a sentence of at least ${FORCE_WORDS} words when force is true`, path: ['reason'] },
);

function secondsOf(text: string): number {
  return Number(text.slice(0, -1)) * SECONDS_OF[text.at(-1) as keyof typeof SECONDS_OF];
}
