import * as z from 'zod';
import { ControllerError } from '../../shared/core/controller-error.ts';

const HOUR = 3600;
const SECONDS_IN = { s: 1, m: 60, h: HOUR, d: 24 * HOUR } as const;

const duration = z
  .string()
  .regex(/^\d+(\.\d+)?[smhd]$/, 'write a number and a unit, such as 90m, 24h or 2d')
  .transform((text) => Number(text.slice(0, -1)) * SECONDS_IN[text.slice(-1) as keyof typeof SECONDS_IN])
  .refine((seconds) => seconds >= 60, 'a replay takes at least 1m');

const number = (what: string) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, `write ${what}`)
    .transform(Number);

const startOptions = z.object({
  policies: z.string().min(1),
  trace: z.string().min(1),
  speed: z.union([
    z.literal('max'),
    number('a factor such as 60, or max').refine(
      (factor) => factor > 0 && factor <= 3600,
      'write a factor above 0 and up to 3600, or max',
    ),
  ]),
  for: duration,
  from: z.union([duration, z.literal('0h').transform(() => 0)]).optional(),
  seed: number('a whole number').refine(Number.isSafeInteger, 'write a whole number'),
  port: number('a port from 0 to 65535').refine(
    (port) => Number.isInteger(port) && port <= 65_535,
    'write a port from 0 to 65535',
  ),
  unitCapacity: number('the load that one unit carries at target')
    .refine((load) => load > 0, 'write a load above 0')
    .optional(),
  json: z.boolean(),
  headless: z.boolean(),
});

/** What `npm start` was asked for, checked. Times in seconds. */
export type StartOptions = z.output<typeof startOptions>;

const FLAGS: Readonly<Record<string, string>> = { unitCapacity: 'unit-capacity' };

/**
 * Checks the options of `npm start`.
 * @throws ControllerError `invalid` that names every option that is wrong, its value and the fix.
 */
export function parseStartOptions(given: Readonly<Record<string, unknown>>): StartOptions {
  const read = startOptions.safeParse(given);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message, ...issue }) => {
    const name = String(path[0]);
    const inner = 'errors' in issue ? issue.errors.flat().at(-1)?.message : undefined;
    return `--${FLAGS[name] ?? name} ${String(given[name])}: ${inner ?? message}`;
  });
  throw new ControllerError('invalid', problems.join('\n'), { retryable: false });
}
