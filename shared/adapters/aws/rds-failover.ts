import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  AddTagsToResourceCommand,
  type DBInstance,
  FailoverDBClusterCommand,
  PromoteReadReplicaCommand,
  RDSClient,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-rds';
import { ControllerError } from '../../core/controller-error.ts';
import {
  type AuroraReadersTarget,
  type RdsReplicasTarget,
  RESOURCE_TAGS,
  type TargetId,
  targetId,
} from '../../core/target.ts';
import type { Instant } from '../../core/time.ts';
import type { Failover, FailoverView, ReplicaView, SourceView } from '../../ports/failover.ts';
import type { MetricSource } from '../../ports/metric-source.ts';
import { type Reader, readerOf, whyRestless } from './aurora/cluster-view.ts';
import { viewOf } from './aurora/look.ts';
import type { ClientOptions } from './client-options.ts';
import { cloudWatchMetricSource } from './cloudwatch-metric-source.ts';
import { instanceMetric } from './rds-connections.ts';
import { instancesBy, sameIdentifier, standingOf, tagOf } from './rds-descriptions.ts';
import { translateSdkError } from './sdk-errors.ts';

/** What promoting needs of the outside world. */
interface FailoverParts {
  readonly client: RDSClient;
  readonly metrics: MetricSource;
}

/** Promotions of RDS replicas and Aurora readers through clients of their own. */
export const connectFailover = (options: ClientOptions): Failover =>
  rdsFailover({
    client: new RDSClient(options),
    metrics: cloudWatchMetricSource(new CloudWatchClient(options)),
  });

/** Promotions of RDS replicas (PromoteReadReplica) and Aurora readers (FailoverDBCluster). */
export const rdsFailover = (parts: FailoverParts): Failover => ({
  look: (target, now) =>
    target.kind === 'rds-replicas' ? lookAtSource(parts, target, now) : lookAtCluster(parts, target, now),
  promote: (target, replica) =>
    target.kind === 'rds-replicas'
      ? promoteReplica(parts.client, target, replica)
      : failOver(parts.client, target, replica),
});

async function lookAtSource(
  parts: FailoverParts,
  target: RdsReplicasTarget,
  now: Instant,
): Promise<FailoverView> {
  const { source: id } = target;
  const source = await sourceOf(parts.client, target);
  const names = source.ReadReplicaDBInstanceIdentifiers ?? [];
  const replicas = await replicasOf(parts.client, id, names);
  const lags = await lagsOf(parts.metrics, replicas.map(readerOf), { name: 'ReplicaLag', perSecond: 1 }, now);
  return {
    source: sourceView(source),
    replicas: replicas.map((replica) => replicaView(replica, lags)),
    busy: null,
    losesLag: true,
  };
}

async function sourceOf(client: RDSClient, target: RdsReplicasTarget): Promise<DBInstance> {
  const { source: id } = target;
  const found = await instancesBy(client, 'db-instance-id', [id]).catch((error: unknown) => {
    throw translateSdkError(error, `describe the instance ${id}`);
  });
  const source = found.find(({ DBInstanceIdentifier }) => sameIdentifier(DBInstanceIdentifier, id));
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
  if (source === undefined) {
    throw missing(
      targetId(target),
      `there is no instance ${id}; RDS promotes the replicas of a source that is deleted by itself`,
    );
  }
  return source;
}

const missing = (target: TargetId, why: string): ControllerError =>
  new ControllerError('target-missing', `could not look at ${target}: ${why}`, { retryable: false });

// Replicas in other regions are named by their ARN: they are described there, and promoted there.
async function replicasOf(
  client: RDSClient,
  source: string,
  names: readonly string[],
): Promise<readonly DBInstance[]> {
  const here = names.filter((name) => !name.startsWith('arn:'));
  if (here.length === 0) return [];
  const found = await instancesBy(client, 'db-instance-id', here).catch((error: unknown) => {
    throw translateSdkError(error, `describe the replicas of ${source}`);
  });
  return found.filter((one) => sameIdentifier(one.ReadReplicaSourceDBInstanceIdentifier, source));
}

