import type { RDSClient } from '@aws-sdk/client-rds';
import type { RdsReplicasTarget } from '../../../core/target.ts';
import { type Instant, secondsBetween } from '../../../core/time.ts';
import type { MetricSource } from '../../../ports/metric-source.ts';
import type { EndpointMember, Traffic } from '../../../ports/traffic.ts';
import { connectionsOf, type Lag, lagOf, type Readings } from './lag.ts';
import { addressesOf, type Replica } from './replica.ts';
import type { Source } from './source.ts';

/** What the adapter speaks through. */
export interface RdsParts {
  readonly client: RDSClient;
  readonly metrics: MetricSource;
  readonly traffic: Traffic;
}

/** A replica, judged. */
export interface JudgedReplica extends Replica {
  readonly lag: Lag;
  /** Would be ready if it were not on its way out. */
  readonly fit: boolean;
  /** Fit for traffic but for its warm-up. */
  readonly awaitsWarmUp: boolean;
  /** May be handed traffic. */
  readonly ready: boolean;
  /** The most client connections of the last minute, seen since it left traffic where it did; null = unknown. */
  readonly connections: number | null;
}

/** A source, its replicas and its endpoint, at one time. */
export interface Look {
  readonly target: RdsReplicasTarget;
  readonly source: Source;
  readonly replicas: readonly JudgedReplica[];
  /** Who is in the declared endpoint; null = none is declared. */
  readonly members: readonly EndpointMember[] | null;
  readonly now: Instant;
}

/** Puts a source, the readings and the endpoint together. */
export async function lookAt(
  { traffic }: Pick<RdsParts, 'traffic'>,
  target: RdsReplicasTarget,
  source: Source,
  readings: Readings,
  now: Instant,
): Promise<Look> {
  const replicas = source.replicas.map((replica) => judge(replica, target, source, readings, now));
  const known =
    target.endpoint === null ? null : await traffic.members(target.endpoint, addressesOf(source.replicas));
  // A record of the source itself is a fallback that somebody else keeps.
  const members = known?.filter(({ unit }) => unit !== source.id) ?? null;
  return { target, source, replicas, members, now };
}

/**
 * Ready is what may be handed traffic. What is not known to be ready is not: a replica in traffic whose ReplicaLag turns −1 is not
 * ready at once, one whose datapoints stop is not when the last is three minutes old, and the last one in traffic is taken out, too:
 * the application then finds no replica and can ask its source, instead of old data.
 */
function judge(
  replica: Replica,
  target: RdsReplicasTarget,
  source: Source,
  readings: Readings,
  now: Instant,
): JudgedReplica {
  const lag = lagOf(readings, source, replica, target.maxLagSeconds);
  const caughtUp = replica.steady && lag.kind === 'fits';
  const cold = isCold(replica, target, now);
  const staying = replica.leavingSince === null;
  return {
    ...replica,
    lag,
    fit: caughtUp && !cold,
    awaitsWarmUp: staying && caughtUp && cold,
    ready: staying && caughtUp && !cold,
    connections: connectionsOf(readings, replica, replica.leavingSince),
  };
}

function isCold(
  { warmed, createdAt, managed }: Replica,
  { warmUp }: RdsReplicasTarget,
  now: Instant,
): boolean {
  // What others made is theirs to warm.
  if (warmUp === null || warmed || !managed) return false;
  return createdAt === null || secondsBetween(createdAt, now) < warmUp.withinSeconds;
}
