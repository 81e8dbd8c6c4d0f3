import type * as rds from '@aws-sdk/client-rds';
import { AccountRefusal } from '../../../shared/simulation/account-refusal.ts';
import type { DatabaseInstance } from '../../../shared/simulation/databases/database-instance.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import type { HandlersOf } from '../aws-endpoint/service.ts';
import { invalidValue, recordsOf, required } from './rds-arguments.ts';
import { rdsCatalogueHandlers } from './rds-catalogue.ts';
import { describeCluster, describeInstance } from './rds-shapes.ts';
import { rdsTagHandlers, tagsOf } from './rds-tags.ts';

/** RDS as the simulated account plays it: instances, replicas and Aurora clusters. */
export function rdsHandlers(plant: Plant): HandlersOf<typeof rds> {
  const { databases } = plant;
  const { fleet, operations } = databases;
  const view = (instance: DatabaseInstance) => describeInstance(plant, instance);
  return {
    DescribeDBInstances: ({ DBInstanceIdentifier: id, Filters, ...paging }) => {
      const chosen =
        id === undefined ? filtered([...fleet.instances.values()], Filters) : [fleet.instance(nameOf(id))];
      const page = recordsOf(chosen, paging);
      return { DBInstances: page.items.map(view), Marker: page.next };
    },
    CreateDBInstanceReadReplica: (input) => {
      const source = nameOf(required(input.SourceDBInstanceIdentifier, 'SourceDBInstanceIdentifier'));
      if (input.DBParameterGroupName !== undefined) {
        const { engine } = fleet.instance(source);
        throw invalidCombination(
          `A parameter group can't be specified during Read Replica creation for the following DB engine: ${engine}`,
        );
      }
      return { DBInstance: view(operations.createReplica(source, memberOf(input), plant.now())) };
    },
    CreateDBInstance: (input) => {
      if (input.DBClusterIdentifier === undefined) {
        throw invalidCombination('The simulated account creates instances in Aurora clusters only.');
      }
      return {
        DBInstance: view(operations.createReader(input.DBClusterIdentifier, memberOf(input), plant.now())),
      };
    },
    DeleteDBInstance: ({ DBInstanceIdentifier, SkipFinalSnapshot, FinalDBSnapshotIdentifier }) => {
      const instance = fleet.instance(required(DBInstanceIdentifier, 'DBInstanceIdentifier'));
      assertSnapshot(instance, SkipFinalSnapshot === true, FinalDBSnapshotIdentifier);
      return { DBInstance: view(operations.remove(instance.id, plant.now())) };
    },
    ModifyDBInstance: (input) => {
      const id = required(input.DBInstanceIdentifier, 'DBInstanceIdentifier');
      const { DBInstanceClass: wanted, ApplyImmediately, BackupRetentionPeriod } = input;
      const instance = fleet.instance(id);
      if (wanted !== undefined) operations.changeClass(id, wanted, ApplyImmediately === true, plant.now());
      if (BackupRetentionPeriod !== undefined) instance.backupRetention = BackupRetentionPeriod;
      return { DBInstance: view(instance) };
    },
    PromoteReadReplica: ({ DBInstanceIdentifier, BackupRetentionPeriod = 1 }) => {
      const id = required(DBInstanceIdentifier, 'DBInstanceIdentifier');
      return { DBInstance: view(operations.promote(id, BackupRetentionPeriod, plant.now())) };
    },
    DescribeDBClusters: ({ DBClusterIdentifier: id, Filters: _, ...paging }) => {
      const page = recordsOf(
        id === undefined ? [...fleet.clusters.values()] : [fleet.cluster(nameOf(id))],
        paging,
      );
      return { DBClusters: page.items.map((cluster) => describeCluster(plant, cluster)), Marker: page.next };
    },
    FailoverDBCluster: ({ DBClusterIdentifier, TargetDBInstanceIdentifier }) => {
      const cluster = fleet.cluster(required(DBClusterIdentifier, 'DBClusterIdentifier'));
      operations.failOver(cluster.id, TargetDBInstanceIdentifier, plant.now());
      return { DBCluster: describeCluster(plant, cluster) };
    },
    ...rdsCatalogueHandlers(plant),
    ...rdsTagHandlers(plant),
  };
}

/** A name or the last part of an ARN, in lower case as RDS keeps it. */
const nameOf = (nameOrArn: string): string => (nameOrArn.split(':').at(-1) ?? nameOrArn).toLowerCase();

function memberOf(input: {
  readonly DBInstanceIdentifier?: string | undefined;
  readonly DBInstanceClass?: string | undefined;
  readonly AvailabilityZone?: string | undefined;
  readonly PromotionTier?: number | undefined;
  readonly Tags?: rds.Tag[] | undefined;
}) {
  return {
    id: required(input.DBInstanceIdentifier, 'DBInstanceIdentifier').toLowerCase(),
    instanceClass: input.DBInstanceClass,
    zone: input.AvailabilityZone,
    promotionTier: input.PromotionTier,
    tags: tagsOf(input.Tags),
  };
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html, Filters */
function filtered(
  instances: readonly DatabaseInstance[],
  filters: readonly rds.Filter[] = [],
): readonly DatabaseInstance[] {
  const members: Readonly<Record<string, (instance: DatabaseInstance) => string | null>> = {
    'db-cluster-id': ({ cluster }) => cluster,
    'db-instance-id': ({ id }) => id,
    engine: ({ engine }) => engine,
  };
  return filters.reduce<readonly DatabaseInstance[]>((left, { Name = '', Values = [] }) => {
    const member = members[Name];
    if (member === undefined) throw invalidValue(`Unrecognized filter name: ${Name}`);
    const wanted = Values.map(nameOf);
    return left.filter((instance) => wanted.includes(member(instance) ?? ''));
  }, instances);
}

function assertSnapshot(instance: DatabaseInstance, skip: boolean, name: string | undefined): void {
  if (skip && name !== undefined) {
    throw invalidCombination('FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true');
  }
  if (name !== undefined && instance.replicaOf !== null) {
    throw invalidCombination(
      'FinalDBSnapshotIdentifier can not be specified when deleting a replica instance',
    );
  }
  if (!skip && name === undefined && instance.cluster === null) {
    throw invalidCombination('FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.');
  }
}

const invalidCombination = (message: string): Error =>
  new AccountRefusal('InvalidParameterCombination', message);
