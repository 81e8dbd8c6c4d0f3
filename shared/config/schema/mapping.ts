import * as z from 'zod';

/** What starts the message of an unknown key; the known ones follow, separated by spaces. */
export const KNOWN_KEYS = 'known keys: ';

/** A strict object whose complaint about an unknown key carries the known ones. */
export const mapping = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `${KNOWN_KEYS}${Object.keys(shape).join(' ')}` : undefined,
  });

/** A string with a rule of its own; `fix` says what to write. */
export const text = (pattern: RegExp, what: string, fix: string) =>
  z.string().regex(pattern, { error: ({ input }) => `${JSON.stringify(input)} is not ${what} (${fix})` });

const isMapping = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Fields whose last form is a mapping and whose first is a plain value. */
const PLAIN_OR_MAPPING: readonly string[] = ['paused', 'change', 'backlogPerWorker'];

/** What tells the forms of an item of a warm plan apart, in their order. */
const SOURCES: readonly string[] = ['sql', 'http', 'dynamodb'];

/** Which form of a union the author meant, so that only the complaints about that form are shown. */
export function chooseBranch(field: string, forms: number, value: unknown): number {
  if (PLAIN_OR_MAPPING.includes(field)) return isMapping(value) ? forms - 1 : 0;
  if (!isMapping(value)) return 0;
  const source = SOURCES.findIndex((name) => name in value);
  if (source >= 0) return source;
  if (forms === 2) return 'expression' in value ? 1 : 0;
  if ('expression' in value) return 2;
  return !('preset' in value) && ('namespace' in value || 'name' in value) ? 1 : 0;
}
