import * as rds from '@aws-sdk/client-rds';
import { modelledService } from '../../functions/local/aws-endpoint/service.ts';
import type { MetricReading } from '../../shared/core/capacity.ts';
import type { Instant } from '../../shared/core/time.ts';
import type { MetricSource } from '../../shared/ports/metric-source.ts';
import { NOW } from './now.ts';

const arnOf = (id: string) => `arn:aws:rds:eu-central-1:123456789012:db:${id}`;

const fault = <E extends Error>(
  Fault: new (options: { message: string; $metadata: object }) => E,
  message: string,
): E => new Fault({ message, $metadata: {} });

/** Clusters and instances as RDS describes them, moved by hand: what is asked for is there, but nothing happens by itself. */
export class FakeRds {
  readonly clusters: rds.DBCluster[] = [];
  readonly instances: rds.DBInstance[] = [];
  /** What was changed, a line a call. */
  readonly changes: string[] = [];
  /** Zones without room for a class: `db.r6g.large eu-central-1a`. */
  readonly full = new Set<string>();
  pageSize = 100;
  /** Asked before each call; an error there is the answer. */
  onCall: (operation: string, input: object) => Error | undefined = () => undefined;

  /** A cluster `id` with its writer `id-w` in zone a, and readers `id-1` … that nobody but the user made. */
  static cluster(id = 'shop', readers = 0): FakeRds {
    const fake = new FakeRds();
    fake.addCluster({ DBClusterIdentifier: id });
    fake.add(`${id}-w`, { DBClusterIdentifier: id }, true);
    for (let n = 1; n <= readers; n += 1) fake.add(`${id}-${n}`, { DBClusterIdentifier: id });
    return fake;
  }

  addCluster(overrides: rds.DBCluster): rds.DBCluster {
    const cluster: rds.DBCluster = {
      Engine: 'aurora-postgresql',
      EngineMode: 'provisioned',
      Status: 'available',
      AvailabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
      DBClusterMembers: [],
      ...overrides,
    };
    this.clusters.push(cluster);
    return cluster;
  }

  add(id: string, overrides: rds.DBInstance = {}, isWriter = false): rds.DBInstance {
    const instance: rds.DBInstance = {
      DBInstanceIdentifier: id,
      DBInstanceArn: arnOf(id),
      DBInstanceStatus: 'available',
      DBInstanceClass: 'db.r6g.large',
      Engine: 'aurora-postgresql',
      EngineVersion: '16.4',
      AvailabilityZone: 'eu-central-1a',
      InstanceCreateTime: new Date(NOW - 3_600_000),
      DBParameterGroups: [{ DBParameterGroupName: 'shop-parameters' }],
      TagList: [],
      ...overrides,
    };
    this.instances.push(instance);
    const cluster = this.clusters.find(
      ({ DBClusterIdentifier }) => DBClusterIdentifier === instance.DBClusterIdentifier,
    );
    cluster?.DBClusterMembers?.push({ DBInstanceIdentifier: id, IsClusterWriter: isWriter });
    return instance;
  }

