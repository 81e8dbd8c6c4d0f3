import type * as z from 'zod/mini';
import { type ReadFields, readFields } from '../fields.ts';

/** Reads query parameters by a schema; one that is given twice is refused, as none of them is a list. */
export function readQuery<S extends z.ZodMiniType>(
  schema: S,
  parameters: Readonly<Record<string, readonly string[]>>,
): ReadFields<z.output<S>> {
  const repeated = Object.keys(parameters).filter((field) => (parameters[field]?.length ?? 0) > 1);
  if (repeated.length > 0) {
    return {
      ok: false,
      problems: repeated.map((field) => ({ field, problem: 'must be given only once' })),
    };
  }
  return readFields(
    schema,
    Object.fromEntries(Object.entries(parameters).map(([field, [value]]) => [field, value])),
  );
}
