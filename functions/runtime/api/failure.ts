import { ControllerError } from '../../../shared/core/controller-error.ts';
import type { Refusal } from './answers.ts';

/** Seconds after which a caller may try again: a conflict is over at once, a throttled account needs a moment. */
const RETRY_AFTER_SECONDS = { conflict: 1, other: 5 } as const;

/** What a caller is told of an error. What is not theirs to know stays in the log, under the request id. */
export function refusalOf(error: unknown, requestId: string): Refusal {
  if (error instanceof ControllerError) {
    if (error.retryable) return tryAgain(error);
    if (error.code === 'invalid') return { status: 400, code: 'invalid-request', message: error.message };
    if (error.code === 'target-missing')
      return { status: 404, code: 'target-missing', message: error.message };
  }
  return {
    status: 500,
    code: 'internal',
    message: 'The request failed inside the controller; its log has the reason under this request id.',
    details: { requestId },
  };
}

function tryAgain({ code }: ControllerError): Refusal {
  const seconds = code === 'conflict' ? RETRY_AFTER_SECONDS.conflict : RETRY_AFTER_SECONDS.other;
  const why =
    code === 'conflict'
      ? 'Other decisions about this target kept coming in between.'
      : code === 'throttled'
        ? 'AWS asked the controller to slow down.'
        : 'A service that the controller needs does not answer.';
  return {
    status: 503,
    code: 'unavailable',
    message: `${why} Nothing was lost; try again in ${seconds} s.`,
    details: { cause: code },
    headers: { 'Retry-After': String(seconds) },
  };
}
