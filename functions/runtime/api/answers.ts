import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type FieldProblem, sentenceOf } from '../fields.ts';

/** Why a request was refused: what programs branch on. Part of the API's contract. */
export const API_ERROR_CODES = [
  'invalid-request',
  'not-json',
  'unsupported-media-type',
  'too-large',
  'unknown-route',
  'method-not-allowed',
  'unknown-plan',
  'unknown-target',
  'unknown-application',
  'target-missing',
  'in-flight',
  'outside-bounds',
  'contradiction',
  'cannot-warm',
  'no-core-size',
  'nothing-to-clear',
  'nothing-done',
  'not-promotable',
  'no-replica',
  'promotion-refused',
  'not-confirmed',
  'promotion-failed',
  'not-cached',
  'unavailable',
  'internal',
] as const;

/** One of {@link API_ERROR_CODES}. */
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

/** A refusal, before it is written. */
export interface Refusal {
  readonly status: ContentfulStatusCode;
  readonly code: ApiErrorCode;
  /** A sentence for people: what is wrong and how to put it right. */
  readonly message: string;
  readonly details?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers with data, in the envelope. */
export const answer = (c: Context, data: unknown, status: ContentfulStatusCode = 200): Response =>
  c.json({ success: true, data }, status);

/** Answers with a refusal, in the envelope. */
export const refuse = (c: Context, { status, code, message, details, headers }: Refusal): Response =>
  c.json(
    { success: false, error: { code, message, ...(details === undefined ? {} : { details }) } },
    status,
    headers,
  );

/** The refusal of a request with fields that do not fit; its message names each of them. */
export const invalidFields = (fields: readonly FieldProblem[]): Refusal => ({
  status: 400,
  code: 'invalid-request',
  message: sentenceOf(fields),
  details: { fields },
});