async function lookAtCluster(
  parts: FailoverParts,
  target: AuroraReadersTarget,
  now: Instant,
): Promise<FailoverView> {
  const view = await viewOf(parts.client, target);
  const lags = await lagsOf(parts.metrics, view.readers, { name: 'AuroraReplicaLag', perSecond: 1000 }, now);
  return {
    source: view.writer === null ? null : sourceView(view.writer.instance),
    replicas: view.readers.map((reader) => viewOfReader(reader, view.engine, lags)),
    // A writer that is down is what a promotion is for: only the cluster itself can be in the way.
    busy: whyRestless(view),
    losesLag: false,
  };
}

const sourceView = ({
  DBInstanceIdentifier: id = '',
  DBInstanceStatus: status,
  Engine = '',
}: DBInstance): SourceView => {
  const standing = standingOf(status);
  return {
    id,
    status: status ?? 'unknown',
    healthy: standing === 'serving' || standing === 'in-transit',
    engine: Engine,
  };
};

type Lags = ReadonlyMap<string, number>;

const replicaView = (instance: DBInstance, lags: Lags): ReplicaView =>
  viewOfReader(readerOf(instance), instance.Engine ?? '', lags);

const viewOfReader = ({ id, status, managed, leaving }: Reader, engine: string, lags: Lags): ReplicaView => ({
  id,
  status,
  // PromoteReadReplica refuses an instance that is `backing-up`, and every other that is not available.
  available: status === 'available',
  engine,
  lagSeconds: lags.get(id) ?? null,
  managed,
  leaving: leaving !== null,
});

/** ReplicaLag is in seconds, −1 when replication does not run; AuroraReplicaLag is in milliseconds. */
async function lagsOf(
  metrics: MetricSource,
  readers: readonly Reader[],
  { name, perSecond }: { readonly name: string; readonly perSecond: number },
  now: Instant,
): Promise<Lags> {
  if (readers.length === 0) return new Map();
  const requests = readers.map(({ id }) => ({ key: id, metric: instanceMetric(id, name) }));
  const readings = await metrics.read(requests, now);
  return new Map(
    readers.flatMap(({ id }) => {
      const reading = readings.get(id);
      return reading?.kind === 'value' && reading.value >= 0
        ? [[id, reading.value / perSecond] as const]
        : [];
    }),
  );
}

/**
 * Protects the replica first: from then on no scale-in can choose it, whether RDS still calls it a replica or not.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html
 */
async function promoteReplica(
  client: RDSClient,
  { source }: RdsReplicasTarget,
  replica: string,
): Promise<void> {
  const [instance] = await replicasOf(client, source, [replica]);
  if (instance === undefined) throw noReplica(replica, source);
  const wasProtected = tagOf(instance, RESOURCE_TAGS.protected) === 'true';
  const ResourceName = instance.DBInstanceArn;
  try {
    if (!wasProtected) {
      const Tags = [{ Key: RESOURCE_TAGS.protected, Value: 'true' }];
      await client.send(new AddTagsToResourceCommand({ ResourceName, Tags }));
    }
    await client.send(new PromoteReadReplicaCommand({ DBInstanceIdentifier: replica }));
  } catch (fault) {
    const error = translateSdkError(fault, `promote ${replica}`);
    if (!wasProtected && !mayHaveHappened(fault)) await unprotect(client, ResourceName, error);
    throw error;
  }
}

const noReplica = (replica: string, source: string): ControllerError =>
  new ControllerError('rejected', `could not promote ${replica}: it is no replica of ${source}`, {
    retryable: false,
  });

/** Whether a call may have been accepted although it failed: then its replica stays protected. */
function mayHaveHappened(fault: unknown): boolean {
  const status = (fault as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata
    ?.httpStatusCode;
  return status === undefined || status >= 500;
}

// That the mark stays does no harm: the replica is only never chosen to go. The refusal itself is what matters.
const unprotect = (
  client: RDSClient,
  ResourceName: string | undefined,
  refusal: ControllerError,
): Promise<unknown> =>
  client
    .send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: [RESOURCE_TAGS.protected] }))
    .catch(() => {
      throw refusal;
    });

// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_FailoverDBCluster.html
async function failOver(client: RDSClient, { cluster }: AuroraReadersTarget, reader: string): Promise<void> {
  const input = { DBClusterIdentifier: cluster, TargetDBInstanceIdentifier: reader };
  try {
    await client.send(new FailoverDBClusterCommand(input));
  } catch (error) {
    throw translateSdkError(error, `fail the cluster ${cluster} over to ${reader}`);
  }
}
