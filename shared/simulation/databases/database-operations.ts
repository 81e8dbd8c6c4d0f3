import type { Instant } from '../../core/time.ts';
import { AccountRefusal } from '../account-refusal.ts';
import { type ClusterHappening, FAILOVER_SECONDS } from './database-cluster.ts';
import type { PendingFaults } from './database-faults.ts';
import { type DatabaseFleet, INSTANCE_QUOTA } from './database-fleet.ts';
import type { DatabaseInstance, InstanceHappening } from './database-instance.ts';
import { instanceClassOf } from './instance-class.ts';
import { classChange, creation, deletion, promotion } from './instance-phases.ts';

/** Replicas that a source may have. Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html */
const MAX_REPLICAS = { usual: 15, fewer: 5 } as const;
const FEWER_REPLICAS = /^(oracle|sqlserver|db2)/;
const IDENTIFIER = /^[a-z](?!.*--)[a-z0-9-]{0,61}[a-z0-9]$|^[a-z]$/;

/** What a new instance is asked for with. */
export interface NewMember {
  readonly id: string;
  readonly instanceClass?: string | undefined;
  readonly zone?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly promotionTier?: number | undefined;
}

/** Told what a call began, for EventBridge. */
export interface Reports {
  instance(instance: DatabaseInstance, happening: InstanceHappening): void;
  cluster(cluster: string, happening: ClusterHappening): void;
}

/** What RDS does when it is called. Every refusal is an AccountRefusal with the name of the exception. */
export class DatabaseOperations {
  readonly #fleet: DatabaseFleet;
  readonly #faults: PendingFaults;
  readonly #reports: Reports;
  readonly #zonesOf: (id: string) => readonly string[];

  constructor(parts: {
    readonly fleet: DatabaseFleet;
    readonly faults: PendingFaults;
    readonly reports: Reports;
    readonly zonesOf: (id: string) => readonly string[];
  }) {
    this.#fleet = parts.fleet;
    this.#faults = parts.faults;
    this.#reports = parts.reports;
    this.#zonesOf = parts.zonesOf;
  }

