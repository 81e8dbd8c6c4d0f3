import type * as z from 'zod/mini';
import { envelope } from '../../../events/contracts/envelope.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';

const BASE = '/api/infrastructure/';
const PATIENCE_MILLIS = 30_000;
const NOTHING_TO_CLEAR = 'no such override is in force (plimsoll override list shows those that are)';

/** A request to a running controller. */
export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Behind `/api/infrastructure/`. */
  readonly route: 'scaling/overrides' | 'scaling/emergency' | 'scaling/plans' | 'database/promote';
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/**
 * Calls the API of a running controller, and returns the data of its answer.
 * @throws ControllerError `invalid` with the sentence of a refusal, or when no controller answers.
 */
export async function callApi<S extends z.ZodMiniType>(
  url: string,
  call: ApiCall,
  schema: S,
): Promise<z.output<S>> {
  const address = new URL(BASE + call.route, url);
  address.search = new URLSearchParams(call.query).toString();
  const answer = envelope.safeParse(await answerOf(address, call));
  if (!answer.success)
    throw refusal(`${address.origin}: the answer is not that of a controller (correct --url)`);
  if (!answer.data.success) throw refusal(sentenceOf(answer.data.error));
  const data = schema.safeParse(answer.data.data);
  if (!data.success)
    throw refusal(
      `${address.origin}: the answer is that of another release (use the same one on both sides)`,
    );
  return data.data;
}

async function answerOf(address: URL, { method, body }: ApiCall): Promise<unknown> {
  try {
    const response = await fetch(address, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return await response.json();
  } catch (cause) {
    throw refusal(
      `${address.origin}: no controller answers there (start one with npm start, or correct --url)`,
      cause,
    );
  }
}

interface Refused {
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
}

/** The sentence of a refusal; where several targets were meant, one for each. */
function sentenceOf({ code, message, details }: Refused): string {
  // The API names a path to look at; here that is a command.
  if (code === 'nothing-to-clear') return NOTHING_TO_CLEAR;
  const outcomes = (details as { readonly outcomes?: readonly Outcome[] } | undefined)?.outcomes ?? [];
  return outcomes.length < 2
    ? message
    : [message, ...outcomes.map(({ policy, detail }) => `${policy}: ${detail}`)].join('\n');
}

interface Outcome {
  readonly policy: string;
  readonly detail: string;
}

const refusal = (message: string, cause?: unknown): ControllerError =>
  new ControllerError('invalid', message, { retryable: false, cause });
