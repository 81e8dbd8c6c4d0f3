import * as z from 'zod';
import { Name } from './common.ts';
import { Duration } from './duration.ts';
import { mapping, text } from './mapping.ts';
import { API_VERSION } from './scaling-policy.ts';

const HOST = /^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,252}[a-zA-Z0-9])?$/;

const SecretArn = text(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+$/,
  'the ARN of a secret',
  'arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX; the ARN, so that exactly this secret may be read',
);

const Host = text(HOST, 'the name of a host', 'the DNS name alone, without scheme and port');
const column = text(
  /^[A-Za-z_][A-Za-z0-9_$]{0,62}$/,
  'the name of a column',
  'letters, digits and "_", up to 63',
);
const whole = (least: number, most: number) => z.int().min(least).max(most);

const CacheDocument = mapping({
  endpoint: text(
    /^[a-zA-Z0-9.-]{1,253}:\d{1,5}$/,
    'the address of a cache',
    'host:port, for example my-cache.abc123.ng.0001.euc1.cache.amazonaws.com:6379',
  ).describe('host:port of the primary or, in cluster mode, of the configuration endpoint.'),
  tls: z.boolean().optional().describe('Encryption in transit. Default true.'),
  clusterMode: z.boolean().optional().describe('Cluster mode enabled. Default false.'),
  secretArn: SecretArn.optional().describe(
    'AUTH: a secret of Secrets Manager; the password alone, or JSON with password and username.',
  ),
  iam: mapping({
    user: text(
      /^[a-z][a-z0-9-]{0,39}$/,
      'an ElastiCache user',
      'the id of a user with IAM authentication',
    ).describe('The user; its name and its id are the same.'),
    cacheName: text(
      /^[a-z][a-z0-9-]{0,39}$/,
      'the name of a cache',
      'the identifier of the replication group',
    ).describe('The identifier of the replication group, not its endpoint.'),
  })
    .optional()
    .describe('Instead of a secret: IAM authentication (needs tls).'),
}).describe('The cache that is filled.');

const WhenDocument = mapping({
  schedules: z
    .array(
      mapping({
        every: Duration.optional().describe('Every so often: 30m. Whole minutes.'),
        cron: z.string().min(1).max(120).optional().describe('Or a cron expression of five fields.'),
        timeZone: z.string().min(1).max(64).optional().describe('IANA time zone of cron. Default UTC.'),
      }),
    )
    .min(1)
    .max(20)
    .optional()
    .describe('Times at which it runs.'),
  onScaleOutOf: z
    .array(Name)
    .max(50)
    .optional()
    .describe('Policies of cache tiers: it runs when one of them has been scaled out.'),
  onDeploymentOf: z
    .array(Name)
    .max(50)
    .optional()
    .describe('Policies of ECS services: it runs when a deployment of one has ended.'),
})
  .optional()
  .describe('When it runs by itself; by hand it can be run at any time.');

