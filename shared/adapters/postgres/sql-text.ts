import type { SqlItem } from '../../core/warm-plan.ts';
import type { WarmRow } from '../../ports/warm-source.ts';

/** A statement with its parameters. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

const CURSOR = 'plimsoll_cursor_';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * A page of a query in the order of `by`, after the row where the last page ended. PostgreSQL compares the columns as one row,
 * in their own types, so that an index on them serves every page alike.
 * https://www.postgresql.org/docs/current/functions-comparisons.html#ROW-WISE-COMPARISON
 */
export function pageStatement(
  { query, by }: Pick<SqlItem, 'query' | 'by'>,
  after: readonly string[] | null,
  limit: number,
): Statement {
  const columns = by.map((name) => `warm.${quoted(name)}`);
  // As text: a number beyond 2^53 or a microsecond would not survive the way through JavaScript.
  const cursors = columns.map((column, index) => `${column}::text AS ${CURSOR}${index}`);
  const marks = columns.map((_, index) => `$${index + 1}`);
  const where = after === null ? '' : ` WHERE (${columns.join(', ')}) > (${marks.join(', ')})`;
  return {
    text: `SELECT warm.*, ${cursors.join(', ')} FROM (${query}\n) AS warm${where} ORDER BY ${columns.join(', ')} LIMIT ${limit}`,
    values: after ?? [],
  };
}

/** The whole of a query, up to one row more than it may have. */
export const wholeStatement = ({ query, maxRows }: Pick<SqlItem, 'query' | 'maxRows'>): Statement => ({
  text: `SELECT warm.* FROM (${query}\n) AS warm LIMIT ${maxRows + 1}`,
  values: [],
});

/** A row without what {@link pageStatement} added to it. */
export const plainRow = (row: WarmRow): WarmRow =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith(CURSOR)));

/** Where a row stands in the order of its page. */
export const cursorOf = (row: WarmRow, { by }: Pick<SqlItem, 'by'>): string =>
  JSON.stringify(by.map((_, index) => row[`${CURSOR}${index}`]));

/** The place that {@link cursorOf} wrote. */
export const afterOf = (cursor: string | null): readonly string[] | null =>
  cursor === null ? null : (JSON.parse(cursor) as readonly string[]);
