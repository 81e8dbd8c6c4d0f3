import type * as rds from '@aws-sdk/client-rds';
import type { DatabaseCluster } from '../../../shared/simulation/databases/database-cluster.ts';
import type { DatabaseInstance } from '../../../shared/simulation/databases/database-instance.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { arnOf } from '../../../shared/simulation/plant-event.ts';

const PORTS: Readonly<Record<string, number>> = { postgres: 5432, 'aurora-postgresql': 5432 };
const VERSIONS: Readonly<Record<string, string>> = {
  postgres: '16.4',
  'aurora-postgresql': '16.4',
  mysql: '8.0.39',
  mariadb: '10.11.9',
};

/** The version that the simulated account runs of an engine. */
export const engineVersion = (engine: string): string => VERSIONS[engine] ?? '1.0';

/** Tags as RDS lists them. */
export const tagListOf = (tags: ReadonlyMap<string, string>): rds.Tag[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

/** An instance as DescribeDBInstances has it. */
export function describeInstance(plant: Plant, instance: DatabaseInstance): rds.DBInstance {
  const { id, engine, status, zone, replicaOf, cluster, availableAt } = instance;
  const { fleet } = plant.databases;
  const owner = replicaOf ?? cluster ?? id;
  const replicas = fleet.replicasOf(id).map((replica) => replica.id);
  return {
    DBInstanceIdentifier: id,
    DBInstanceArn: arnOf(plant.identity, 'rds', `db:${id}`),
    DbiResourceId: `db-${id.toUpperCase().replaceAll('-', '')}`,
    DBInstanceClass: instance.instanceClass,
    DBInstanceStatus: status,
    Engine: engine,
    EngineVersion: engineVersion(engine),
    MasterUsername: 'plimsoll',
    AllocatedStorage: cluster === null ? 100 : 1,
    StorageType: cluster === null ? 'gp3' : 'aurora',
    StorageEncrypted: true,
    KmsKeyId: arnOf(plant.identity, 'kms', 'key/11111111-2222-4333-8444-555555555555'),
    MultiAZ: false,
    PubliclyAccessible: false,
    AvailabilityZone: zone,
    BackupRetentionPeriod: instance.backupRetention,
    PromotionTier: instance.promotionTier,
    MonitoringInterval: 0,
    IAMDatabaseAuthenticationEnabled: false,
    DeletionProtection: false,
    AutoMinorVersionUpgrade: true,
    DBParameterGroups: [{ DBParameterGroupName: `params-${owner}`, ParameterApplyStatus: 'in-sync' }],
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0123456789abcdef0', Status: 'active' }],
    DBSubnetGroup: describeSubnetGroup(plant, owner),
    ReadReplicaDBInstanceIdentifiers: replicas,
    PendingModifiedValues: instance.pendingClass === null ? {} : { DBInstanceClass: instance.pendingClass },
    TagList: tagListOf(instance.tags),
    ...(availableAt === null
      ? {}
      : { InstanceCreateTime: new Date(availableAt), Endpoint: endpointOf(instance) }),
    ...(cluster === null ? {} : { DBClusterIdentifier: cluster }),
    ...replicationOf(plant, instance),
  };
}

function replicationOf(plant: Plant, instance: DatabaseInstance): Partial<rds.DBInstance> {
  const { replicaOf, availableAt, lag } = instance;
  if (replicaOf === null) return {};
  const source = plant.databases.fleet.sourceOf(instance);
  const runs = lag.real !== null && source?.reachable === true;
  const status = { StatusType: 'read replication', Normal: runs, Status: runs ? 'replicating' : 'error' };
  return {
    ReadReplicaSourceDBInstanceIdentifier: replicaOf,
    StatusInfos: availableAt === null ? [] : [status],
  };
}

const portOf = (engine: string): number => PORTS[engine] ?? 3306;

const endpointOf = ({ address, engine }: DatabaseInstance): rds.Endpoint => ({
  Address: address.host,
  Port: portOf(engine),
  HostedZoneId: 'Z2R2ITUGPM61AM',
});

/** The subnet group of a source or a cluster. */
export const describeSubnetGroup = (plant: Plant, owner: string): rds.DBSubnetGroup => ({
  DBSubnetGroupName: `subnets-${owner}`,
  DBSubnetGroupDescription: `Subnets of ${owner}`,
  SubnetGroupStatus: 'Complete',
  VpcId: 'vpc-0123456789abcdef0',
  Subnets: plant.databases.zonesOf(owner).map((Name) => ({
    SubnetIdentifier: `subnet-${Name}`,
    SubnetAvailabilityZone: { Name },
    SubnetStatus: 'Active',
  })),
});

/** A cluster as DescribeDBClusters has it, the writer first. */
export function describeCluster(plant: Plant, cluster: DatabaseCluster): rds.DBCluster {
  const members = [...plant.databases.fleet.membersOf(cluster.id)];
  members.sort((left, right) => Number(right.id === cluster.writer) - Number(left.id === cluster.writer));
  const host = `${cluster.id}.cluster-cplimsoll000.${plant.identity.region}.rds.amazonaws.com`;
  return {
    DBClusterIdentifier: cluster.id,
    DBClusterArn: arnOf(plant.identity, 'rds', `cluster:${cluster.id}`),
    Status: cluster.status,
    Engine: cluster.engine,
    EngineVersion: engineVersion(cluster.engine),
    EngineMode: 'provisioned',
    AvailabilityZones: [...cluster.zones],
    DBSubnetGroup: `subnets-${cluster.id}`,
    DBClusterParameterGroup: `params-${cluster.id}`,
    Endpoint: host,
    ReaderEndpoint: host.replace('.cluster-', '.cluster-ro-'),
    Port: portOf(cluster.engine),
    ClusterCreateTime: new Date(cluster.createdAt),
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0123456789abcdef0', Status: 'active' }],
    DBClusterMembers: members.map(({ id, promotionTier }) => ({
      DBInstanceIdentifier: id,
      IsClusterWriter: id === cluster.writer,
      DBClusterParameterGroupStatus: 'in-sync',
      PromotionTier: promotionTier,
    })),
    TagList: tagListOf(cluster.tags),
  };
}
