import * as rds from '@aws-sdk/client-rds';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../aws-endpoint/support.ts';
import { ARN, aDatabaseAccount } from './a-database-account.ts';
import { later } from './an-account.ts';

const describeOne = async (client: rds.RDSClient, id: string) => {
  const { DBInstances } = await client.send(new rds.DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  return DBInstances?.[0];
};

const creating = (id: string, source = 'orders') =>
  new rds.CreateDBInstanceReadReplicaCommand({
    DBInstanceIdentifier: id,
    SourceDBInstanceIdentifier: source,
    Tags: [{ Key: 'plimsoll:managed', Value: 'true' }],
  });

const deleting = (id: string) =>
  new rds.DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true });

describe('read replicas', () => {
  it('of a policy are there at the start, with their source, and managed', async () => {
    const { client } = await aDatabaseAccount();
    expect(await describeOne(client, 'orders')).toMatchObject({
      DBInstanceStatus: 'available',
      Engine: 'postgres',
      DBInstanceClass: 'db.r6g.large',
      BackupRetentionPeriod: 7,
      ReadReplicaDBInstanceIdentifiers: ['orders-replica-1', 'orders-replica-2'],
    });
    expect(await describeOne(client, 'orders-replica-2')).toMatchObject({
      ReadReplicaSourceDBInstanceIdentifier: 'orders',
      StatusInfos: [{ Normal: true, Status: 'replicating' }],
      Endpoint: { Address: expect.stringMatching(/^orders-replica-2\..*\.rds\.amazonaws\.com$/), Port: 5432 },
      TagList: [
        { Key: 'plimsoll:managed', Value: 'true' },
        { Key: 'plimsoll:policy', Value: 'readers' },
      ],
    });
  });

  it('are created, backed up and then available, behind at first', async () => {
    const { client, plant } = await aDatabaseAccount();
    const { DBInstance } = await client.send(creating('orders-r9'));
    expect(DBInstance).toMatchObject({
      DBInstanceStatus: 'creating',
      Engine: 'postgres',
      TagList: [{ Value: 'true' }],
    });
    expect(DBInstance?.Endpoint).toBeUndefined();
    const seen = new Map<string, number>();
    let lagAtFirst: number | null = null;
    for (let second = 1; second <= 1200; second += 1) {
      plant.advanceTo(later(second));
      const view = plant.databases.views().instances.find(({ id }) => id === 'orders-r9');
      seen.set(view?.status ?? '', (seen.get(view?.status ?? '') ?? 0) + 1);
      if (view?.status === 'available') lagAtFirst ??= view.lagSeconds;
    }
    expect([...seen.keys()]).toEqual(['creating', 'backing-up', 'available']);
    expect(seen.get('creating')).toBeGreaterThanOrEqual(239);
    expect(seen.get('creating')).toBeLessThanOrEqual(720);
    expect(seen.get('backing-up')).toBeGreaterThanOrEqual(60);
    expect(lagAtFirst).toBeGreaterThan(0);
    expect(plant.databases.views().instances.at(-1)?.lagSeconds).toBe(0);
    expect(await describeOne(client, 'orders-r9')).toMatchObject({ DBInstanceStatus: 'available' });
  });

  it('are refused as AWS refuses them', async () => {
    const { client, plant } = await aDatabaseAccount({ databases: { stock: { backupRetention: 0 } } });
    const refusals = [
      [creating('orders-replica-1'), rds.DBInstanceAlreadyExistsFault],
      [creating('orders-r9', 'nobody'), rds.DBInstanceNotFoundFault],
      [creating('stock-r1', 'stock'), rds.InvalidDBInstanceStateFault],
      [creating('-r9-'), rds.RDSServiceException],
    ] as const;
    for (const [command, error] of refusals) {
      expect(await failureOf(client.send(command))).toBeInstanceOf(error);
    }
    plant.databases.fault({ kind: 'insufficient-capacity', count: 1 });
    expect(await failureOf(client.send(creating('orders-r9')))).toBeInstanceOf(
      rds.InsufficientDBInstanceCapacityFault,
    );
    for (let count = 3; count <= 15; count += 1) await client.send(creating(`orders-r${count}`));
    expect(await failureOf(client.send(creating('orders-r16')))).toBeInstanceOf(
      rds.InstanceQuotaExceededFault,
    );
  });

  it('are deleted in minutes, and not twice', async () => {
    const { client, plant } = await aDatabaseAccount();
    plant.databases.fault({ kind: 'refuse-delete', count: 1 });
    const refused = await failureOf(client.send(deleting('orders-replica-2')));
    expect(refused).toBeInstanceOf(rds.InvalidDBInstanceStateFault);
    const { DBInstance } = await client.send(deleting('orders-replica-2'));
    expect(DBInstance).toMatchObject({ DBInstanceStatus: 'deleting' });
    const twice = await failureOf(client.send(deleting('orders-replica-2')));
    expect(twice).toBeInstanceOf(rds.InvalidDBInstanceStateFault);
    const events = plant.advanceTo(later(301)).filter(({ source }) => source === 'aws.rds');
    expect(events).toMatchObject([
      {
        'detail-type': 'RDS DB Instance Event',
        resources: [`${ARN}:db:orders-replica-2`],
        detail: {
          EventCategories: ['deletion'],
          SourceType: 'DB_INSTANCE',
          SourceIdentifier: 'orders-replica-2',
          Message: 'DB instance deleted.',
          EventID: 'RDS-EVENT-0003',
          Tags: { 'plimsoll:managed': 'true', 'plimsoll:policy': 'readers' },
        },
      },
    ]);
    expect(await failureOf(describeOne(client, 'orders-replica-2'))).toBeInstanceOf(
      rds.DBInstanceNotFoundFault,
    );
    expect(plant.databases.views().deletions).toMatchObject([
      { instance: 'orders-replica-2', replicaOf: 'orders' },
    ]);
  });

  it('stand on their own after a promotion', async () => {
    const { client, plant } = await aDatabaseAccount();
    const promote = (id: string) =>
      client.send(new rds.PromoteReadReplicaCommand({ DBInstanceIdentifier: id }));
    expect(await failureOf(promote('orders'))).toBeInstanceOf(rds.InvalidDBInstanceStateFault);
    expect((await promote('orders-replica-1')).DBInstance?.DBInstanceStatus).toBe('modifying');
    plant.advanceTo(later(240));
    const after = await describeOne(client, 'orders-replica-1');
    expect(after).toMatchObject({ DBInstanceStatus: 'available', BackupRetentionPeriod: 1 });
    expect(after?.ReadReplicaSourceDBInstanceIdentifier).toBeUndefined();
    expect((await describeOne(client, 'orders'))?.ReadReplicaDBInstanceIdentifiers).toEqual([
      'orders-replica-2',
    ]);
  });
});

