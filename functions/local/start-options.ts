import * as z from 'zod';
import { ControllerError } from '../../shared/core/controller-error.ts';

const HOUR = 3600;
const SECONDS_IN = { s: 1, m: 60, h: HOUR, d: 24 * HOUR } as const;

const duration = z
  .string()
  .regex(/^\d+(\.\d+)?[smhd]$/, 'write a number and a unit, such as 90m, 24h or 2d')
  .transform((text) => Number(text.slice(0, -1)) * SECONDS_IN[text.slice(-1) as keyof typeof SECONDS_IN]);

const number = (what: string) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, `write ${what}`)
    .transform(Number);

const startOptions = z.strictObject({
  policies: z.string().min(1),
  trace: z.string().min(1),
  speed: z.union([
    z.literal('max'),
    number('a factor such as 60, or max').refine(
      (factor) => factor > 0 && factor <= 3600,
      'write a factor above 0 and up to 3600, or max',
    ),
  ]),
  for: duration.refine((seconds) => seconds >= 60, 'a replay takes at least 1m').optional(),
  from: duration.optional(),
  seed: number('a whole number, 0 or more').refine(Number.isSafeInteger, 'write a whole number, 0 or more'),
  port: number('a port from 0 to 65535')
    .refine((port) => Number.isInteger(port) && port <= 65_535, 'write a port from 0 to 65535')
    .optional(),
  'unit-capacity': number('the load that one unit carries at target')
    .refine((load) => load > 0, 'write a load above 0')
    .optional(),
  receipts: z.string().min(1, 'name a file').optional(),
  json: z.boolean(),
  headless: z.boolean(),
});

/** What `npm start` was asked for, checked. Times in seconds. */
export type StartOptions = z.output<typeof startOptions>;

/** What the parser adds of its own: what stands without a flag, and a second spelling of what has a dash. */
const NOT_FLAGS = ['_', 'unitCapacity'];

/**
 * Checks the options of `npm start`.
 * @throws ControllerError `invalid` that names every option that is wrong, its value and the fix.
 */
export function parseStartOptions(args: Readonly<Record<string, unknown>>): StartOptions {
  const given = Object.fromEntries(Object.entries(args).filter(([name]) => !NOT_FLAGS.includes(name)));
  const read = startOptions.safeParse(given);
  const issues = read.success ? [] : read.error.issues;
  // The value of an option that we do not know stands without one; that the option is unknown says it all.
  const isUnknown = issues.some(({ code }) => code === 'unrecognized_keys');
  const strays: readonly unknown[] = isUnknown || !Array.isArray(args['_']) ? [] : args['_'];
  const problems = [
    ...issues.flatMap((issue) => problemsOf(issue, given)),
    ...strays.map((stray) => `${String(stray)}: belongs to no option; write --name value`),
  ];
  if (!read.success || problems.length > 0) throw refusal(problems);
  return read.data;
}

const refusal = (problems: readonly string[]): ControllerError =>
  new ControllerError('invalid', problems.join('\n'), { retryable: false });

function problemsOf(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `--${key}: is not an option; npm start -- --help lists them`);
  }
  const name = String(issue.path[0]);
  const inner = issue.code === 'invalid_union' ? issue.errors.flat().at(-1)?.message : undefined;
  return [`--${name} ${String(given[name])}: ${inner ?? issue.message}`];
}
