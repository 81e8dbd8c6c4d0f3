import * as z from 'zod/mini';
import { Above, Count, Positive, Text } from './compiled-strategies.ts';

const TextOrNull = z.nullable(Text);
const Texts = z.array(Text);

const Cache = z.strictObject({
  host: Text,
  port: Positive,
  tls: z.boolean(),
  clusterMode: z.boolean(),
  auth: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('secret'), secretArn: Text }),
    z.strictObject({ kind: z.literal('iam'), user: Text, cacheName: Text }),
  ]),
});

const Database = z.strictObject({
  hosts: Texts,
  port: Positive,
  database: Text,
  auth: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none'), user: Text }),
    z.strictObject({ kind: z.literal('secret'), secretArn: Text, user: TextOrNull }),
    z.strictObject({ kind: z.literal('iam'), user: Text, resourceIds: Texts }),
  ]),
  tls: z.boolean(),
  statementTimeoutSeconds: Positive,
});

const writes = {
  name: Text,
  key: TextOrNull,
  columns: z.nullable(Texts),
  codec: z.enum(['json', 'raw']),
  ttl: z.strictObject({ seconds: Count, jitterPercent: Count }),
};

const Item = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sql'),
    ...writes,
    database: Database,
    query: Text,
    by: Texts,
    maxRows: Positive,
    each: z.nullable(z.strictObject({ query: Text, parameters: Texts, rows: z.enum(['one', 'many']) })),
  }),
  z.strictObject({
    kind: z.literal('http'),
    ...writes,
    url: TextOrNull,
    list: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
    headersSecretArn: TextOrNull,
    expectedStatus: Positive,
    timeoutSeconds: Positive,
  }),
  z.strictObject({
    kind: z.literal('dynamodb'),
    ...writes,
    table: Text,
    index: TextOrNull,
    keyCondition: Text,
    names: z.record(z.string(), Text),
    values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    maxRows: Positive,
    maxCapacityUnits: Positive,
  }),
]);

/** A warm plan as it travels in a bundle. */
export const CompiledWarmPlan = z.strictObject({
  name: Text,
  cache: z.nullable(Cache),
  schedules: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('every'), minutes: Positive }),
      z.strictObject({ kind: z.literal('cron'), cron: Text, timeZone: Text }),
    ]),
  ),
  onScaleOutOf: Texts,
  onDeploymentOf: Texts,
  network: z.strictObject({ subnetIds: Texts, securityGroupIds: Texts }),
  limits: z.strictObject({
    queriesPerSecond: Above,
    concurrency: Positive,
    seconds: Positive,
    keys: Positive,
    valueBytes: Positive,
    keyBytes: Positive,
  }),
  connections: Positive,
  mode: z.enum(['only-missing', 'refresh']),
  sampleSeconds: Count,
  items: z.array(Item),
});
