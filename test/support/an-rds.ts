import * as rds from '@aws-sdk/client-rds';
import { awsError } from '../../functions/local/aws-endpoint/errors.ts';
import {
  type HandlersOf,
  type ModelledService,
  modelledService,
} from '../../functions/local/aws-endpoint/service.ts';
import type { MetricReading } from '../../shared/core/capacity.ts';
import { RESOURCE_TAGS } from '../../shared/core/target.ts';
import { type Instant, instant, plusSeconds } from '../../shared/core/time.ts';
import type { MetricRequest, MetricSource } from '../../shared/ports/metric-source.ts';
import { NOW } from './now.ts';

const ARN = 'arn:aws:rds:eu-central-1:123456789012:db:';
const CREATING_SECONDS = 300;
const BACKING_UP_SECONDS = 120;
const DELETING_SECONDS = 180;

/** A database of the small RDS: what a description has, and what only the test knows. */
export interface Database {
  instance: rds.DBInstance;
  /** When its present state ends; null = never by itself. */
  until: Instant | null;
  /** What its metrics say; undefined = no datapoint. */
  lag: number | undefined;
  connections: number | undefined;
}

/** What was deleted, and how it stood then. */
interface Deletion {
  readonly id: string;
  readonly at: Instant;
  readonly database: Database;
}

/** A tiny RDS that behaves: states take their time, tags stay, a source knows its replicas. */
export class TinyRds implements MetricSource {
  now: Instant = NOW;
  readonly databases = new Map<string, Database>();
  readonly created: rds.CreateDBInstanceReadReplicaMessage[] = [];
  readonly deleted: Deletion[] = [];
  /** `<class> <zone>` that has no room. */
  readonly full = new Set<string>();
  /** New replicas that never leave `creating`. */
  stuck = false;
  /** Bytes of WAL a second that sources write. */
  wal: number | undefined = 50_000;
  /** Lag of a new replica once it serves. */
  lagAtBirth: number | undefined = 0;
  pageSize = 100;

  add(
    id: string,
    overrides: Partial<rds.DBInstance> = {},
    tags: Readonly<Record<string, string>> = {},
  ): Database {
    const database: Database = {
      instance: {
        DBInstanceIdentifier: id,
        DBInstanceArn: ARN + id,
        DBInstanceStatus: 'available',
        DBInstanceClass: 'db.r6g.large',
        Engine: 'mysql',
        AvailabilityZone: 'eu-central-1a',
        BackupRetentionPeriod: 7,
        InstanceCreateTime: new Date(plusSeconds(this.now, -86_400)),
        Endpoint: { Address: `${id}.abc.eu-central-1.rds.amazonaws.com`, Port: 3306 },
        TagList: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        ...overrides,
      },
      until: null,
      lag: 0,
      connections: 0,
    };
    this.databases.set(id, database);
    return database;
  }

  source(id: string, overrides: Partial<rds.DBInstance> = {}): Database {
    const zones = ['a', 'b', 'c'].map((letter) => ({
      SubnetAvailabilityZone: { Name: `eu-central-1${letter}` },
    }));
    return this.add(id, {
      DBSubnetGroup: { Subnets: zones },
      DBParameterGroups: [{ DBParameterGroupName: 'orders-mysql8' }],
      OptionGroupMemberships: [{ OptionGroupName: 'orders-options' }],
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1' }, { VpcSecurityGroupId: 'sg-2' }],
      PubliclyAccessible: false,
      ...overrides,
    });
  }

  /** A replica that has served since yesterday; ours unless `managed` is false. */
  replica(
    id: string,
    source: string,
    {
      managed = true,
      tags = {},
      ...overrides
    }: Partial<rds.DBInstance> & {
      managed?: boolean;
      tags?: Readonly<Record<string, string>>;
    } = {},
  ): Database {
    return this.add(
      id,
      {
        ReadReplicaSourceDBInstanceIdentifier: source,
        Engine: this.databases.get(source)?.instance.Engine,
        ...overrides,
      },
      { ...(managed ? { [RESOURCE_TAGS.managed]: 'true' } : {}), ...tags },
    );
  }

