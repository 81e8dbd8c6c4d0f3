import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import { RESOURCE_TAGS } from '../../../core/target.ts';
import { type Instant, instant } from '../../../core/time.ts';
import { isBroken, type Standing, sameIdentifier, standingOf, tagOf } from '../rds-descriptions.ts';

/** One reader of a cluster, as the adapter sees it. */
export interface Reader {
  readonly id: string;
  readonly arn: string;
  readonly status: string;
  readonly standing: Standing;
  readonly zone: string | undefined;
  readonly host: string | undefined;
  readonly createdAt: Instant | null;
  /** Whether Plimsoll created it: nothing else is ever deleted. */
  readonly managed: boolean;
  /** Whether it must never be chosen to go. */
  readonly isProtected: boolean;
  /** Since when it is on its way out; null = it stays. */
  readonly leaving: Instant | null;
}

/** A cluster with its writer and its readers. */
export interface ClusterView {
  readonly id: string;
  readonly engine: string;
  readonly status: string;
  /** Zones that a reader can be created in; empty = unknown, and AWS chooses. */
  readonly zones: readonly string[];
  /** The only writer, with its description; null while there is none, or more than one. */
  readonly writer: { readonly reader: Reader; readonly instance: DBInstance } | null;
  readonly readers: readonly Reader[];
}

/** Puts the description of a cluster and those of its instances together. A member without an instance is on its way out. */
export function clusterView(cluster: DBCluster, instances: readonly DBInstance[]): ClusterView {
  const id = cluster.DBClusterIdentifier ?? '';
  const writers = (cluster.DBClusterMembers ?? []).filter(({ IsClusterWriter }) => IsClusterWriter === true);
  const isWriter = (instance: DBInstance) =>
    writers.some((member) =>
      sameIdentifier(member.DBInstanceIdentifier, instance.DBInstanceIdentifier ?? ''),
    );
  const own = instances.filter(({ DBClusterIdentifier }) => sameIdentifier(DBClusterIdentifier, id));
  const writer = writers.length === 1 ? own.find(isWriter) : undefined;
  return {
    id,
    engine: cluster.Engine ?? '',
    status: cluster.Status ?? 'unknown',
    zones: zonesOf(cluster, writer),
    writer: writer === undefined ? null : { reader: readerOf(writer), instance: writer },
    readers: own.filter((instance) => !isWriter(instance)).map(readerOf),
  };
}

// The zones of the cluster are those of its storage; a reader also needs a subnet there.
function zonesOf({ AvailabilityZones = [] }: DBCluster, writer: DBInstance | undefined): readonly string[] {
  const subnets = (writer?.DBSubnetGroup?.Subnets ?? []).flatMap(
    ({ SubnetAvailabilityZone }) => SubnetAvailabilityZone?.Name ?? [],
  );
  return subnets.length === 0
    ? AvailabilityZones
    : AvailabilityZones.filter((zone) => subnets.includes(zone));
}

/** Reads the description of one instance. */
export function readerOf(instance: DBInstance): Reader {
  const status = instance.DBInstanceStatus ?? 'unknown';
  const leaving = tagOf(instance, RESOURCE_TAGS.leaving);
  return {
    id: instance.DBInstanceIdentifier ?? '',
    arn: instance.DBInstanceArn ?? '',
    status,
    standing: standingOf(status),
    zone: instance.AvailabilityZone,
    host: instance.Endpoint?.Address,
    createdAt:
      instance.InstanceCreateTime === undefined ? null : instant(instance.InstanceCreateTime.getTime()),
    managed: tagOf(instance, RESOURCE_TAGS.managed) === 'true',
    isProtected: tagOf(instance, RESOURCE_TAGS.protected) === 'true' || instance.DeletionProtection === true,
    leaving: leaving === undefined ? null : instantOf(leaving),
  };
}

// A mark that nobody can read is a mark all the same, and as young as can be: no drain time has passed for it.
function instantOf(text: string): Instant {
  const at = Date.parse(text);
  return instant(Number.isNaN(at) ? Number.MAX_SAFE_INTEGER : at);
}

/** Whether a reader is to be deleted: it was marked, or it is ours and will never serve. */
export const isGoing = ({ leaving, status, managed, isProtected }: Reader): boolean =>
  leaving !== null || (isBroken(status) && managed && !isProtected);

/** Readers that count: neither on their way out, nor being deleted, nor failed. */
export const staying = ({ readers }: ClusterView): readonly Reader[] =>
  readers.filter(
    (reader) => !isGoing(reader) && reader.standing !== 'deleting' && reader.standing !== 'failed',
  );

/** Readers that are to be deleted and have not been yet. */
export const going = ({ readers }: ClusterView): readonly Reader[] =>
  readers.filter((reader) => isGoing(reader) && reader.standing !== 'deleting');

/** Readers that a scale-in may choose from. */
export const removable = (view: ClusterView): readonly Reader[] =>
  staying(view).filter(({ managed, isProtected }) => managed && !isProtected);

/** Cluster states in which readers can be created and deleted. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html */
const CALM = new Set(['available', 'backing-up', 'storage-optimization', 'update-iam-db-auth']);

/** Why a cluster as a whole is at something else, whatever its writer does; null = it is not. */
export function whyRestless({ id, status }: ClusterView): string | null {
  if (status === 'failing-over') return `The cluster ${id} is failing over: its writer is about to change.`;
  return CALM.has(status) ? null : `The cluster ${id} is ${status}.`;
}

/** Why nothing may be created or deleted in a cluster now; null = it may. */
export function whyBusy(view: ClusterView): string | null {
  const { id, writer } = view;
  const restless = whyRestless(view);
  if (restless !== null) return restless;
  if (writer === null) return `The cluster ${id} has no single writer now.`;
  const { reader } = writer;
  return reader.standing === 'serving'
    ? null
    : `The writer ${reader.id} of the cluster ${id} is ${reader.status}: a failover may follow.`;
}

/** Why a cluster has no readers that can be added and removed; null = it has. */
export function whyWithoutReaders({
  DBClusterIdentifier: id,
  Engine = '',
  EngineMode,
  Status,
}: DBCluster): string | null {
  if (!Engine.startsWith('aurora')) {
    return /^(mysql|postgres)$/.test(Engine)
      ? `${id} is a Multi-AZ DB cluster (engine ${Engine}): it has exactly two readers, and none can be added or removed`
      : `${id} is no Aurora cluster (engine ${Engine || 'unknown'})`;
  }
  if (EngineMode === 'serverless') {
    return `${id} is an Aurora Serverless v1 cluster (engine mode serverless): it has no readers`;
  }
  if (EngineMode === 'multimaster') {
    return `${id} is a multi-master cluster (engine mode multimaster): it has no readers`;
  }
  return Status === 'deleting' ? `the cluster ${id} is being deleted` : null;
}
