import type * as z from 'zod/mini';
import { type FieldProblem, quoted } from './answers.ts';

/** Fields that fit, or what is wrong with each of those that do not. */
export type ReadFields<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Reads the fields of a request by a schema whose messages are predicates: "must be a whole number". */
export function readFields<S extends z.ZodMiniType>(schema: S, input: unknown): ReadFields<z.output<S>> {
  const read = schema.safeParse(input);
  if (read.success) return { ok: true, value: read.data };
  return { ok: false, problems: read.error.issues.flatMap((issue) => problemsOf(issue, input)) };
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown): readonly FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: quoted(key).slice(1, -1),
      problem: 'is not a field of this request',
    }));
  }
  const value = issue.path.reduce<unknown>((at, key) => memberOf(at, key), input);
  return [
    {
      field: issue.path.join('.') || 'body',
      problem: value === undefined ? `is missing: it ${issue.message}` : issue.message,
      ...(value === undefined ? {} : { value: quoted(value) }),
    },
  ];
}

const memberOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<PropertyKey, unknown>>)[key]
    : undefined;