const NetworkDocument = mapping({
  subnetIds: z
    .array(text(/^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet', 'for example subnet-0123456789abcdef0'))
    .min(1)
    .max(16)
    .describe('Subnets of one VPC.'),
  securityGroupIds: z
    .array(text(/^sg-[0-9a-f]{8,17}$/, 'the id of a security group', 'for example sg-0123456789abcdef0'))
    .min(1)
    .max(5)
    .describe('What the function may reach is theirs to say.'),
}).describe(
  'Where the function runs: private subnets from which the cache, the database and the AWS API are reached. One network for all plans.',
);

const LimitsDocument = mapping({
  queriesPerSecond: z.number().positive().max(1000).optional().describe('Over all items. Default 20.'),
  concurrency: whole(1, 100).optional().describe('Questions at once. Default 4.'),
  seconds: whole(1, 86_400).optional().describe('The whole run with its continuations. Default 3600.'),
  keys: whole(1, 10_000_000).optional().describe('Keys of a run. Default 100000.'),
  valueBytes: whole(1, 8_388_608).optional().describe('One value. Default 1048576.'),
  keyBytes: whole(1, 4096).optional().describe('One key. Default 512.'),
})
  .optional()
  .describe('What a run may take.');

const writes = {
  name: text(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'the name of an item',
    'up to 63 lower-case letters, digits and "-"',
  ).describe('Unique in its plan.'),
  key: text(
    /^[\x21-\x7e]{1,512}$/,
    'a key template',
    'printable characters without spaces; columns in braces: template:{id}',
  )
    .optional()
    .describe('The key of a row, with columns in braces: template:{id}. Absent = nothing is written.'),
  columns: z
    .array(column)
    .min(1)
    .max(100)
    .optional()
    .describe('Columns of the value; of one alone the value is that. Default: the whole row.'),
  codec: z
    .enum(['json', 'raw'])
    .optional()
    .describe('json: the value as JSON. raw: text or bytes as they are. Default json, for http raw.'),
  ttl: Duration.optional().describe('How long a key lives. Needed with key.'),
  jitterPercent: whole(0, 90)
    .optional()
    .describe('A random part of the ttl, up to so much, is taken off. Default 10.'),
};

const SqlDocument = mapping({
  ...writes,
  sql: mapping({
    hosts: mapping({
      replica: Host.optional().describe('Asked first.'),
      primary: Host.optional().describe('Asked where the replica cannot be reached, or where there is none.'),
    }).describe('One of the two at least.'),
    port: whole(1, 65_535).optional().describe('Default 5432.'),
    database: z.string().min(1).max(63).describe('Name of the database.'),
    user: z.string().min(1).max(63).optional().describe('Who logs in, where the secret names nobody.'),
    secretArn: SecretArn.optional().describe('The login, as RDS writes it: JSON with username and password.'),
    iam: mapping({
      user: z.string().min(1).max(63).describe('The database user that has rds_iam.'),
      resourceIds: z
        .array(
          text(
            /^(db|cluster|prx)-[A-Za-z0-9]+$/,
            'a resource id',
            'the DbiResourceId or DbClusterResourceId, not the identifier',
          ),
        )
        .min(1)
        .max(10)
        .describe('Of the hosts: the only databases that the function may log in to.'),
    })
      .optional()
      .describe('Instead of a password: a token that IAM signs (needs tls).'),
    tls: z.boolean().optional().describe('Default true.'),
    statementTimeout: Duration.optional().describe('Default 10s.'),
    query: z.string().min(1).max(20_000).describe('A SELECT; the session cannot write.'),
    by: z
      .array(column)
      .min(1)
      .max(5)
      .optional()
      .describe('Columns that together tell rows apart: the result is read in pages, in their order.'),
    maxRows: whole(1, 10_000_000).optional().describe('More rows are refused. Default 1000.'),
    each: mapping({
      query: z.string().min(1).max(20_000).describe('Asked for each row; $1, $2 … are the parameters.'),
      parameters: z.array(column).min(1).max(10).describe('Columns of the row.'),
      rows: z.enum(['one', 'many']).optional().describe('one: the first row. many: a list. Default one.'),
    })
      .optional()
      .describe('The value of a row, by a query of its own.'),
  }).describe('Rows of PostgreSQL.'),
});

const HttpDocument = mapping({
  ...writes,
  http: mapping({
    urls: z.array(z.string().min(1).max(2048)).min(1).max(1000).optional().describe('Whole URLs …'),
    url: z.string().min(1).max(2048).optional().describe('Or a template with columns of list in braces.'),
    list: z
      .array(z.record(z.string().min(1).max(63), z.union([z.string().max(1024), z.number()])))
      .min(1)
      .max(10_000)
      .optional()
      .describe('What the template is filled with.'),
    headersSecretArn: SecretArn.optional().describe('A secret that is JSON: header → value.'),
    expectedStatus: whole(100, 599).optional().describe('Default 200.'),
    timeout: Duration.optional().describe('Default 10s.'),
  }).describe('Answers to GET. The row is the list entry, and url.'),
});

const DynamoDocument = mapping({
  ...writes,
  dynamodb: mapping({
    table: text(
      /^[A-Za-z0-9_.-]{3,255}$/,
      'the name of a table',
      '3 to 255 letters, digits, "_", "-" and "."',
    ).describe('Name of the table.'),
    index: text(
      /^[A-Za-z0-9_.-]{3,255}$/,
      'the name of an index',
      '3 to 255 letters, digits, "_", "-" and "."',
    )
      .optional()
      .describe('Name of an index of it.'),
    keyCondition: z.string().min(1).max(4096).describe('As in Query: pk = :pk.'),
    names: z
      .record(z.string().regex(/^#[A-Za-z0-9_]+$/), z.string().min(1).max(255))
      .optional()
      .describe('Attribute names that stand for reserved words: {"#s": state}.'),
    values: z
      .record(z.string().regex(/^:[A-Za-z0-9_]+$/), z.union([z.string(), z.number(), z.boolean()]))
      .describe('Values of the key condition: {":pk": popular}.'),
    maxRows: whole(1, 10_000_000).optional().describe('More items are refused. Default 1000.'),
    maxCapacityUnits: whole(1, 1_000_000).optional().describe('Read capacity units a run. Default 1000.'),
  }).describe('Items of a DynamoDB table, by Query.'),
});

/** A source of a plan: exactly one of `sql`, `http` and `dynamodb`. */
export const WarmItemDocument = z
  .union([SqlDocument, HttpDocument, DynamoDocument])
  .describe('A source: exactly one of sql, http and dynamodb.');

/** A plan that fills a cache, or the memory of new replicas. */
export const WarmPlanDocument = mapping({
  apiVersion: z.literal(API_VERSION).describe('The version of this document.'),
  kind: z.literal('WarmPlan').describe('What fills a cache before traffic comes.'),
  metadata: mapping({ name: Name }).describe('What the plan is called.'),
  spec: mapping({
    cache: CacheDocument.optional().describe('Absent for a plan that only warms up new replicas.'),
    when: WhenDocument,
    network: NetworkDocument,
    limits: LimitsDocument,
    connections: whole(1, 50)
      .optional()
      .describe(
        'Connections to a database that a run opens at most: its part of the connection budget. Default 2.',
      ),
    mode: z
      .enum(['only-missing', 'refresh'])
      .optional()
      .describe(
        'only-missing (default): a key that has a value keeps it. refresh: what was read replaces it.',
      ),
    sampleSeconds: whole(0, 60)
      .optional()
      .describe(
        'Hits and misses of the cache are counted for so long before and after a run. Default 5; 0 = not.',
      ),
    items: z.array(WarmItemDocument).min(1).max(50).describe('What is warmed, in this order.'),
  }).describe('The plan.'),
}).meta({ title: 'WarmPlan', description: 'Fills a cache, or warms up new replicas.' });

/** A plan as read. */
export type WarmPlanDocument = z.infer<typeof WarmPlanDocument>;
/** An item as read. */
export type WarmItemDocument = z.infer<typeof WarmItemDocument>;
/** An item of PostgreSQL as read. */
export type SqlItemDocument = z.infer<typeof SqlDocument>;
/** An item of HTTP as read. */
export type HttpItemDocument = z.infer<typeof HttpDocument>;
/** An item of DynamoDB as read. */
export type DynamoItemDocument = z.infer<typeof DynamoDocument>;
