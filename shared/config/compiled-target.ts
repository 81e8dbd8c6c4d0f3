import * as z from 'zod/mini';
import { Count, Positive, Text } from './compiled-strategies.ts';

const Leaving = z.strictObject({ connections: Count, drainSeconds: Count });

const Endpoint = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('route53'),
    hostedZoneId: Text,
    recordName: Text,
    ttlSeconds: Positive,
  }),
  z.strictObject({ kind: z.literal('target-group'), arn: Text, port: Positive }),
]);

const service = { cluster: Text, service: Text };

const Names = z.array(Text);

const passRoles = z.optional(Names);

/** A target as it travels in a bundle. */
export const CompiledTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ecs-service'), ...service }),
  z.strictObject({
    kind: z.literal('rds-replicas'),
    source: Text,
    classes: Names,
    zones: Names,
    maxLagSeconds: Positive,
    warmUp: z.nullable(z.strictObject({ plan: Text, withinSeconds: Positive })),
    leaving: Leaving,
    endpoint: z.nullable(Endpoint),
    passRoles,
  }),
  z.strictObject({
    kind: z.literal('aurora-readers'),
    cluster: Text,
    classes: Names,
    zones: Names,
    leaving: Leaving,
  }),
  z.strictObject({ kind: z.literal('elasticache-replicas'), replicationGroup: Text }),
  z.strictObject({
    kind: z.literal('elasticache-shards'),
    replicationGroup: Text,
    maxMemoryPercent: Positive,
  }),
  z.strictObject({
    kind: z.literal('ecs-task-size'),
    ...service,
    passRoles,
    ladder: z.array(z.strictObject({ cpu: Positive, memoryMiB: Positive })),
    immediate: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('rds-instance-class'),
    instance: Text,
    ladder: Names,
    immediate: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('elasticache-node-type'),
    replicationGroup: Text,
    ladder: Names,
    immediate: z.boolean(),
  }),
]);
