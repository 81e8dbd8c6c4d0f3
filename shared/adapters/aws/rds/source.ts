import type { DBInstance } from '@aws-sdk/client-rds';
import type { RdsReplicasTarget } from '../../../core/target.ts';
import type { Instant } from '../../../core/time.ts';
import { type Replica, replicaOf, replicates } from './replica.ts';

/**
 * Replicas of one source, by engine. Db2 takes 3, Oracle and SQL Server take 5; Plimsoll does not scale those.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
 */
const MOST_REPLICAS = new Map([
  ['mysql', 15],
  ['mariadb', 15],
  ['postgres', 15],
]);

/** A source with its replicas. */
export interface Source {
  readonly id: string;
  readonly instance: DBInstance;
  readonly engine: string;
  /** How many replicas the engine takes. */
  readonly most: number;
  /** All that count towards that: those in other regions too. */
  readonly taken: number;
  readonly replicas: readonly Replica[];
}

/** Finds the source of a target in a listing of the region; a string says why it cannot be scaled. */
export function sourceOf(
  { source: id }: RdsReplicasTarget,
  instances: readonly DBInstance[],
  now: Instant,
): Source | string {
  const instance = instances.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === id);
  if (instance === undefined) return `there is no DB instance ${id}`;
  const engine = instance.Engine ?? 'unknown';
  const most = MOST_REPLICAS.get(engine);
  const refusal = whyUnfit(id, instance, most);
  if (refusal !== null || most === undefined) return refusal ?? `${id} cannot have read replicas`;
  const replicas = instances.filter((one) => replicates(one, instance)).map((one) => replicaOf(one, now));
  const named = new Set([
    ...(instance.ReadReplicaDBInstanceIdentifiers ?? []),
    ...replicas.map((one) => one.id),
  ]);
  return { id, instance, engine, most, taken: named.size, replicas };
}

/**
 * RDS lets replicas have replicas, but those lag behind twice, and a replica that Plimsoll deletes would leave its own without a
 * source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_MySQL.Replication.ReadReplicas.Cascading.html
 */
function whyUnfit(id: string, instance: DBInstance, most: number | undefined): string | null {
  const { Engine: engine, DBClusterIdentifier: cluster } = instance;
  const { ReadReplicaSourceDBInstanceIdentifier: from, ReadReplicaSourceDBClusterIdentifier: fromCluster } =
    instance;
  const upstream = from ?? fromCluster;
  if (upstream !== undefined && upstream !== '')
    return `the DB instance ${id} is itself a read replica of ${upstream}: name ${upstream} as the source`;
  if (cluster !== undefined && cluster !== '')
    return `the DB instance ${id} belongs to the cluster ${cluster}: a target of kind aurora-readers scales the readers of a cluster`;
  if (most === undefined)
    return `the DB instance ${id} runs ${engine}: Plimsoll scales read replicas of ${[...MOST_REPLICAS.keys()].join(', ')}`;
  return null;
}
