import type { DBCluster, DBInstance, RDSClient } from '@aws-sdk/client-rds';
import { ControllerError } from '../../../core/controller-error.ts';
import type { AuroraReadersTarget } from '../../../core/target.ts';
import { clustersBy, instancesBy, sameIdentifier } from '../rds-descriptions.ts';
import { translateSdkError } from '../sdk-errors.ts';
import { type ClusterView, clusterView, whyWithoutReaders } from './cluster-view.ts';

/** What a look at a cluster found: the cluster, or why there are no readers to count. */
export type Look = { readonly view: ClusterView } | { readonly missing: string };

/**
 * Looks at clusters by their identifiers: one description of all of their instances, and then one of the clusters. In this
 * order, because who is the writer changes faster than anything else and must be known last.
 */
export async function lookAt(client: RDSClient, ids: readonly string[]): Promise<ReadonlyMap<string, Look>> {
  const instances = await instancesBy(client, 'db-cluster-id', ids);
  const clusters = await clustersBy(client, ids);
  return new Map(ids.map((id) => [id, lookOf(id, clusters, instances)]));
}

function lookOf(id: string, clusters: readonly DBCluster[], instances: readonly DBInstance[]): Look {
  const cluster = clusters.find(({ DBClusterIdentifier }) => sameIdentifier(DBClusterIdentifier, id));
  if (cluster === undefined) return { missing: `there is no cluster ${id}` };
  const why = whyWithoutReaders(cluster);
  return why === null ? { view: clusterView(cluster, instances) } : { missing: why };
}

/**
 * A fresh look at one cluster, before something is changed in it.
 * @throws ControllerError `target-missing` when it has no readers to scale; others as {@link translateSdkError}.
 */
export async function viewOf(client: RDSClient, { cluster }: AuroraReadersTarget): Promise<ClusterView> {
  const looks = await lookAt(client, [cluster]).catch((error: unknown) => {
    throw translateSdkError(error, `describe the cluster ${cluster}`);
  });
  const look = looks.get(cluster);
  if (look !== undefined && 'view' in look) return look.view;
  const detail = look?.missing ?? `there is no cluster ${cluster}`;
  throw new ControllerError('target-missing', `could not work on the cluster ${cluster}: ${detail}`, {
    retryable: false,
  });
}