  one(id: string): rds.DBInstance {
    const found = this.instances.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === id);
    if (found === undefined) throw fault(rds.DBInstanceNotFoundFault, `DBInstance ${id} not found.`);
    return found;
  }

  tag(id: string, key: string, value: string): void {
    const instance = this.one(id);
    instance.TagList = [
      ...(instance.TagList ?? []).filter(({ Key }) => Key !== key),
      { Key: key, Value: value },
    ];
  }

  tagged(id: string, key: string): string | undefined {
    return this.one(id).TagList?.find(({ Key }) => Key === key)?.Value;
  }

  /** Makes an instance the writer of its cluster. */
  makeWriter(id: string): void {
    for (const { DBClusterMembers = [] } of this.clusters) {
      if (DBClusterMembers.some((member) => member.DBInstanceIdentifier === id))
        for (const member of DBClusterMembers) member.IsClusterWriter = member.DBInstanceIdentifier === id;
    }
  }

  writerOf(cluster: string): string | undefined {
    return this.clusters
      .find(({ DBClusterIdentifier }) => DBClusterIdentifier === cluster)
      ?.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier;
  }

  /** Lets what was asked for come true: creating → available, deleting → gone. */
  settle(): void {
    for (const instance of [...this.instances]) {
      if (instance.DBInstanceStatus === 'creating') instance.DBInstanceStatus = 'available';
      if (instance.DBInstanceStatus === 'deleting') this.#remove(instance);
    }
  }

  #remove(instance: rds.DBInstance): void {
    this.instances.splice(this.instances.indexOf(instance), 1);
    for (const cluster of this.clusters) {
      cluster.DBClusterMembers = (cluster.DBClusterMembers ?? []).filter(
        (member) => member.DBInstanceIdentifier !== instance.DBInstanceIdentifier,
      );
    }
  }

  /** The service for an endpoint: real clients over loopback. */
  service() {
    return modelledService({ name: 'rds' }, rds, this.handlers);
  }

  /** A client without a wire, for thousands of runs. */
  client(): rds.RDSClient {
    const send = async (command: {
      readonly constructor: { readonly name: string };
      readonly input: object;
    }) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      const handler = (this.handlers as Readonly<Record<string, (input: object) => object>>)[operation];
      if (handler === undefined) throw new Error(`no handler for ${operation}`);
      // What is answered is a copy, as over a wire.
      return structuredClone(handler(command.input));
    };
    return { send } as unknown as rds.RDSClient;
  }

  readonly handlers = {
    DescribeDBClusters: (input: rds.DescribeDBClustersMessage) => {
      this.#called('DescribeDBClusters', input);
      const ids = idsOf(input.Filters, 'db-cluster-id');
      const found = this.clusters.filter(({ DBClusterIdentifier = '' }) => ids.includes(DBClusterIdentifier));
      const { items, marker } = this.#page(found, input.Marker);
      return { DBClusters: items, Marker: marker };
    },
    DescribeDBInstances: (input: rds.DescribeDBInstancesMessage) => {
      this.#called('DescribeDBInstances', input);
      const name = input.Filters?.[0]?.Name ?? '';
      const ids = idsOf(input.Filters, name);
      const idOf = (instance: rds.DBInstance) =>
        name === 'db-cluster-id' ? instance.DBClusterIdentifier : instance.DBInstanceIdentifier;
      const found = this.instances.filter((instance) => ids.includes(idOf(instance) ?? ''));
      const { items, marker } = this.#page(found, input.Marker);
      return { DBInstances: items, Marker: marker };
    },
    CreateDBInstance: (input: rds.CreateDBInstanceMessage) => {
      this.#called('CreateDBInstance', input);
      const { DBInstanceIdentifier: id = '', DBInstanceClass, AvailabilityZone, Tags, ...rest } = input;
      if (this.instances.some(({ DBInstanceIdentifier }) => DBInstanceIdentifier === id))
        throw fault(rds.DBInstanceAlreadyExistsFault, 'DB instance already exists');
      if (this.full.has(`${DBInstanceClass} ${AvailabilityZone}`))
        throw fault(rds.InsufficientDBInstanceCapacityFault, 'no capacity');
      this.changes.push(`create ${id} ${DBInstanceClass} ${AvailabilityZone}`);
      const instance = this.add(id, {
        DBInstanceClass,
        AvailabilityZone,
        TagList: Tags,
        DBClusterIdentifier: rest.DBClusterIdentifier,
        PromotionTier: rest.PromotionTier,
        DBInstanceStatus: 'creating',
      });
      return { DBInstance: instance };
    },
    DeleteDBInstance: (input: rds.DeleteDBInstanceMessage) => {
      this.#called('DeleteDBInstance', input);
      const { DBInstanceIdentifier: id = '' } = input;
      const instance = this.one(id);
      if (instance.DBInstanceStatus === 'creating')
        throw fault(rds.InvalidDBInstanceStateFault, `Instance ${id} is currently creating`);
      this.changes.push(`delete ${id}${input.SkipFinalSnapshot ? '' : ' with a snapshot'}`);
      instance.DBInstanceStatus = 'deleting';
      return { DBInstance: instance };
    },
    ModifyDBInstance: (input: rds.ModifyDBInstanceMessage) => {
      this.#called('ModifyDBInstance', input);
      const { DBInstanceIdentifier: id = '', DBInstanceClass, ApplyImmediately } = input;
      const instance = this.one(id);
      if (instance.DBInstanceStatus !== 'available')
        throw fault(rds.InvalidDBInstanceStateFault, `${id} is ${instance.DBInstanceStatus}`);
      this.changes.push(`modify ${id} ${DBInstanceClass}${ApplyImmediately ? ' now' : ''}`);
      const isBack = DBInstanceClass === instance.DBInstanceClass;
      instance.PendingModifiedValues = isBack ? {} : { DBInstanceClass };
      if (!isBack) instance.DBInstanceStatus = 'modifying';
      return { DBInstance: instance };
    },
    DescribeOrderableDBInstanceOptions: (input: rds.DescribeOrderableDBInstanceOptionsMessage) => {
      this.#called('DescribeOrderableDBInstanceOptions', input);
      const options = this.orderable[input.DBInstanceClass ?? ''] ?? [];
      const { items, marker } = this.#page(options, input.Marker);
      return { OrderableDBInstanceOptions: items, Marker: marker };
    },
    AddTagsToResource: (input: rds.AddTagsToResourceMessage) => {
      this.#called('AddTagsToResource', input);
      const id = input.ResourceName?.split(':').at(-1) ?? '';
      for (const { Key = '', Value = '' } of input.Tags ?? []) {
        this.changes.push(`tag ${id} ${Key}`);
        this.tag(id, Key, Value);
      }
      return {};
    },
    RemoveTagsFromResource: (input: rds.RemoveTagsFromResourceMessage) => {
      this.#called('RemoveTagsFromResource', input);
      const id = input.ResourceName?.split(':').at(-1) ?? '';
      const instance = this.one(id);
      for (const key of input.TagKeys ?? []) this.changes.push(`untag ${id} ${key}`);
      instance.TagList = (instance.TagList ?? []).filter(({ Key = '' }) => !input.TagKeys?.includes(Key));
      return {};
    },
    PromoteReadReplica: (input: rds.PromoteReadReplicaMessage) => {
      this.#called('PromoteReadReplica', input);
      const { DBInstanceIdentifier: id = '' } = input;
      const instance = this.one(id);
      this.changes.push(`promote ${id}`);
      instance.ReadReplicaSourceDBInstanceIdentifier = undefined;
      return { DBInstance: instance };
    },
    FailoverDBCluster: (input: rds.FailoverDBClusterMessage) => {
      this.#called('FailoverDBCluster', input);
      this.changes.push(`fail over ${input.DBClusterIdentifier} to ${input.TargetDBInstanceIdentifier}`);
      this.makeWriter(input.TargetDBInstanceIdentifier ?? '');
      return {};
    },
  };

  /** What can be ordered, by class. */
  orderable: Readonly<Record<string, rds.OrderableDBInstanceOption[]>> = {};

  #called(operation: string, input: object): void {
    const error = this.onCall(operation, input);
    if (error !== undefined) throw error;
  }

  #page<T>(all: readonly T[], marker: string | undefined): { items: T[]; marker: string | undefined } {
    const from = Number(marker ?? 0);
    const to = from + this.pageSize;
    return { items: all.slice(from, to), marker: to < all.length ? String(to) : undefined };
  }
}

const idsOf = (filters: readonly rds.Filter[] | undefined, name: string): readonly string[] =>
  filters?.find(({ Name }) => Name === name)?.Values ?? [];

/** Readings of instances by `metric instance`; what is not there has no data. Numbers are measured now, pairs when they say. */
export const instanceReadings = (
  values: Readonly<Record<string, number | readonly [number, Instant]>>,
): MetricSource => ({
  read: async (requests, now) =>
    new Map(
      requests.map(({ key, metric: { query } }): [string, MetricReading] => {
        if (query.kind !== 'stat') throw new Error('not a stat');
        const value = values[`${query.name} ${query.dimensions['DBInstanceIdentifier']}`];
        if (value === undefined) return [key, { kind: 'missing', reason: 'no-data', detail: 'no datapoint' }];
        const [number, at] = typeof value === 'number' ? [value, now] : value;
        return [key, { kind: 'value', value: number, at }];
      }),
    ),
});
