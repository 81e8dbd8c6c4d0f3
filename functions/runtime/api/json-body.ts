import type { Context } from 'hono';
import type * as z from 'zod/mini';
import { quoted, readFields } from '../fields.ts';
import { invalidFields, type Refusal } from './answers.ts';

/** Longest body that is read. */
export const MAX_BODY_BYTES = 16_384;

/** A body that fits, or why it is refused. */
export type ReadBody<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

/** Reads a JSON body by a schema. `example`: a body that would do, for the message of a refusal. */
export async function readBody<S extends z.ZodMiniType>(
  c: Context,
  schema: S,
  example: string,
): Promise<ReadBody<z.output<S>>> {
  const type = c.req.header('content-type');
  if (!/^application\/json\s*(;|$)/i.test(type ?? '')) return { ok: false, refusal: unsupported(type) };
  const body = parseJson(await c.req.text());
  if (!body.ok) return { ok: false, refusal: notJson(body.why, example) };
  const read = readFields(schema, body.value);
  return read.ok ? read : { ok: false, refusal: invalidFields(read.problems) };
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };

function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read' };
  }
}

const notJson = (why: string, example: string): Refusal => ({
  status: 400,
  code: 'not-json',
  message: `The body is not JSON (${why}). Send an object such as ${example}.`,
  details: { fields: [{ field: 'body', problem: 'must be a JSON object' }] },
});

const unsupported = (type: string | undefined): Refusal => ({
  status: 415,
  code: 'unsupported-media-type',
  message: `The body must be JSON: send the header Content-Type: application/json${type === undefined ? '' : `, not ${quoted(type)}`}.`,
});
