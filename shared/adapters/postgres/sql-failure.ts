import type { WarmRefusal } from '../../ports/warm-source.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no code';

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const SAID: Readonly<Record<string, string>> = {
  '25006': 'it would write, and warming only reads',
  '28P01': 'the password is wrong',
  '28000': 'the login is refused',
  '3D000': 'there is no such database',
  '42501': 'the user may not read this',
  '42601': 'it is no valid statement',
  '42703': 'a column does not exist',
  '42P01': 'a table does not exist',
  '53300': 'the database has no connection left',
};

/**
 * What PostgreSQL or the network said, without a word of its own text: that may hold values.
 * 57014 is the end of statement_timeout.
 */
export function sqlFailure(error: unknown, timeoutSeconds: number): WarmRefusal {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  if (code === '57014' || message === 'Query read timeout') {
    return { kind: 'fault', fault: 'timeout', detail: `A statement took longer than ${timeoutSeconds} s.` };
  }
  const said = SAID[code];
  const why = said === undefined ? code : `${said} (${code})`;
  return { kind: 'fault', fault: 'source', detail: `PostgreSQL did not answer a statement: ${why}.` };
}

/** Whether another host may answer where this one did not: nobody was there, or it takes no connection now. */
export const isUnreachable = (error: unknown): boolean =>
  /^(E[A-Z]+|57P0\d|53300|08\w{3})$/.test(codeOf(error)) ||
  (error instanceof Error && /timeout|terminated/i.test(error.message));
