/** How deep the collections of a policy file may lie in each other. */
export const MAX_NESTING = 100;

/**
 * Whether a text may nest deeper than {@link MAX_NESTING}, told without parsing it: the parser recurses, and running
 * out of stack inside a regular expression ends the process instead of throwing. Errs on the side of refusing.
 */
export function nestsTooDeeply(text: string): boolean {
  const withoutQuotes = text.replace(/"[^"\n]*"|'[^'\n]*'/g, '');
  const withoutComments = withoutQuotes.replace(/(^|\s)#[^\n]*/g, '');
  // A bracket in a quote or a comment may hide another one: each reading of the text has to stay shallow.
  if ([text, withoutQuotes, withoutComments].some((reading) => bracketDepth(reading) > MAX_NESTING))
    return true;
  return text
    .split('\n')
    .some((line) => indentation(line) > 2 * MAX_NESTING || indicators(line) > MAX_NESTING);
}

function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

const indentation = (line: string): number => line.length - line.trimStart().length;

/** Signs of a block collection or a property on one line; between brackets the brackets count. */
function indicators(line: string): number {
  if (line.length <= MAX_NESTING || /^\s*#/.test(line)) return 0;
  const keys = /[[{]/.test(line) ? [] : (line.match(/:(?=\s|$)/g) ?? []);
  return keys.length + (line.match(/(?<=^|\s)(?:[-?](?=\s|$)|[&!*]\S*)/g) ?? []).length;
}
