import type { Policy } from '../../core/policy.ts';
import {
  type AuroraReadersTarget,
  type RdsInstanceClassTarget,
  type RdsReplicasTarget,
  RESOURCE_TAGS,
} from '../../core/target.ts';
import type { Instant } from '../../core/time.ts';
import type { Demand, LoadModel } from '../demand.ts';
import { DatabaseCluster } from './database-cluster.ts';
import type { DatabaseFleet } from './database-fleet.ts';
import type { DatabaseGroup, TrafficPlane } from './database-group.ts';
import type { DatabaseInstance } from './database-instance.ts';
import { instanceClassOf } from './instance-class.ts';

/** How a database of the simulated account differs from what it is by default. */
export interface DatabaseOverride {
  /** By default `postgres`, for a cluster `aurora-postgresql`. */
  readonly engine?: string | undefined;
  /** By default `db.r6g.large`, or the lowest rung of a policy's ladder. */
  readonly instanceClass?: string | undefined;
  /** By default what the class gives. */
  readonly maxConnections?: number | undefined;
  /** Days; by default 7. Without backups there can be no replica. */
  readonly backupRetention?: number | undefined;
  /** Zones of the subnet group; by default `a`, `b` and `c` of the region. */
  readonly zones?: readonly string[] | undefined;
  /** Replicas that somebody else made; by default none. */
  readonly unmanagedReplicas?: number | undefined;
}

const DEFAULT_CLASS = 'db.r6g.large';
const BACKUP_DAYS = 7;
/** The share of what the nodes can do that the load takes of them at the start. */
const COMFORTABLE = 0.7;

/** Kinds of targets that are many nodes. */
const GROUPED: readonly Policy['target']['kind'][] = ['rds-replicas', 'aurora-readers'];

/** What is made, and of what. */
export interface Provisioning {
  readonly policies: readonly Policy[];
  readonly overrides: Readonly<Record<string, DatabaseOverride>>;
  readonly fleet: DatabaseFleet;
  readonly plane: TrafficPlane;
  readonly model: LoadModel;
  readonly demand: Demand;
  readonly start: Instant;
}

/** Makes the databases that policies name, in a steady state: available, caught up, warm and in traffic. */
export function provision(parts: Provisioning): readonly DatabaseGroup[] {
  const groups: DatabaseGroup[] = [];
  for (const { target, bounds, name } of parts.policies) {
    if (target.kind === 'rds-replicas') {
      groups.push(group(parts, target, 'replicas', target.source));
      provisionReplicas(parts, target, { bounds, policy: name });
    } else if (target.kind === 'aurora-readers') {
      groups.push(group(parts, target, 'cluster', target.cluster));
      provisionCluster(parts, target, { bounds, policy: name });
    }
  }
  // Instances of their own come last: most of them are a source or a member that is there already.
  for (const { target } of parts.policies) {
    if (target.kind !== 'rds-instance-class' || parts.fleet.instances.has(target.instance)) continue;
    instance(parts, target.instance, { like: rungOf(target) });
    groups.push(group(parts, null, 'replicas', target.instance));
  }
  return groups;
}

/** Zones of the subnet group of a source, a cluster or one of their members. */
export const zonesOf = (
  overrides: Provisioning['overrides'],
  fleet: DatabaseFleet,
  id: string,
): readonly string[] =>
  overrides[id]?.zones ?? ['a', 'b', 'c'].map((letter) => `${fleet.identity.region}${letter}`);

interface Sizing {
  readonly bounds: Policy['bounds'];
  readonly policy: string;
}

const rungOf = ({ ladder }: RdsInstanceClassTarget): string => ladder[0] ?? DEFAULT_CLASS;

function classOf({ policies, overrides }: Provisioning, id: string, like: string): string {
  const ladder = policies.find(
    ({ target }) => target.kind === 'rds-instance-class' && target.instance === id,
  )?.target;
  const rung = ladder?.kind === 'rds-instance-class' ? rungOf(ladder) : like;
  return overrides[id]?.instanceClass ?? rung;
}

function group(
  parts: Provisioning,
  target: RdsReplicasTarget | AuroraReadersTarget | null,
  kind: DatabaseGroup['kind'],
  id: string,
): DatabaseGroup {
  const replicas = target?.kind === 'rds-replicas' ? target : null;
  return {
    ...{ kind, id },
    endpoint: replicas?.endpoint ?? null,
    maxLagSeconds: replicas?.maxLagSeconds ?? Number.POSITIVE_INFINITY,
    warmUp: replicas?.warmUp ?? null,
    baseVcpus: instanceClassOf(classOf(parts, id, DEFAULT_CLASS))?.vcpus ?? 2,
    lastWriteAt: parts.start,
  };
}

