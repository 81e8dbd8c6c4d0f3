import * as z from 'zod';
import { mapping, text } from './mapping.ts';

const ecsName = (what: string) =>
  text(
    /^[A-Za-z0-9_-]{1,255}$/,
    `the name of an ECS ${what}`,
    'up to 255 letters, digits, "_" and "-"; the name, not the ARN',
  );

/** Name of an ECS cluster. */
export const ClusterName = ecsName('cluster').describe('Name of the ECS cluster (not its ARN).');

/** Name of an ECS service. */
export const ServiceName = ecsName('service').describe(
  'Name of the ECS service in that cluster (not its ARN).',
);

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
const rdsIdentifier = (what: string) =>
  text(
    /^(?!.*--)[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    `the identifier of ${what}`,
    'up to 63 lower-case letters, digits and single "-"; begin with a letter; the identifier, not the ARN',
  );

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html */
const ReplicationGroup = text(
  /^(?!.*--)[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
  'the identifier of a replication group',
  'up to 40 lower-case letters, digits and single "-"; begin with a letter; the identifier, not the ARN',
).describe('Identifier of the Valkey or Redis replication group (not its ARN).');

const InstanceClass = text(
  /^db\.[a-z0-9-]+\.[a-z0-9]+$/,
  'a class of a database instance',
  'for example db.r6g.large',
);

const NodeType = text(
  /^cache\.[a-z0-9-]+\.[a-z0-9]+$/,
  'a type of a cache node',
  'for example cache.r7g.large',
);

const Zone = text(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'an availability zone', 'for example eu-central-1a');

const classes = z
  .array(InstanceClass)
  .min(1)
  .max(10)
  .optional()
  .describe(
    'Instance classes to try in this order, when AWS has no capacity for one. Default: the class of the source or writer.',
  );

const zones = z
  .array(Zone)
  .min(1)
  .max(6)
  .optional()
  .describe('Availability zones to spread over. Default: those of the subnet group.');

const leaving = mapping({
  connections: z
    .int()
    .min(0)
    .max(100_000)
    .optional()
    .describe('A replica is deleted when it has at most so many client connections. Default 0.'),
  drainSeconds: z
    .int()
    .min(0)
    .max(86_400)
    .optional()
    .describe('It is deleted at the latest when it has been out of traffic for so long. Default 300.'),
})
  .optional()
  .describe('How a replica leaves: out of traffic first, then deleted.');

const warmUp = mapping({
  plan: z
    .string()
    .min(1)
    .max(253)
    .describe('The name of a WarmPlan document that runs against the new replica.'),
  withinSeconds: z
    .int()
    .min(60)
    .max(86_400)
    .optional()
    .describe('After so long a replica counts as ready without it. Default 1800.'),
})
  .optional()
  .describe('What must have run against a new replica before it gets traffic: its blocks are loaded lazily.');

const endpoint = mapping({
  route53: mapping({
    hostedZoneId: text(
      /^Z[A-Z0-9]{3,31}$/,
      'the id of a hosted zone',
      'for example Z0123456789ABCDEFGHIJ',
    ).describe('The id of the hosted zone.'),
    recordName: text(
      /^(?=.{1,253}$)([a-z0-9_*-]{1,63}\.)+[a-z0-9-]{2,63}$/,
      'the name of a record',
      'lower case, fully qualified, without a dot at the end: replicas.db.example.com',
    ).describe('The name under which clients find the replicas: a weighted CNAME record for each of them.'),
    ttlSeconds: z.int().min(1).max(300).optional().describe('Default 5.'),
  })
    .optional()
    .describe('A weighted CNAME record for each replica under one name.'),
  targetGroup: mapping({
    arn: text(
      /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[^/]+\/[0-9a-f]+$/,
      'the ARN of a target group',
      'arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID, with targets of type ip',
    ).describe('The ARN of the target group.'),
    port: z.int().min(1).max(65_535).optional().describe('Default 5432.'),
  })
    .optional()
    .describe('A target of type ip for each replica.'),
})
  .optional()
  .describe(
    'Where clients find the replicas: one of route53 and targetGroup. Default: none, and clients find them by themselves.',
  );

const passRoles = (what: string) =>
  z
    .array(
      text(
        /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
        'the ARN of a role',
        'arn:aws:iam::ACCOUNT:role/NAME, without a wildcard',
      ),
    )
    .min(1)
    .max(20)
    .optional()
    .describe(what);

const immediate = z
  .boolean()
  .optional()
  .describe(
    'true: changed at any time. false (default): only while a window with maintenance: true is open.',
  );

const ladder = <T extends z.ZodType>(rung: T, what: string) =>
  z
    .array(rung)
    .min(2)
    .max(20)
    .describe(`${what}, the smallest first. The size of the target is a place in this list, counted from 1.`);

/** The resource that a policy resizes. */
export const TargetDocument = z
  .discriminatedUnion('kind', [
    mapping({
      kind: z.literal('ecs-service').describe('An ECS service; its size is the desired count of tasks.'),
      cluster: ClusterName,
      service: ServiceName,
    }),
    mapping({
      kind: z
        .literal('rds-replicas')
        .describe(
          'Read replicas of an RDS for MySQL, MariaDB or PostgreSQL instance; the size is their number.',
        ),
      source: rdsIdentifier('a database instance').describe(
        'Identifier of the source instance (not its ARN).',
      ),
      classes,
      zones,
      maxLagSeconds: z
        .int()
        .min(1)
        .max(3600)
        .optional()
        .describe('A replica that lags behind its source by more gets no traffic. Default 30.'),
      warmUp,
      leaving,
      endpoint,
      passRoles: passRoles(
        'Roles for enhanced monitoring that the source has and new replicas get: Plimsoll may pass exactly these. Default: rds-monitoring-role, which the console of RDS makes.',
      ),
    }),
    mapping({
      kind: z
        .literal('aurora-readers')
        .describe('Readers of an Aurora cluster; the size is their number, without the writer.'),
      cluster: rdsIdentifier('a database cluster').describe('Identifier of the cluster (not its ARN).'),
      classes,
      zones,
      leaving,
    }),
    mapping({
      kind: z
        .literal('elasticache-replicas')
        .describe('Replicas of a Valkey or Redis replication group; the size is their number in each shard.'),
      replicationGroup: ReplicationGroup,
    }),
    mapping({
      kind: z
        .literal('elasticache-shards')
        .describe('Shards of a Valkey or Redis replication group in cluster mode; the size is their number.'),
      replicationGroup: ReplicationGroup,
      maxMemoryPercent: z
        .int()
        .min(10)
        .max(95)
        .optional()
        .describe(
          'Shards go only if all data then fill at most this percent of the memory that is left. Default 75.',
        ),
    }),
    mapping({
      kind: z.literal('ecs-task-size').describe('The size of the tasks of an ECS service.'),
      cluster: ClusterName,
      service: ServiceName,
      ladder: ladder(
        mapping({
          cpu: z.int().min(128).max(196_608).describe('CPU units; 1024 = 1 vCPU.'),
          memoryMiB: z.int().min(128).max(1_048_576).describe('Memory in MiB.'),
        }),
        'Task sizes',
      ),
      immediate,
      passRoles: passRoles(
        'The task role and the execution role of the task definitions: a new revision has them too, and Plimsoll may pass exactly these. Default: none.',
      ),
    }),
    mapping({
      kind: z.literal('rds-instance-class').describe('The class of a database instance.'),
      instance: rdsIdentifier('a database instance').describe('Identifier of the instance (not its ARN).'),
      ladder: ladder(InstanceClass, 'Instance classes'),
      immediate,
    }),
    mapping({
      kind: z
        .literal('elasticache-node-type')
        .describe('The node type of a Valkey or Redis replication group.'),
      replicationGroup: ReplicationGroup,
      ladder: ladder(NodeType, 'Node types'),
      immediate,
    }),
  ])
  .describe('The resource to resize. One policy per resource and size.');

/** A target as read from a document. */
export type TargetDocument = z.infer<typeof TargetDocument>;
