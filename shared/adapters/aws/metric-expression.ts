/** A token that metric math reads as a name, with what follows it telling functions from ids. */
interface Name {
  readonly text: string;
  readonly isFunction: boolean;
}

// In this order: what stands in quotes is no name, and the `e5` of `1e5` is none either.
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|[\s\S]/g;

/**
 * Gives the ids of a metric math expression other names; function names, keywords and string literals stay.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function renameIds(expression: string, newNames: ReadonlyMap<string, string>): string {
  return tokensOf(expression)
    .map((token) => (typeof token === 'string' ? token : renamed(token, newNames)))
    .join('');
}

const renamed = ({ text, isFunction }: Name, newNames: ReadonlyMap<string, string>): string =>
  isFunction ? text : (newNames.get(text) ?? text);

/** The names in an expression that are neither functions nor in quotes: ids, and keywords such as `REPEAT`. */
export const namesIn = (expression: string): ReadonlySet<string> =>
  new Set(tokensOf(expression).flatMap((token) => (isIdLike(token) ? [token.text] : [])));

/** Whether the expression asks for every metric of its request, so that it cannot share one with other expressions. */
export const spansItsRequest = (expression: string): boolean =>
  tokensOf(expression).some(
    (token) => typeof token !== 'string' && token.isFunction && token.text.toUpperCase() === 'METRICS',
  );

const isIdLike = (token: string | Name): token is Name => typeof token !== 'string' && !token.isFunction;

function tokensOf(expression: string): readonly (string | Name)[] {
  return [...expression.matchAll(TOKEN)].map(({ 0: text, index }) =>
    /^[A-Za-z_]/.test(text)
      ? { text, isFunction: /^\s*\(/.test(expression.slice(index + text.length)) }
      : text,
  );
}