  get(id: string): Database {
    const database = this.databases.get(id);
    if (database === undefined) throw awsError('DBInstanceNotFound', `DBInstance ${id} not found.`, 404);
    return database;
  }

  status(id: string): string {
    return this.get(id).instance.DBInstanceStatus ?? '';
  }

  tag(id: string, key: string): string | undefined {
    return this.get(id).instance.TagList?.find(({ Key }) => Key === key)?.Value;
  }

  setTag(id: string, key: string, value: string): void {
    const { instance } = this.get(id);
    instance.TagList = [
      ...(instance.TagList ?? []).filter(({ Key }) => Key !== key),
      { Key: key, Value: value },
    ];
  }

  replicasOf(source: string): readonly Database[] {
    return [...this.databases.values()].filter(
      ({ instance }) => instance.ReadReplicaSourceDBInstanceIdentifier === source,
    );
  }

  /** Time goes by, and states with it. */
  advance(seconds: number): void {
    this.now = plusSeconds(this.now, seconds);
    for (const [id, database] of this.databases) {
      while (database.until !== null && database.until <= this.now) this.#next(id, database, database.until);
    }
  }

  #next(id: string, database: Database, at: Instant): void {
    const { instance } = database;
    database.until = null;
    if (instance.DBInstanceStatus === 'deleting') this.databases.delete(id);
    else if (instance.DBInstanceStatus === 'creating') {
      instance.DBInstanceStatus = 'backing-up';
      instance.InstanceCreateTime = new Date(at);
      instance.Endpoint = { Address: `${id}.abc.eu-central-1.rds.amazonaws.com`, Port: 3306 };
      database.until = plusSeconds(at, BACKING_UP_SECONDS);
    } else if (instance.DBInstanceStatus === 'backing-up') {
      instance.DBInstanceStatus = 'available';
      database.lag = this.lagAtBirth;
      database.connections = 0;
    }
  }

  create(input: rds.CreateDBInstanceReadReplicaMessage): rds.DBInstance {
    const id = input.DBInstanceIdentifier ?? '';
    const source = this.get(input.SourceDBInstanceIdentifier ?? '').instance;
    if (this.databases.has(id)) throw awsError('DBInstanceAlreadyExists', 'DB instance already exists');
    if (!/^[a-z](-?[a-z0-9])*$/.test(id) || id.length > 63)
      throw awsError('InvalidParameterValue', `${id} is not a valid identifier`);
    if (source.DBInstanceStatus !== 'available')
      throw awsError('InvalidDBInstanceState', 'DB instance is not in available state.');
    if (this.replicasOf(source.DBInstanceIdentifier ?? '').length >= 15)
      throw awsError('InvalidParameterCombination', 'too many read replicas');
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
    if (input.DBParameterGroupName !== undefined)
      throw awsError(
        'InvalidParameterCombination',
        `A parameter group can't be specified during Read Replica creation for the following DB engine: ${source.Engine}`,
      );
    if (this.full.has(`${input.DBInstanceClass} ${input.AvailabilityZone}`))
      throw awsError('InsufficientDBInstanceCapacity', 'no capacity');
    const { instance } = this.add(id, {
      ...(input as Partial<rds.DBInstance>),
      DBInstanceStatus: 'creating',
      ReadReplicaSourceDBInstanceIdentifier: source.DBInstanceIdentifier,
      Engine: source.Engine,
      InstanceCreateTime: undefined,
      Endpoint: undefined,
      TagList: input.Tags,
    });
    const database = this.get(id);
    database.until = this.stuck ? null : plusSeconds(this.now, CREATING_SECONDS);
    database.lag = undefined;
    database.connections = undefined;
    this.created.push(input);
    return instance;
  }

  delete(id: string): void {
    const database = this.get(id);
    if (database.instance.DBInstanceStatus === 'deleting')
      throw awsError('InvalidDBInstanceState', `Instance ${id} is already being deleted.`);
    this.deleted.push({ id, at: this.now, database: structuredClone(database) });
    database.instance.DBInstanceStatus = 'deleting';
    database.until = plusSeconds(this.now, DELETING_SECONDS);
    database.connections = undefined;
  }

  get handlers() {
    return {
      DescribeDBInstances: ({ DBInstanceIdentifier: id, Marker, MaxRecords = 100 }) => {
        if (id !== undefined) return { DBInstances: [this.get(id).instance] };
        const all = [...this.databases.values()].map(({ instance }) => instance);
        const from = Number(Marker ?? 0);
        const to = from + Math.min(MaxRecords, this.pageSize);
        return { DBInstances: all.slice(from, to), ...(to < all.length && { Marker: String(to) }) };
      },
      CreateDBInstanceReadReplica: (input) => ({
        DBInstance: this.create(input as rds.CreateDBInstanceReadReplicaMessage),
      }),
      AddTagsToResource: ({ ResourceName = '', Tags = [] }) => {
        for (const { Key = '', Value = '' } of Tags) this.setTag(ResourceName.slice(ARN.length), Key, Value);
        return {};
      },
      RemoveTagsFromResource: ({ ResourceName = '', TagKeys = [] }) => {
        const { instance } = this.get(ResourceName.slice(ARN.length));
        instance.TagList = instance.TagList?.filter(({ Key = '' }) => !TagKeys.includes(Key));
        return {};
      },
      DeleteDBInstance: ({ DBInstanceIdentifier = '', SkipFinalSnapshot }) => {
        if (SkipFinalSnapshot !== true)
          throw awsError('InvalidParameterCombination', 'FinalDBSnapshotIdentifier is required');
        this.delete(DBInstanceIdentifier);
        return {};
      },
    } satisfies HandlersOf<typeof rds>;
  }

  /** To be played on the wire. */
  service(): ModelledService {
    return modelledService({ name: 'rds' }, rds, this.handlers);
  }

  /** In place of a client, without a wire: `fault` is asked before and after each call. */
  client(
    fault: (operation: string, when: 'before' | 'after', id: string) => Error | undefined,
  ): rds.RDSClient {
    const handlers = this.handlers as Readonly<Record<string, (input: object) => object>>;
    const send = async (command: { readonly input: Record<string, unknown> }): Promise<object> => {
      const operation = command.constructor.name.replace(/Command$/, '');
      const { DBInstanceIdentifier: id, ResourceName: name } = command.input;
      const failed = (when: 'before' | 'after'): void => {
        const error = fault(operation, when, String(id ?? name ?? ''));
        if (error !== undefined) throw error;
      };
      failed('before');
      const answer = structuredClone(handlers[operation]?.(command.input) ?? {});
      failed('after');
      return answer;
    };
    return { send } as unknown as rds.RDSClient;
  }

  /** CloudWatch, as far as it knows of databases: a datapoint of the last full minute. */
  async read(requests: readonly MetricRequest[], now: Instant): Promise<ReadonlyMap<string, MetricReading>> {
    const at = instant(Math.floor(now / 60_000) * 60_000 - 60_000);
    return new Map(requests.map((request) => [request.key, this.#reading(request, at)]));
  }

  #reading({ metric: { query, historySeconds } }: MetricRequest, at: Instant): MetricReading {
    if (query.kind !== 'stat') throw new Error('only statistics');
    const database = this.databases.get(query.dimensions['DBInstanceIdentifier'] ?? '');
    const values = { ReplicaLag: database?.lag, DatabaseConnections: database?.connections };
    const value =
      query.name === 'TransactionLogsGeneration' ? this.wal : values[query.name as keyof typeof values];
    if (value === undefined)
      return { kind: 'missing', reason: 'no-data', detail: `no datapoint of ${query.name}` };
    const minutes = Array.from({ length: historySeconds / 60 }, (_, index) => index + 1);
    const earlier = minutes.map((minute) => ({ at: plusSeconds(at, -60 * minute), value }));
    return { kind: 'value', value, at, earlier };
  }
}
