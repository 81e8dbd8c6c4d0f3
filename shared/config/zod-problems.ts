import type * as z from 'zod';
import { nearest } from './nearest.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import { secondsOf } from './schema/duration.ts';
import { chooseBranch, KNOWN_KEYS } from './schema/mapping.ts';

type Issue = z.core.$ZodIssue;

/** Reports what zod found in a document, in the words of its author: place, value, fix; one report per field. */
export function reportIssues(
  issues: readonly Issue[],
  root: unknown,
  report: Report,
  base: DocumentPath = [],
): void {
  for (const issue of issues) reportIssue(issue, root, report, base);
}

function reportIssue(issue: Issue, root: unknown, report: Report, base: DocumentPath): void {
  const path = [...base, ...issue.path];
  const value = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) report([...path, key], unknownKey(key, issue.message), 'key');
  } else if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = issue.errors[chooseBranch(String(path.at(-1)), issue.errors.length, value)];
    reportIssues(branch ?? [], root, report, path);
  } else if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
    report(path, messageOf(issue.issues[0] ?? issue, path.at(-1)), 'key');
  } else {
    report(path, messageOf(issue, value, path.at(-1)), value === undefined ? 'key' : 'value');
  }
}

function unknownKey(key: string, message: string): string {
  const known = message.startsWith(KNOWN_KEYS) ? message.slice(KNOWN_KEYS.length).split(' ') : [];
  const near = nearest(key, known);
  if (near !== null) return `unknown key (did you mean "${near}"?)`;
  return `unknown key (known here: ${known.join(', ')})`;
}

function messageOf(issue: Issue, value: unknown, field?: PropertyKey): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, value, String(field));
    case 'invalid_value':
      return wrongValue(issue.values.map(String), value);
    case 'too_small':
      return tooFar(issue, value, issue.minimum, 'at least', 'more than');
    case 'too_big':
      return tooFar(issue, value, issue.maximum, 'at most', 'less than');
    case 'invalid_union':
      return wrongValue(optionsOf(issue), value);
    default:
      // Formats and custom rules carry their whole sentence.
      return value === undefined && issue.code !== 'custom' ? missing('a value') : issue.message;
  }
}

const optionsOf = (issue: object): readonly string[] =>
  'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];

const missing = (what: string): string => `is missing (give ${what})`;

function wrongType(expected: string, value: unknown, field: string): string {
  const what = TYPE_NAMES[expected] ?? expected;
  if (value === undefined) return missing(what);
  if (value === null) return `has no value (give ${what}, or remove the line)`;
  if (typeof value === 'number' && !Number.isFinite(value))
    return `${value} is not a finite number (give one)`;
  if (typeof value === 'object') return `is ${typeName(value)}, not ${what} (give ${what})`;
  const got = `${quote(value)} is ${typeName(value)}, not ${what}`;
  const fix = expected === 'number' || expected === 'int' ? numberIn(value, field) : null;
  if (fix !== null) return `${got} (write ${fix})`;
  if (expected === 'string') return `${got} (write "${String(value)}" in quotes)`;
  return `${got} (give ${what})`;
}

/** The number that somebody meant who wrote more than a number, or a fraction of a whole one. */
function numberIn(value: unknown, field: string): string | null {
  if (typeof value === 'number') return `${Math.floor(value)} or ${Math.ceil(value)}`;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (text !== '' && Number.isFinite(Number(text))) return `${text} without quotes`;
  if (field.endsWith('Seconds') && /^\d+[smhd]$/.test(text)) return `${secondsOf(text)}, in seconds`;
  return /^-?\d+(\.\d+)?(?=\s*%$)/.exec(text)?.[0] ?? null;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a string',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  nan: 'a number',
};

function typeName(value: unknown): string {
  if (typeof value === 'number')
    return Number.isInteger(value) ? 'a whole number' : 'a number with a fraction';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a mapping';
  return `a ${typeof value}`;
}

function wrongValue(known: readonly string[], value: unknown): string {
  const list = known.join(', ');
  if (value === undefined) return missing(known.length === 1 ? `"${list}"` : `one of: ${list}`);
  if (value === null) return `has no value (give one of: ${list}, or remove the line)`;
  const near = typeof value === 'string' ? nearest(value, known) : null;
  const fix =
    near === null ? (known.length === 1 ? `write "${list}"` : `one of: ${list}`) : `did you mean "${near}"?`;
  return `${quote(value)} is not known here (${fix})`;
}

interface Limit {
  readonly origin: string;
  readonly inclusive?: boolean | undefined;
}

function tooFar(limit: Limit, value: unknown, bound: number | bigint, at: string, beyond: string): string {
  const rule = `${limit.inclusive === false ? beyond : at} ${bound}`;
  if (limit.origin === 'string')
    return `${quote(value)} is too ${at === 'at least' ? 'short' : 'long'} (${rule} characters)`;
  if (limit.origin === 'array') {
    const count = Array.isArray(value) ? value.length : 0;
    return `has ${count} ${count === 1 ? 'entry' : 'entries'} (give ${rule})`;
  }
  return `${quote(value)} is too ${at === 'at least' ? 'small' : 'large'} (give ${rule})`;
}

function valueAt(root: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Readonly<Record<PropertyKey, unknown>>)[part]
        : undefined,
    root,
  );
}
