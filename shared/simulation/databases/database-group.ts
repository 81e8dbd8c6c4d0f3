import { RESOURCE_TAGS, type TrafficEndpoint, type WarmUp } from '../../core/target.ts';
import { type Instant, secondsBetween } from '../../core/time.ts';
import type { SimulatedRecords } from '../traffic/simulated-records.ts';
import type { SimulatedTargetGroups } from '../traffic/simulated-target-groups.ts';
import type { DatabaseFleet } from './database-fleet.ts';
import type { DatabaseInstance } from './database-instance.ts';
import type { TrafficCounts } from './traffic-counters.ts';

/** A source with its replicas, or a cluster: nodes that hold the same data. */
export interface DatabaseGroup {
  readonly kind: 'replicas' | 'cluster';
  /** Identifier of the source instance or the cluster. */
  readonly id: string;
  /** Null = the application finds the nodes by itself. */
  readonly endpoint: TrafficEndpoint | null;
  readonly maxLagSeconds: number;
  readonly warmUp: WarmUp | null;
  /** vCPUs of the class that `queriesPerNode` is said of. */
  readonly baseVcpus: number;
  /** When the last write came: what tells an idle source. */
  lastWriteAt: Instant;
}

/** Where reads of a group go: a node, or a name behind which there is none any more. */
export interface ReadShare {
  readonly instance: DatabaseInstance | null;
  /** Share (0..1) of the reads. */
  readonly share: number;
}

/** Who writes: the source, or the writer of the cluster; null = it is gone. */
export function writerOf(group: DatabaseGroup, fleet: DatabaseFleet): DatabaseInstance | null {
  const id = group.kind === 'cluster' ? (fleet.clusters.get(group.id)?.writer ?? '') : group.id;
  return fleet.instances.get(id) ?? null;
}

/** The replicas or readers of a group, those on their way in and out included. */
export function readersOf(group: DatabaseGroup, fleet: DatabaseFleet): readonly DatabaseInstance[] {
  if (group.kind === 'replicas') return fleet.replicasOf(group.id);
  const writer = fleet.clusters.get(group.id)?.writer;
  return fleet.membersOf(group.id).filter(({ id }) => id !== writer);
}

/** Whoever was made for a group, promoted replicas included. */
export const madeFor = (group: DatabaseGroup, fleet: DatabaseFleet): readonly DatabaseInstance[] =>
  [...fleet.instances.values()].filter(({ home }) => home === group.id);

/** Route 53 and load balancers, as far as databases are behind them. */
export interface TrafficPlane {
  readonly records: SimulatedRecords;
  readonly targetGroups: SimulatedTargetGroups;
}

/** Where the reads of a group go now; to the writer where there is nobody else. */
export function readSharesOf(
  group: DatabaseGroup,
  fleet: DatabaseFleet,
  plane: TrafficPlane,
  now: Instant,
): readonly ReadShare[] {
  const weights = weightsOf(group, fleet, plane, now);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  if (total === 0) return [{ instance: writerOf(group, fleet), share: 1 }];
  return weights.map(([instance, weight]) => ({ instance, share: weight / total }));
}

type Weighted = readonly (readonly [DatabaseInstance | null, number])[];

function weightsOf(
  group: DatabaseGroup,
  fleet: DatabaseFleet,
  { records, targetGroups }: TrafficPlane,
  now: Instant,
): Weighted {
  const { kind, endpoint } = group;
  if (endpoint === null) {
    // The reader endpoint of Aurora has every available reader; an application that looks by itself heeds the tag.
    const found = readersOf(group, fleet).filter(
      ({ status, tags }) =>
        status === 'available' && (kind === 'cluster' || !tags.has(RESOURCE_TAGS.leaving)),
    );
    return found.map((instance) => [instance, 1]);
  }
  const known = madeFor(group, fleet);
  if (endpoint.kind === 'route53') {
    return [...records.weights(endpoint.hostedZoneId, endpoint.recordName)].map(([host, weight]) => [
      known.find(({ address }) => address.host === host) ?? null,
      weight,
    ]);
  }
  return targetGroups
    .health(endpoint.arn, now)
    .filter(({ state }) => state === 'healthy')
    .map(({ id }) => [known.find(({ address }) => address.ip === id) ?? null, 1]);
}

/** Why a replica or reader is not ready for traffic; null = it is. */
export function unreadiness(
  { kind, id, maxLagSeconds, warmUp }: DatabaseGroup,
  instance: DatabaseInstance | null,
  now: Instant,
): keyof TrafficCounts['notReady'] | null {
  if (instance === null || instance.status !== 'available') return 'unavailable';
  if (kind === 'cluster' || instance.id === id) return null;
  if (instance.replicaOf !== id) return 'detached';
  const { real } = instance.lag;
  if (real === null || real > maxLagSeconds) return 'lagging';
  if (warmUp === null || instance.tags.has(RESOURCE_TAGS.warmed) || instance.availableAt === null)
    return null;
  return secondsBetween(instance.availableAt, now) < warmUp.withinSeconds ? 'warming' : null;
}
