/** How a client proves who it is: with a secret of Secrets Manager, or with a token that IAM signs. */
export type CacheAuth =
  | { readonly kind: 'none' }
  /** The secret is the password, or JSON with `password` and perhaps `username`. */
  | { readonly kind: 'secret'; readonly secretArn: string }
  | { readonly kind: 'iam'; readonly user: string; readonly cacheName: string };

/** The cache that a plan fills. */
export interface WarmCache {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly clusterMode: boolean;
  readonly auth: CacheAuth;
}

/** A time at which a plan runs by itself: every so many minutes, or by a cron expression of five fields. */
export type WarmSchedule =
  | { readonly kind: 'every'; readonly minutes: number }
  | { readonly kind: 'cron'; readonly cron: string; readonly timeZone: string };

/** What a run may take. */
export interface WarmLimits {
  /** Statements, requests and queries a second, over all items. */
  readonly queriesPerSecond: number;
  /** Of those at once; `sql` items open no more connections than {@link WarmPlan.connections}. */
  readonly concurrency: number;
  /** The whole run, with its continuations. */
  readonly seconds: number;
  /** Keys of the whole run. */
  readonly keys: number;
  readonly valueBytes: number;
  readonly keyBytes: number;
}

/** How long a key lives: the time, less a random part of it, so that keys written together do not expire together. */
export interface WarmTtl {
  readonly seconds: number;
  readonly jitterPercent: number;
}

/** What every item writes for a row. `raw`: the one value as it is; `json`: what the row is made of, as JSON. */
interface Writes {
  /** Unique in its plan. */
  readonly name: string;
  /** `template:{id}`; null = nothing is written, the query alone is the warming. */
  readonly key: string | null;
  /** Columns of the value; null = the whole row. */
  readonly columns: readonly string[] | null;
  readonly codec: 'json' | 'raw';
  readonly ttl: WarmTtl;
}

/** How a database is logged in to. */
export type DatabaseAuth =
  | { readonly kind: 'none'; readonly user: string }
  /** RDS's own form: JSON with `username` and `password`; a bare text is the password of `user`. */
  | { readonly kind: 'secret'; readonly secretArn: string; readonly user: string | null }
  /** `resourceIds`: the databases that the token is good for, as IAM names them. */
  | { readonly kind: 'iam'; readonly user: string; readonly resourceIds: readonly string[] };

/** A PostgreSQL database. */
export interface WarmDatabase {
  /** In the order in which they are tried: the replica first. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly database: string;
  readonly auth: DatabaseAuth;
  readonly tls: boolean;
  readonly statementTimeoutSeconds: number;
}

/** Rows of PostgreSQL. */
export interface SqlItem extends Writes {
  readonly kind: 'sql';
  readonly database: WarmDatabase;
  readonly query: string;
  /** Columns that order and tell apart the rows: a long result is read in pages after the last row seen; none = one statement. */
  readonly by: readonly string[];
  /** A result with more rows is refused. */
  readonly maxRows: number;
  /** Asked once for each row, with these columns of it as `$1`, `$2` …; its answer is the value. */
  readonly each: {
    readonly query: string;
    readonly parameters: readonly string[];
    readonly rows: 'one' | 'many';
  } | null;
}

/** Bodies of HTTP answers. */
export interface HttpItem extends Writes {
  readonly kind: 'http';
  /** With columns of the list in braces; null = every row of the list has its own, as `url`. */
  readonly url: string | null;
  readonly list: readonly Readonly<Record<string, string | number>>[];
  /** A secret that is JSON: header → value. */
  readonly headersSecretArn: string | null;
  readonly expectedStatus: number;
  readonly timeoutSeconds: number;
}

/** Items of a DynamoDB table. */
export interface DynamoItem extends Writes {
  readonly kind: 'dynamodb';
  readonly table: string;
  readonly index: string | null;
  readonly keyCondition: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly maxRows: number;
  /** Read capacity units that a run may consume of this table. */
  readonly maxCapacityUnits: number;
}

/** A source of a plan, and what becomes of its rows. */
export type WarmItem = SqlItem | HttpItem | DynamoItem;

/** What fills a cache, or the memory of a new replica, before traffic comes. */
export interface WarmPlan {
  /** Unique in its deployment. */
  readonly name: string;
  /** Null = it writes nothing: a plan for new replicas. */
  readonly cache: WarmCache | null;
  readonly schedules: readonly WarmSchedule[];
  /** Names of policies of cache tiers. */
  readonly onScaleOutOf: readonly string[];
  /** Names of policies of ECS services. */
  readonly onDeploymentOf: readonly string[];
  readonly network: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
  readonly limits: WarmLimits;
  /** Connections to a database that a run opens at most. */
  readonly connections: number;
  /** `only-missing`: a key that has a value keeps it. `refresh`: what was just read replaces it. */
  readonly mode: 'only-missing' | 'refresh';
  /** Seconds for which the hits and misses of the cache are counted before and after a run; 0 = they are not. */
  readonly sampleSeconds: number;
  readonly items: readonly WarmItem[];
}

/** The names in braces of a template: `template:{id}` → `id`. */
export const columnsOf = (template: string): readonly string[] =>
  [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);

/** A template filled in with a row, or the first of its columns that the row lacks or has no value for. */
export function fillTemplate(
  template: string,
  row: Readonly<Record<string, unknown>>,
  write: (value: string) => string = (value) => value,
):
  | { readonly kind: 'filled'; readonly text: string }
  | { readonly kind: 'unknown'; readonly column: string } {
  const lacking = columnsOf(template).find((name) => !Object.hasOwn(row, name) || row[name] == null);
  if (lacking !== undefined) return { kind: 'unknown', column: lacking };
  const text = template.replace(/\{([^{}]*)\}/g, (_, name: string) => write(String(row[name])));
  return { kind: 'filled', text };
}

/** What DynamoDB is given for an answer, with the retries of the client. */
const DYNAMO_SECONDS = 10;

/** How long one question of a plan may take at most. */
export const longestQuestionSeconds = ({ items }: Pick<WarmPlan, 'items'>): number =>
  items.reduce((longest, item) => Math.max(longest, questionSeconds(item)), 0);

function questionSeconds(item: WarmItem): number {
  switch (item.kind) {
    case 'sql':
      return item.database.statementTimeoutSeconds;
    case 'http':
      return item.timeoutSeconds;
    case 'dynamodb':
      return DYNAMO_SECONDS;
  }
}
