import * as z from 'zod/mini';
import { eventBridgeEvent, name } from './event-bridge.ts';

/** The calls that change the size of a replication group. */
export const RESIZING_CALLS = [
  'DecreaseReplicaCount',
  'IncreaseReplicaCount',
  'ModifyReplicationGroup',
  'ModifyReplicationGroupShardConfiguration',
] as const;

const detail = z.object(
  {
    eventName: z.enum(RESIZING_CALLS, `must be one of ${RESIZING_CALLS.join(', ')}`),
    requestParameters: z.object(
      { replicationGroupId: name },
      'must be an object with replicationGroupId: the call was refused, or is of something else',
    ),
    /** Set on a call that was refused. */
    errorCode: z.optional(z.string('must be a string')),
  },
  'must be an object with eventName and requestParameters',
);

/**
 * A call that changes a replication group, as CloudTrail tells EventBridge of it. ElastiCache itself tells EventBridge only of
 * serverless caches: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-events.html
 */
export const elastiCacheCall = eventBridgeEvent('aws.elasticache', ['AWS API Call via CloudTrail'], detail);
