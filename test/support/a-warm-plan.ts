import type { DynamoItem, HttpItem, SqlItem, WarmPlan } from '../../shared/core/warm-plan.ts';

const WRITES = {
  name: 'rows',
  key: 'row:{id}',
  columns: null,
  codec: 'json',
  ttl: { seconds: 600, jitterPercent: 10 },
} as const;

/** An item of PostgreSQL on this machine. */
export const aSqlItem = (
  overrides: Partial<SqlItem> = {},
  database: Partial<SqlItem['database']> = {},
): SqlItem => ({
  kind: 'sql',
  ...WRITES,
  query: 'SELECT id, title FROM things',
  by: ['id'],
  maxRows: 100_000,
  each: null,
  ...overrides,
  database: {
    hosts: ['127.0.0.1'],
    port: 5432,
    database: 'postgres',
    auth: { kind: 'none', user: 'plimsoll' },
    tls: false,
    statementTimeoutSeconds: 5,
    ...database,
  },
});

/** An item of HTTP. */
export const anHttpItem = (overrides: Partial<HttpItem> = {}): HttpItem => ({
  kind: 'http',
  ...WRITES,
  codec: 'raw',
  url: 'http://127.0.0.1:1/{id}',
  list: [{ id: 1 }, { id: 2 }],
  headersSecretArn: null,
  expectedStatus: 200,
  timeoutSeconds: 5,
  ...overrides,
});

/** An item of DynamoDB. */
export const aDynamoItem = (overrides: Partial<DynamoItem> = {}): DynamoItem => ({
  kind: 'dynamodb',
  ...WRITES,
  table: 'things',
  index: null,
  keyCondition: 'pk = :pk',
  names: {},
  values: { ':pk': 'popular' },
  maxRows: 1000,
  maxCapacityUnits: 1000,
  ...overrides,
});

/** A plan that fills a cache on this machine. */
export const aWarmPlan = ({
  limits,
  ...overrides
}: Partial<Omit<WarmPlan, 'limits'>> & { readonly limits?: Partial<WarmPlan['limits']> } = {}): WarmPlan => ({
  name: 'popular',
  cache: { host: '127.0.0.1', port: 6379, tls: false, clusterMode: false, auth: { kind: 'none' } },
  schedules: [],
  onScaleOutOf: [],
  onDeploymentOf: [],
  network: { subnetIds: ['subnet-0a1b2c3d4e5f60718'], securityGroupIds: ['sg-0a1b2c3d4e5f60718'] },
  connections: 2,
  mode: 'only-missing',
  sampleSeconds: 0,
  items: [aSqlItem()],
  ...overrides,
  limits: {
    queriesPerSecond: 1000,
    concurrency: 4,
    seconds: 3600,
    keys: 100_000,
    valueBytes: 10_000,
    keyBytes: 100,
    ...limits,
  },
});
