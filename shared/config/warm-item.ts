import { columnsOf, type DatabaseAuth, type WarmDatabase, type WarmItem } from '../core/warm-plan.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import { secondsOf } from './schema/duration.ts';
import type {
  DynamoItemDocument,
  HttpItemDocument,
  SqlItemDocument,
  WarmItemDocument,
} from './schema/warm-plan.ts';

const JITTER_PERCENT = 10;
const MAX_ROWS = 1000;
/** Rows of one statement: they are all in memory at once. */
const MOST_ROWS_AT_ONCE = 10_000;
const TIMEOUT = '10s';
/** EventBridge Scheduler and Lambda give a run 15 minutes; no single question may take more than a part of that. */
const LONGEST_SECONDS = 300;

/** An item with its defaults, after reporting what is wrong with it. */
export function compileItem(document: WarmItemDocument, path: DocumentPath, report: Report): WarmItem {
  checkWrites(document, path, report);
  if ('sql' in document) return sqlItem(document, [...path, 'sql'], report);
  if ('http' in document) return httpItem(document, [...path, 'http'], report);
  return dynamoItem(document);
}

const writesOf = (
  { name, key, columns, codec, ttl, jitterPercent }: WarmItemDocument,
  usual: 'json' | 'raw',
) => ({
  name,
  key: key ?? null,
  columns: columns ?? null,
  codec: codec ?? usual,
  ttl: {
    seconds: ttl === undefined ? 0 : secondsOf(ttl),
    jitterPercent: jitterPercent ?? JITTER_PERCENT,
  },
});

function checkWrites(
  { key, ttl, columns, codec }: WarmItemDocument,
  path: DocumentPath,
  report: Report,
): void {
  if (key !== undefined && ttl === undefined) {
    report([...path, 'ttl'], 'is missing (give a duration: a warmed key must not live for ever)', 'key');
  }
  if (key !== undefined) checkBraces(key, [...path, 'key'], report);
  if (key === undefined && (ttl ?? columns ?? codec) !== undefined) {
    report(path, 'has ttl, columns or codec but no key to write (give key, or remove them)', 'key');
  }
  if (codec === 'raw' && columns !== undefined && columns.length > 1) {
    report(
      [...path, 'columns'],
      `raw takes one column, and these are ${columns.length} (keep one, or write codec: json)`,
    );
  }
}

function checkBraces(template: string, path: DocumentPath, report: Report): void {
  const names = columnsOf(template);
  const rest = template.replace(/\{[^{}]*\}/g, '');
  if (/[{}]/.test(rest) || names.includes('')) {
    report(path, `${quote(template)} has braces without a column (write template:{id})`);
  }
}

function checkSeconds(duration: string | undefined, path: DocumentPath, report: Report): number {
  const seconds = secondsOf(duration ?? TIMEOUT);
  if (seconds > LONGEST_SECONDS) report(path, `${quote(duration)} is too long (at most ${LONGEST_SECONDS}s)`);
  return seconds;
}

function sqlItem(document: SqlItemDocument, path: DocumentPath, report: Report): WarmItem {
  const { sql } = document;
  const by = sql.by ?? [];
  const maxRows = sql.maxRows ?? MAX_ROWS;
  if (by.length === 0 && maxRows > MOST_ROWS_AT_ONCE) {
    const fix = `name the columns that tell rows apart in by, or lower it to ${MOST_ROWS_AT_ONCE}`;
    report(
      [...path, 'maxRows'],
      `${maxRows} rows in one statement are too many for the memory of a function (${fix})`,
    );
  }
  if (document.key !== undefined && columnsOf(document.key).length === 0 && maxRows > 1) {
    report([...path.slice(0, -1), 'key'], 'is the same for every row (put a column into it: template:{id})');
  }
  const each =
    sql.each === undefined
      ? null
      : {
          ...sql.each,
          query: statement(sql.each.query, [...path, 'each', 'query'], report),
          rows: sql.each.rows ?? 'one',
        };
  if (each !== null) checkParameters(each, [...path, 'each'], report);
  return {
    kind: 'sql',
    ...writesOf(document, 'json'),
    ...{ by, maxRows, each },
    query: statement(sql.query, [...path, 'query'], report),
    database: databaseOf(sql, path, report),
  };
}