  /** CreateDBInstanceReadReplica. */
  createReplica(sourceId: string, wanted: NewMember, now: Instant): DatabaseInstance {
    this.#assertNew(wanted.id);
    const source = this.#fleet.instance(sourceId);
    if (source.cluster !== null) throw invalidState(`DB instance ${source.id} belongs to an Aurora cluster.`);
    if (source.status !== 'available') {
      throw invalidState(`DB instance ${source.id} is not in the available state (${source.status}).`);
    }
    if (source.backupRetention === 0) {
      throw invalidState(
        'Automated backups are not enabled for this database instance. To enable automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value.',
      );
    }
    const most = FEWER_REPLICAS.test(source.engine) ? MAX_REPLICAS.fewer : MAX_REPLICAS.usual;
    if (this.#fleet.replicasOf(source.id).length >= most) {
      throw quota(`DB instance ${source.id} already has ${most} read replicas.`);
    }
    const { engine, instanceClass } = source;
    return this.#create(
      {
        ...wanted,
        engine,
        replicaOf: source.id,
        cluster: null,
        like: instanceClass,
        maxConnections: source.maxConnectionsSetting,
      },
      now,
    );
  }

  /** CreateDBInstance into a cluster. */
  createReader(clusterId: string, wanted: NewMember, now: Instant): DatabaseInstance {
    this.#assertNew(wanted.id);
    const cluster = this.#fleet.cluster(clusterId);
    if (this.#fleet.membersOf(cluster.id).length > MAX_REPLICAS.usual) {
      throw quota(`DB cluster ${cluster.id} already has ${MAX_REPLICAS.usual} readers.`);
    }
    const writer = this.#fleet.instance(cluster.writer);
    return this.#create(
      {
        ...{ ...wanted, engine: cluster.engine, replicaOf: null, cluster: cluster.id },
        ...{ like: writer.instanceClass, maxConnections: writer.maxConnectionsSetting },
      },
      now,
    );
  }

  /** DeleteDBInstance, with no final snapshot. */
  remove(id: string, now: Instant): DatabaseInstance {
    const instance = this.#fleet.instance(id);
    if (instance.status === 'deleting')
      throw invalidState(`Instance ${instance.id} is already being deleted.`);
    if (instance.status === 'modifying' || instance.status === 'rebooting') {
      throw invalidState(`Instance ${instance.id} is not in a state to be deleted (${instance.status}).`);
    }
    if (this.#faults.takesDelete()) {
      throw invalidState(`Instance ${instance.id} is not currently in a state to be deleted.`);
    }
    const connections = instance.connections.count;
    const tags = Object.fromEntries(instance.tags);
    this.#fleet.deletions.push({
      instance: instance.id,
      at: now,
      connections,
      tags,
      replicaOf: instance.replicaOf,
    });
    instance.connections.cut();
    this.replaceWriter(instance, now);
    instance.enter(deletion(instance, this.#fleet.randomOf(instance.id)), now);
    return instance;
  }

  /** ModifyDBInstance with a new class, at once or in the next maintenance window: then it is pending. */
  changeClass(id: string, wanted: string, immediately: boolean, now: Instant): DatabaseInstance {
    const instance = this.#available(id);
    assertClass(wanted);
    if (wanted === instance.instanceClass) {
      instance.pendingClass = null;
      return instance;
    }
    if (!immediately) {
      instance.pendingClass = wanted;
      return instance;
    }
    this.#assertCapacity(wanted, instance.zone);
    instance.pendingClass = wanted;
    instance.enter(classChange(instance, this.#fleet.randomOf(instance.id)), now);
    this.#reports.instance(instance, 'class-change-started');
    return instance;
  }

  /** PromoteReadReplica. */
  promote(id: string, backupRetention: number, now: Instant): DatabaseInstance {
    const instance = this.#available(id);
    if (instance.replicaOf === null) throw invalidState(`DB Instance ${instance.id} is not a read replica.`);
    instance.enter(promotion(instance, this.#fleet.randomOf(instance.id), backupRetention), now);
    return instance;
  }

  /** FailoverDBCluster. */
  failOver(clusterId: string, to: string | undefined, now: Instant): void {
    const cluster = this.#fleet.cluster(clusterId);
    const readers = this.#fleet.membersOf(cluster.id).filter(({ id }) => id !== cluster.writer);
    if (to !== undefined) this.#fleet.instance(to);
    const seconds = this.#fleet.randomOf(cluster.id).between(FAILOVER_SECONDS.min, FAILOVER_SECONDS.max);
    this.#reports.cluster(cluster.id, cluster.failOver(readers, { to, now, seconds }));
  }

  /** An Aurora cluster whose writer goes away fails over by itself, if it has an available reader. */
  replaceWriter(instance: DatabaseInstance, now: Instant): void {
    const cluster = instance.cluster === null ? undefined : this.#fleet.clusters.get(instance.cluster);
    if (cluster?.writer !== instance.id || cluster.status !== 'available') return;
    const others = this.#fleet.membersOf(cluster.id).filter((member) => member !== instance);
    if (others.some(({ status }) => status === 'available')) this.failOver(cluster.id, undefined, now);
  }

  #create(
    wanted: NewMember & {
      readonly engine: string;
      readonly replicaOf: string | null;
      readonly cluster: string | null;
      readonly like: string;
      readonly maxConnections: number | null;
    },
    now: Instant,
  ): DatabaseInstance {
    const instanceClass = wanted.instanceClass ?? wanted.like;
    assertClass(instanceClass);
    const random = this.#fleet.randomOf(wanted.id);
    const zones = this.#zonesOf(wanted.cluster ?? wanted.replicaOf ?? wanted.id);
    const zone = wanted.zone ?? zones[random.between(0, zones.length - 1)] ?? '';
    if (!zones.includes(zone)) {
      throw new AccountRefusal('InvalidVPCNetworkStateFault', `The DB subnet group does not cover ${zone}.`);
    }
    this.#assertCapacity(instanceClass, zone);
    const { id, engine, replicaOf, cluster, maxConnections, tags = {}, promotionTier = 1 } = wanted;
    const fresh = { maxConnections, backupRetention: 0, createdAt: now };
    const instance = this.#fleet.add({
      ...{ id, engine, replicaOf, cluster, tags, promotionTier },
      ...{ ...fresh, instanceClass, zone },
    });
    instance.enter(creation(instance, random, now, this.#faults.takesStuck(id)), now);
    return instance;
  }

  #available(id: string): DatabaseInstance {
    const instance = this.#fleet.instance(id);
    if (instance.status === 'available') return instance;
    throw invalidState(`Database instance is not in available state (${instance.id} is ${instance.status}).`);
  }

  #assertNew(id: string): void {
    if (!IDENTIFIER.test(id)) {
      throw new AccountRefusal(
        'InvalidParameterValue',
        `The parameter DBInstanceIdentifier is not a valid identifier: ${id}`,
      );
    }
    if (this.#fleet.instances.has(id)) {
      throw new AccountRefusal('DBInstanceAlreadyExistsFault', 'DB instance already exists');
    }
    if (this.#fleet.instances.size >= INSTANCE_QUOTA) {
      throw quota(`The account may have ${INSTANCE_QUOTA} DB instances at most.`);
    }
  }

  #assertCapacity(instanceClass: string, zone: string): void {
    if (!this.#faults.takesCapacity(instanceClass, zone)) return;
    throw new AccountRefusal(
      'InsufficientDBInstanceCapacityFault',
      `The requested DB instance class ${instanceClass} is not available in ${zone}.`,
    );
  }
}

function assertClass(name: string): void {
  if (instanceClassOf(name) !== null) return;
  throw new AccountRefusal('InvalidParameterValue', `Invalid DB Instance class: ${name}`);
}

const invalidState = (message: string): Error => new AccountRefusal('InvalidDBInstanceStateFault', message);
const quota = (message: string): Error => new AccountRefusal('InstanceQuotaExceededFault', message);
