import pg from 'pg';
import type { SqlItem } from '../../core/warm-plan.ts';
import type { WarmPage, WarmRow, WarmSource, WarmValue } from '../../ports/warm-source.ts';
import { isUnreachable, sqlFailure } from './sql-failure.ts';
import { afterOf, cursorOf, pageStatement, plainRow, type Statement, wholeStatement } from './sql-text.ts';

/** Who logs in; a password that is a function is asked for at every connection, for it may be a token that expires. */
export interface SqlLogin {
  readonly user: string;
  readonly password: string | ((host: string) => Promise<string>) | null;
}

/** Where and how. */
export interface SqlPlace {
  /** In the order in which they are tried. */
  readonly hosts: readonly string[];
  readonly login: SqlLogin;
  readonly connections: number;
}

const CONNECT_MILLIS = 5_000;

/**
 * Rows of PostgreSQL, read through at most so many connections, in sessions that cannot write. A page is a statement of its own: a
 * cursor of the server would die with its session, and a run must outlive that.
 */
export class SqlSource implements WarmSource {
  readonly ask: ((row: WarmRow) => Promise<WarmValue>) | null;
  readonly #item: SqlItem;
  readonly #place: SqlPlace;
  #pool: Promise<pg.Pool> | null = null;
  #whole: readonly WarmRow[] | null = null;

  constructor(item: SqlItem, place: SqlPlace) {
    this.#item = item;
    this.#place = place;
    const { each } = item;
    this.ask = each === null ? null : (row) => this.#answer(each, row);
  }

  async page(cursor: string | null, limit: number): Promise<WarmPage> {
    try {
      return this.#item.by.length > 0 ? await this.#ordered(cursor, limit) : await this.#slice(cursor, limit);
    } catch (error) {
      return this.#failure(error);
    }
  }

  async close(): Promise<void> {
    const pool = await this.#pool?.catch(() => null);
    await pool?.end();
  }

  async #ordered(cursor: string | null, limit: number): Promise<WarmPage> {
    const rows = await this.#rows(pageStatement(this.#item, afterOf(cursor), limit));
    const last = rows.at(-1);
    const next = last === undefined || rows.length < limit ? null : cursorOf(last, this.#item);
    return { kind: 'page', rows: rows.map(plainRow), next, queries: 1 };
  }

  /** Without an order of its own, a result is read whole; after a crash it is read again, and what was done is passed over. */
  async #slice(cursor: string | null, limit: number): Promise<WarmPage> {
    const queries = this.#whole === null ? 1 : 0;
    this.#whole ??= await this.#rows(wholeStatement(this.#item));
    const { maxRows } = this.#item;
    if (this.#whole.length > maxRows) {
      return { kind: 'fault', fault: 'too-much', detail: `Its query returned more than ${maxRows} rows.` };
    }
    const from = Number(cursor ?? 0);
    const to = from + limit;
    const next = to < this.#whole.length ? String(to) : null;
    return { kind: 'page', rows: this.#whole.slice(from, to), next, queries };
  }

  async #answer(each: NonNullable<SqlItem['each']>, row: WarmRow): Promise<WarmValue> {
    const lacking = each.parameters.find((name) => !Object.hasOwn(row, name));
    if (lacking !== undefined) {
      return { kind: 'fault', fault: 'unknown-column', detail: `Its rows have no column ${lacking}.` };
    }
    try {
      const values = each.parameters.map((name) => row[name]);
      const rows = await this.#rows({ text: each.query, values });
      if (each.rows === 'many') return { kind: 'value', value: rows };
      const [first] = rows;
      return first === undefined
        ? { kind: 'fault', fault: 'value', detail: 'A row has no answer to its own query.' }
        : { kind: 'value', value: first };
    } catch (error) {
      return this.#failure(error);
    }
  }

  async #rows({ text, values }: Statement): Promise<readonly WarmRow[]> {
    this.#pool ??= this.#connect();
    const { rows } = await (await this.#pool).query<WarmRow>(text, [...values]);
    return rows;
  }

  /** The first host that takes a connection. */
  async #connect(): Promise<pg.Pool> {
    let fault: unknown = new Error('no host');
    for (const host of this.#place.hosts) {
      const pool = this.#poolOf(host);
      try {
        (await pool.connect()).release();
        return pool;
      } catch (error) {
        await pool.end();
        fault = error;
        if (!isUnreachable(error)) break;
      }
    }
    throw fault;
  }

  #poolOf(host: string): pg.Pool {
    const { login, connections } = this.#place;
    const { database } = this.#item;
    const { password } = login;
    const pool = new pg.Pool({
      ...{ host, database: database.database, port: database.port, user: login.user, max: connections },
      ...(password === null
        ? {}
        : { password: typeof password === 'string' ? password : () => password(host) }),
      ssl: database.tls ? { rejectUnauthorized: true } : false,
      application_name: 'plimsoll-warm',
      connectionTimeoutMillis: CONNECT_MILLIS,
      statement_timeout: database.statementTimeoutSeconds * 1000,
      // The server's own timeout speaks first; this one is for a server that says nothing any more.
      query_timeout: (database.statementTimeoutSeconds + 5) * 1000,
      options: '-c default_transaction_read_only=on',
    });
    // A connection that breaks while idle is replaced by the next statement; unheard, it would end the process.
    pool.on('error', () => undefined);
    return pool;
  }

  readonly #failure = (error: unknown) => sqlFailure(error, this.#item.database.statementTimeoutSeconds);
}