/** A statement stands inside of another one, without a semicolon at its end. */
function statement(query: string, path: DocumentPath, report: Report): string {
  const text = query.trim().replace(/;$/, '').trimEnd();
  if (!/^(\(|select|with|values|table)/i.test(text)) {
    report(path, `${quote(text)} is no SELECT (warming only reads)`);
  }
  if (/;\s*$/.test(text) || /;\s*(select|with|insert|update|delete|drop|set)\b/i.test(text)) {
    report(path, 'has several statements (write one for each item)');
  }
  return text;
}

function checkParameters(
  { query, parameters }: { readonly query: string; readonly parameters: readonly string[] },
  path: DocumentPath,
  report: Report,
): void {
  const used = new Set([...query.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  const most = Math.max(0, ...used);
  if (most === parameters.length && used.size === parameters.length) return;
  const what = `the query uses ${used.size === 0 ? 'no parameter' : `$1 to $${most}`}, and parameters names ${parameters.length}`;
  report([...path, 'parameters'], `${what} (name one column for each)`);
}

type Sql = SqlItemDocument['sql'];

function databaseOf(sql: Sql, path: DocumentPath, report: Report): WarmDatabase {
  const hosts = [sql.hosts.replica, sql.hosts.primary].filter((host) => host !== undefined);
  if (hosts.length === 0) report([...path, 'hosts'], 'names no host (give replica, primary, or both)', 'key');
  const tls = sql.tls ?? true;
  if (!tls && (sql.iam !== undefined || sql.secretArn !== undefined)) {
    report([...path, 'tls'], 'false would send the password readable for everybody (remove it)');
  }
  return {
    hosts,
    tls,
    port: sql.port ?? 5432,
    database: sql.database,
    auth: databaseAuth(sql, path, report),
    statementTimeoutSeconds: checkSeconds(sql.statementTimeout, [...path, 'statementTimeout'], report),
  };
}

function databaseAuth({ iam, secretArn, user }: Sql, path: DocumentPath, report: Report): DatabaseAuth {
  if (iam !== undefined && secretArn !== undefined) {
    report([...path, 'iam'], 'stands beside secretArn (keep one of the two)', 'key');
  }
  if (iam !== undefined) {
    if (user !== undefined) report([...path, 'user'], 'stands beside iam.user (remove it)', 'key');
    return { kind: 'iam', ...iam };
  }
  if (secretArn !== undefined) return { kind: 'secret', secretArn, user: user ?? null };
  if (user === undefined) report(path, 'names nobody who logs in (give secretArn, iam, or user)', 'key');
  return { kind: 'none', user: user ?? '' };
}

function httpItem(document: HttpItemDocument, path: DocumentPath, report: Report): WarmItem {
  const { http } = document;
  const rows = http.urls?.map((url) => ({ url })) ?? http.list ?? [{}];
  checkUrls(http, path, report);
  if (http.url !== undefined) checkTemplate(http.url, rows, path, report);
  return {
    kind: 'http',
    ...writesOf(document, 'raw'),
    ...{ url: http.url ?? null, list: rows },
    headersSecretArn: http.headersSecretArn ?? null,
    expectedStatus: http.expectedStatus ?? 200,
    timeoutSeconds: checkSeconds(http.timeout, [...path, 'timeout'], report),
  };
}

function checkUrls({ urls, url, list }: HttpItemDocument['http'], path: DocumentPath, report: Report): void {
  if ((urls === undefined) === (url === undefined)) {
    const what =
      url === undefined
        ? 'names no URL (give urls, or url and list)'
        : 'has urls and url (keep one of the two)';
    report(path, what, 'key');
  }
  if (urls === undefined) return;
  if (list !== undefined) report([...path, 'list'], 'fills url, not urls (remove it)', 'key');
  for (const [index, each] of urls.entries()) checkUrl(each, [...path, 'urls', index], report);
}

function checkTemplate(
  url: string,
  rows: readonly Readonly<Record<string, string | number>>[],
  path: DocumentPath,
  report: Report,
): void {
  checkBraces(url, [...path, 'url'], report);
  checkUrl(url.replace(/\{[^{}]*\}/g, 'x'), [...path, 'url'], report);
  for (const [index, row] of rows.entries()) {
    const lacking = columnsOf(url).find((name) => !Object.hasOwn(row, name));
    if (lacking !== undefined)
      report([...path, 'list', index], `has no ${lacking}, which url needs (add it)`, 'key');
  }
}

function checkUrl(url: string, path: DocumentPath, report: Report): void {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    report(path, `${quote(url)} is no URL (write https://host/path)`);
  } else if (parsed.username !== '' || parsed.password !== '') {
    report(path, 'has a login in it (put it into headersSecretArn)');
  }
}

const dynamoItem = (document: DynamoItemDocument): WarmItem => ({
  kind: 'dynamodb',
  ...writesOf(document, 'json'),
  table: document.dynamodb.table,
  index: document.dynamodb.index ?? null,
  keyCondition: document.dynamodb.keyCondition,
  names: document.dynamodb.names ?? {},
  values: document.dynamodb.values,
  maxRows: document.dynamodb.maxRows ?? MAX_ROWS,
  maxCapacityUnits: document.dynamodb.maxCapacityUnits ?? 1000,
});