describe('instances', () => {
  it('change their class in minutes, with an outage at the end', async () => {
    const { client, plant } = await aDatabaseAccount();
    const modify = (DBInstanceClass: string, ApplyImmediately = true) =>
      client.send(
        new rds.ModifyDBInstanceCommand({
          DBInstanceIdentifier: 'orders',
          DBInstanceClass,
          ApplyImmediately,
        }),
      );
    expect(await failureOf(modify('db.z9.huge'))).toMatchObject({ name: 'InvalidParameterValue' });
    const { DBInstance } = await modify('db.r6g.xlarge');
    expect(DBInstance).toMatchObject({
      DBInstanceStatus: 'modifying',
      DBInstanceClass: 'db.r6g.large',
      PendingModifiedValues: { DBInstanceClass: 'db.r6g.xlarge' },
    });
    expect(await failureOf(modify('db.r6g.2xlarge'))).toBeInstanceOf(rds.InvalidDBInstanceStateFault);
    plant.advanceTo(later(720));
    expect(await describeOne(client, 'orders')).toMatchObject({
      DBInstanceStatus: 'available',
      DBInstanceClass: 'db.r6g.xlarge',
    });
    expect(plant.databases.views().total.failedWrites).toBeGreaterThan(0);
  });

  it('carry tags', async () => {
    const { client } = await aDatabaseAccount();
    const ResourceName = `${ARN}:db:orders-replica-1`;
    const Tags = [{ Key: 'plimsoll:leaving', Value: '2026-11-20T10:00:00Z' }];
    await client.send(new rds.AddTagsToResourceCommand({ ResourceName, Tags }));
    await client.send(new rds.RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ['plimsoll:policy'] }));
    const { TagList } = await client.send(new rds.ListTagsForResourceCommand({ ResourceName }));
    expect(TagList).toEqual([{ Key: 'plimsoll:managed', Value: 'true' }, ...Tags]);
    const nobody = new rds.ListTagsForResourceCommand({ ResourceName: `${ARN}:db:nobody` });
    expect(await failureOf(client.send(nobody))).toBeInstanceOf(rds.DBInstanceNotFoundFault);
  });

  it('are listed page by page', async () => {
    const { client } = await aDatabaseAccount({
      databases: { orders: { unmanagedReplicas: 15 }, stock: { unmanagedReplicas: 9 } },
    });
    const list = (input: rds.DescribeDBInstancesCommandInput) =>
      client.send(new rds.DescribeDBInstancesCommand(input));
    const first = await list({ MaxRecords: 20 });
    expect(first.DBInstances).toHaveLength(20);
    const rest = await list({ MaxRecords: 20, Marker: first.Marker });
    expect(rest.DBInstances).toHaveLength(6 + 3);
    expect(rest.Marker).toBeUndefined();
    expect(await failureOf(list({ MaxRecords: 19 }))).toMatchObject({ name: 'InvalidParameterValue' });
    const Filters = [{ Name: 'db-cluster-id', Values: ['ledger'] }];
    expect((await list({ Filters })).DBInstances).toHaveLength(3);
  });
});