/** Nodes that the reads of the start need: groups share them evenly. */
function sizeOf({ policies, model, demand }: Provisioning, { bounds }: Sizing): number {
  const groups = policies.filter(({ target }) => GROUPED.includes(target.kind)).length;
  const needed = Math.ceil(demand.reads / groups / (model.queriesPerNode * COMFORTABLE));
  return Math.min(bounds.max, Math.max(bounds.min, needed));
}

function instance(
  parts: Provisioning,
  id: string,
  how: {
    readonly like: string;
    readonly replicaOf?: string;
    readonly cluster?: string;
    readonly engine?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly place?: number;
  },
): DatabaseInstance {
  const { overrides, fleet, start } = parts;
  const owner = how.replicaOf ?? how.cluster ?? id;
  const own = { ...overrides[owner], ...overrides[id] };
  const zones = zonesOf(overrides, fleet, owner);
  const made = fleet.add({
    id,
    engine: own.engine ?? how.engine ?? 'postgres',
    instanceClass: overrides[id]?.instanceClass ?? classOf(parts, id, how.like),
    zone: zones[(how.place ?? 0) % zones.length] ?? '',
    replicaOf: how.replicaOf ?? null,
    cluster: how.cluster ?? null,
    backupRetention: how.replicaOf === undefined ? (own.backupRetention ?? BACKUP_DAYS) : 0,
    maxConnections: own.maxConnections ?? null,
    tags: how.tags ?? {},
    promotionTier: 1,
    // Long before the start: nothing is cold any more.
    createdAt: (start - 30 * 86_400_000) as Instant,
  });
  made.availableAt = made.createdAt;
  return made;
}

const managedBy = (policy: string) => ({ [RESOURCE_TAGS.managed]: 'true', [RESOURCE_TAGS.policy]: policy });

function provisionReplicas(parts: Provisioning, target: RdsReplicasTarget, sizing: Sizing): void {
  const { source: id, endpoint } = target;
  const source = instance(parts, id, { like: DEFAULT_CLASS });
  const unmanaged = parts.overrides[id]?.unmanagedReplicas ?? 0;
  const size = Math.max(unmanaged, sizeOf(parts, sizing));
  const ours = target.warmUp === null ? {} : { [RESOURCE_TAGS.warmed]: new Date(parts.start).toISOString() };
  const replicas = Array.from({ length: size }, (_, place) =>
    instance(parts, `${id}-replica-${place + 1}`, {
      like: target.classes[0] ?? source.instanceClass,
      replicaOf: id,
      tags: { ...ours, ...(place < unmanaged ? {} : managedBy(sizing.policy)) },
      place: place + 1,
    }),
  );
  const { records, targetGroups } = parts.plane;
  if (endpoint?.kind === 'route53') {
    records.createZone(endpoint.hostedZoneId);
    for (const replica of replicas) records.admit(endpoint, { unit: replica.id, host: replica.address.host });
  } else if (endpoint?.kind === 'target-group') {
    targetGroups.create(endpoint.arn, endpoint.port);
    const long = (parts.start - 3_600_000) as Instant;
    targetGroups.register(
      endpoint.arn,
      replicas.map(({ address }) => ({ id: address.ip })),
      long,
    );
  }
}

function provisionCluster(parts: Provisioning, target: AuroraReadersTarget, sizing: Sizing): void {
  const { cluster: id } = target;
  const engine = 'aurora-postgresql';
  const writer = instance(parts, `${id}-writer`, { like: DEFAULT_CLASS, cluster: id, engine });
  const zones = zonesOf(parts.overrides, parts.fleet, id);
  const cluster = { id, engine: writer.engine, zones, writer: writer.id, createdAt: writer.createdAt };
  parts.fleet.clusters.set(id, new DatabaseCluster(cluster));
  const unmanaged = parts.overrides[id]?.unmanagedReplicas ?? 0;
  for (let place = 1; place <= Math.max(unmanaged, sizeOf(parts, sizing)); place += 1) {
    const like = target.classes[0] ?? writer.instanceClass;
    const tags = place <= unmanaged ? {} : managedBy(sizing.policy);
    instance(parts, `${id}-reader-${place}`, { like, cluster: id, engine, tags, place });
  }
}
