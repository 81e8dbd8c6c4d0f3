import type * as z from 'zod/mini';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { readFields, sentenceOf } from './fields.ts';

/**
 * Reads a value that came from outside by its contract.
 * @param place where it came from, for the message: `alarm event`.
 * @throws ControllerError `invalid`: the place, and of every field its path, what it must be and what it is.
 */
export function parseOrThrow<S extends z.ZodMiniType>(schema: S, value: unknown, place: string): z.output<S> {
  const read = readFields(schema, value);
  if (read.ok) return read.value;
  throw new ControllerError('invalid', `${place}: ${sentenceOf(read.problems)}`, {
    retryable: false,
  });
}
