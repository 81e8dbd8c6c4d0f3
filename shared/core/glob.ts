/** What one place of a glob takes: any run of characters, any one, or one of a class. */
type Token = 'run' | 'one' | { readonly takes: (character: string) => boolean };

/**
 * Whether a text matches a glob as Redis reads it: `*`, `?`, `[abc]`, `[^a]`, `[a-z]`, and `\` before a character that stands for
 * itself. Redis counts bytes and this counts UTF-16 units: with characters beyond ASCII, `?` and classes may differ.
 * The time is at most the product of both lengths, so that no pattern can hold a process up.
 * https://redis.io/docs/latest/commands/keys/
 */
export function globMatches(pattern: string): (text: string) => boolean {
  const tokens = tokensOf(pattern);
  return (text) => matches(tokens, text);
}

function matches(tokens: readonly Token[], text: string): boolean {
  let at = 0;
  let token = 0;
  // Where to go on when what follows the last run does not fit: the run takes one character more.
  let afterRun = -1;
  let runEnds = 0;
  while (at < text.length) {
    const current = tokens[token];
    if (current === 'run') {
      token += 1;
      afterRun = token;
      runEnds = at;
    } else if (current !== undefined && takes(current, text.charAt(at))) {
      token += 1;
      at += 1;
    } else if (afterRun >= 0) {
      runEnds += 1;
      at = runEnds;
      token = afterRun;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === 'run');
}

const takes = (token: Exclude<Token, 'run'>, character: string): boolean =>
  token === 'one' || token.takes(character);

function tokensOf(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern.charAt(at);
    at += 1;
    if (character === '*') tokens.push('run');
    else if (character === '?') tokens.push('one');
    else if (character === '[') {
      const { token, end } = classAt(pattern, at);
      tokens.push(token);
      at = end;
    } else if (character === '\\' && at < pattern.length) {
      tokens.push(literal(pattern.charAt(at)));
      at += 1;
    } else tokens.push(literal(character));
  }
  return tokens;
}

const literal = (wanted: string): Token => ({ takes: (character) => character === wanted });

/** Reads a class whose `[` is behind it; one that is never closed ends with the pattern, as in Redis. */
function classAt(pattern: string, start: number): { readonly token: Token; readonly end: number } {
  const negated = pattern.charAt(start) === '^';
  const ranges: (readonly [string, string])[] = [];
  let at = negated ? start + 1 : start;
  while (at < pattern.length && pattern.charAt(at) !== ']') {
    const escaped = pattern.charAt(at) === '\\' && at + 1 < pattern.length;
    const from = pattern.charAt(escaped ? at + 1 : at);
    at += escaped ? 2 : 1;
    if (!escaped && pattern.charAt(at) === '-' && at + 1 < pattern.length) {
      ranges.push(inOrder(from, pattern.charAt(at + 1)));
      at += 2;
    } else ranges.push([from, from]);
  }
  const token = {
    takes: (character: string) =>
      ranges.some(([from, to]) => character >= from && character <= to) !== negated,
  };
  return { token, end: at + 1 };
}

const inOrder = (one: string, other: string): readonly [string, string] =>
  one <= other ? [one, other] : [other, one];