describe('Aurora clusters', () => {
  const cluster = async (client: rds.RDSClient) => {
    const { DBClusters } = await client.send(
      new rds.DescribeDBClustersCommand({ DBClusterIdentifier: 'ledger' }),
    );
    return DBClusters?.[0];
  };

  it('fail over in less than a minute, and then another instance writes', async () => {
    const { client, plant } = await aDatabaseAccount();
    expect(await cluster(client)).toMatchObject({
      Status: 'available',
      DBClusterMembers: [{ DBInstanceIdentifier: 'ledger-writer', IsClusterWriter: true }, {}, {}],
    });
    const failOver = () => client.send(new rds.FailoverDBClusterCommand({ DBClusterIdentifier: 'ledger' }));
    expect((await failOver()).DBCluster?.Status).toBe('failing-over');
    expect(await failureOf(failOver())).toBeInstanceOf(rds.InvalidDBClusterStateFault);
    const events = plant.advanceTo(later(60)).filter(({ source }) => source === 'aws.rds');
    expect(events).toMatchObject([
      { detail: { EventID: 'RDS-EVENT-0073', Message: 'Started failover to DB instance: ledger-reader-1' } },
      {
        detail: {
          EventID: 'RDS-EVENT-0071',
          Message: 'Completed failover to DB instance: ledger-reader-1',
          SourceType: 'CLUSTER',
        },
      },
    ]);
    expect((await cluster(client))?.DBClusterMembers?.[0]?.DBInstanceIdentifier).toBe('ledger-reader-1');
    plant.advanceTo(later(121));
    expect(await describeOne(client, 'ledger-writer')).toMatchObject({ DBInstanceStatus: 'available' });
  });

  it('take readers', async () => {
    const { client, plant } = await aDatabaseAccount();
    const input = {
      DBInstanceIdentifier: 'ledger-r3',
      DBClusterIdentifier: 'ledger',
      Engine: 'aurora-postgresql',
      DBInstanceClass: 'db.r6g.xlarge',
      PromotionTier: 15,
    };
    await client.send(new rds.CreateDBInstanceCommand(input));
    plant.advanceTo(later(480));
    expect(await describeOne(client, 'ledger-r3')).toMatchObject({
      DBInstanceStatus: 'available',
      DBClusterIdentifier: 'ledger',
      DBInstanceClass: 'db.r6g.xlarge',
      PromotionTier: 15,
    });
  });
});

describe('the catalogue', () => {
  it('knows classes and zones', async () => {
    const { client } = await aDatabaseAccount({
      databases: { orders: { zones: ['us-east-1a', 'us-east-1d'] } },
    });
    const ask = { Engine: 'postgres', DBInstanceClass: 'db.r6g.xlarge' };
    const offered = await client.send(new rds.DescribeOrderableDBInstanceOptionsCommand(ask));
    expect(offered.OrderableDBInstanceOptions).toMatchObject([
      { DBInstanceClass: 'db.r6g.xlarge', Vpc: true },
    ]);
    const none = await client.send(
      new rds.DescribeOrderableDBInstanceOptionsCommand({ ...ask, DBInstanceClass: 'db.z9.huge' }),
    );
    expect(none.OrderableDBInstanceOptions).toEqual([]);
    const groups = await client.send(
      new rds.DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: 'subnets-orders' }),
    );
    expect(
      groups.DBSubnetGroups?.[0]?.Subnets?.map(({ SubnetAvailabilityZone }) => SubnetAvailabilityZone?.Name),
    ).toEqual(['us-east-1a', 'us-east-1d']);
  });
});
