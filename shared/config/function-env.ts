import * as z from 'zod/mini';
import { ControllerError } from '../core/controller-error.ts';

const text = z.string('must be set').check(z.minLength(1, 'must not be empty'));

const positiveInteger = z.pipe(
  z.string('must be set').check(z.regex(/^[1-9]\d{0,4}$/, 'must be a whole number from 1 to 99999')),
  z.transform(Number),
);

/** What every function is told. */
const common = {
  /** Name of the ledger's table. */
  TABLE_NAME: text,
  /** CloudWatch namespace of the controller's own metrics. */
  METRICS_NAMESPACE: text,
  /** The least severe line that is logged; INFO when absent. */
  LOG_LEVEL: z.optional(z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR'], 'must be DEBUG, INFO, WARN or ERROR')),
  /** Days after which events and receipts expire from the ledger. */
  EVENT_RETENTION_DAYS: positiveInteger,
};

/** What the functions need that tell the world about events. */
const publishing = {
  /** Name of the bus that scaling events go to. */
  EVENT_BUS_NAME: text,
  /** Topic that scaling events go to as well; absent = none. */
  TOPIC_ARN: z.optional(text),
};

/** Environment of the function that answers alarms. */
export const alarmEnvironment = z.object(common);
/** Environment of the minute loop. */
export const sweepEnvironment = z.object({ ...common, ...publishing });
/** Environment of the function that follows resizes by the events of the account. */
export const settleEnvironment = z.object(common);
/** Environment of the function that relays the outbox. */
export const relayEnvironment = z.object({ ...common, ...publishing });
/** Environment of the HTTP API. */
export const apiEnvironment = z.object({
  ...common,
  /** Version that `GET /health` reports. */
  PLIMSOLL_VERSION: text,
  /** URL of the Valkey or Redis server under the API's cache (docs/cache.md); absent = memory alone. */
  CACHE_URL: z.optional(text),
});

/** Environment of the function that runs warm plans. */
export const warmEnvironment = z.object({
  ...common,
  /** A file of certificates that Node itself reads at its start: those of RDS. */
  NODE_EXTRA_CA_CERTS: z.optional(text),
});

/** Every function with the schema of its environment: infra takes the types of its `environment` from here. */
export const FUNCTION_ENVIRONMENTS = {
  alarm: alarmEnvironment,
  sweep: sweepEnvironment,
  settle: settleEnvironment,
  relay: relayEnvironment,
  api: apiEnvironment,
  warm: warmEnvironment,
} as const;

/** The functions of a deployment; also the names of their folders. */
export type FunctionName = keyof typeof FUNCTION_ENVIRONMENTS;

/** The variables that a deployment must set for a function: a missing or misspelt one is a compile error. */
export type FunctionEnvironment<N extends FunctionName> = z.input<(typeof FUNCTION_ENVIRONMENTS)[N]>;

/**
 * Reads a function's environment, once, at its cold start.
 * @throws ControllerError `invalid` that names every variable that is missing or wrong, never its value.
 */
export function readEnvironment<S extends z.ZodMiniType>(
  schema: S,
  variables: Readonly<Record<string, string | undefined>>,
): z.output<S> {
  const read = schema.safeParse(variables);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
  throw new ControllerError('invalid', `The environment of this function is incomplete: ${problems}.`, {
    retryable: false,
  });
}
