import type { RdsReplicasTarget } from '../../shared/core/target.ts';
import { aReplicasTarget as anyReplicas } from './database-policies.ts';

/** Replicas of `orders` without an endpoint: empty with 5 connections, or after 10 minutes. */
export const aReplicasTarget = (overrides: Partial<RdsReplicasTarget> = {}): RdsReplicasTarget =>
  anyReplicas({ leaving: { connections: 5, drainSeconds: 600 }, ...overrides });

/** The name `read.orders.test`, in a zone of its own. */
export const A_RECORD = {
  kind: 'route53',
  hostedZoneId: 'Z1',
  recordName: 'read.orders.test',
  ttlSeconds: 60,
} as const;
