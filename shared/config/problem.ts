import { ControllerError } from '../core/controller-error.ts';

/** Something in a policy file that stops it from being used, with its place and its fix. */
export interface Problem {
  /** The file, as it was named to us. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** The field, for example `spec.bounds.min`; `document` for the whole of it. */
  readonly path: string;
  /** What is wrong, and the fix in parentheses. */
  readonly message: string;
}

/** One line for people and editors: `file:line:col path: problem (fix)`. */
export const formatProblem = ({ file, line, column, path, message }: Problem): string =>
  `${file}:${line}:${column} ${path}: ${message}`;

/** The error for programs that must not start with a bad set of policies: code `invalid`, every problem on a line of its own. */
export function policyRefusal(problems: readonly Problem[]): ControllerError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new ControllerError(
    'invalid',
    [`${count} in the policies:`, ...problems.map(formatProblem)].join('\n'),
    {
      retryable: false,
    },
  );
}

/** Where a problem lies inside a document: keys and indexes from its root. */
export type DocumentPath = readonly PropertyKey[];

/** Takes a problem of one document, at a path in it. `on: 'key'` points at the key instead of the value. */
export type Report = (path: DocumentPath, message: string, on?: 'key' | 'value') => void;

/** How people write a path: `spec.strategies[0].target`, `metadata.annotations["plimsoll.io/ecs-service"]`. */
export function formatPath(path: DocumentPath): string {
  const text = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /^[A-Za-z_$][\w$-]*$/.test(String(part))
      ? `.${String(part)}`
      : `[${JSON.stringify(String(part))}]`;
  });
  return text.join('').replace(/^\./, '') || 'document';
}

/** A value as messages quote it: short, on one line, never the inside of a collection. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'a mapping' : String(value);
}
