import * as z from 'zod/mini';
import { ControllerError } from '../core/controller-error.ts';
import type { WarmPlan } from '../core/warm-plan.ts';
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

const CompiledWarmPlan = z.strictObject({
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

const Bundle = z.object({ warmPlans: z._default(z.array(CompiledWarmPlan), []) });

/**
 * The warm plans of a JSON text that `serializePolicies` made. Apart from the policies, because most functions need none.
 * @throws ControllerError `invalid` when they do not fit: the bundle and the code are of different versions.
 */
export function deserializeWarmPlans(text: string): readonly WarmPlan[] {
  const parsed = Bundle.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data.warmPlans;
  const [first] = parsed.error.issues;
  const detail = `${first?.path.join('.') ?? ''}: ${first?.message ?? 'unknown problem'}`;
  throw new ControllerError(
    'invalid',
    `The compiled warm plans do not fit this version: ${detail} (synthesize and deploy again).`,
    { retryable: false },
  );
}
