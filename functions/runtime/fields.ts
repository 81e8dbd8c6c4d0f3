import type * as z from 'zod/mini';

/** What is wrong with one field of what came from outside. */
export interface FieldProblem {
  /** Name of the field, or of the query parameter; a path with dots inside an object. */
  readonly field: string;
  readonly problem: string;
  /** What was sent, shortened; absent when nothing was. */
  readonly value?: string;
}

/** What was sent, as messages quote it. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Every problem in one sentence: field, what it must be, and what it is. */
export const sentenceOf = (problems: readonly FieldProblem[]): string =>
  problems
    .map(({ field, problem, value }) => `${field} ${problem}${value === undefined ? '' : `, not ${value}`}`)
    .join('; ');

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
