import { type Instant, plusSeconds } from '../../core/time.ts';
import { type Demand, NO_TIERS } from '../demand.ts';
import type { AccountIdentity, PlantEvent } from '../plant-event.ts';
import type { PlantMetrics } from '../plant-metrics.ts';
import type { PlantOptions } from '../plant-views.ts';
import { seededRandom } from '../seeded-random.ts';
import { SimulatedRecords } from '../traffic/simulated-records.ts';
import { SimulatedTargetGroups } from '../traffic/simulated-target-groups.ts';
import { DatabaseEvents } from './database-events.ts';
import { type DatabaseFault, PendingFaults } from './database-faults.ts';
import { DatabaseFleet } from './database-fleet.ts';
import { type DatabaseGroup, readSharesOf, unreadiness } from './database-group.ts';
import type { InstanceHappening } from './database-instance.ts';
import { DatabaseMetrics } from './database-metrics.ts';
import { DatabaseOperations } from './database-operations.ts';
import { DatabaseTraffic } from './database-traffic.ts';
import { type DatabasesView, viewOf } from './database-views.ts';
import { failure, restart } from './instance-phases.ts';
import { provision, zonesOf } from './provision.ts';

const NOTHING: readonly PlantEvent[] = [];

/** What the databases of a simulated account are made in. */
export interface DatabaseSurroundings {
  readonly identity: AccountIdentity;
  readonly metrics: PlantMetrics;
  /** What the first second asks of them. */
  readonly demand: Demand;
}

/** The databases of the simulated account, with the records and target groups that lead to them. */
export class SimulatedDatabases {
  readonly fleet: DatabaseFleet;
  readonly records = new SimulatedRecords();
  readonly targetGroups: SimulatedTargetGroups;
  readonly operations: DatabaseOperations;
  readonly #faults = new PendingFaults();
  readonly #groups: readonly DatabaseGroup[];
  readonly #traffic: DatabaseTraffic;
  readonly #metrics: DatabaseMetrics;
  readonly #events: DatabaseEvents;
  readonly #overrides: NonNullable<PlantOptions['databases']>;
  #reported: PlantEvent[] = [];
  #now: Instant;

  constructor(options: PlantOptions, { identity, metrics, demand }: DatabaseSurroundings) {
    const { policies, seed, start, databases = {}, loadModel: model = NO_TIERS } = options;
    this.#now = start;
    this.#overrides = databases;
    this.fleet = new DatabaseFleet(identity, seed);
    this.targetGroups = new SimulatedTargetGroups(seededRandom(seed, 'elbv2'), (ip) => this.#answers(ip));
    this.#events = new DatabaseEvents(identity, seededRandom(seed, 'rds-events'));
    this.operations = new DatabaseOperations({
      fleet: this.fleet,
      faults: this.#faults,
      reports: {
        instance: (instance, happening) =>
          this.#reported.push(this.#events.instance(instance, happening, this.#now)),
        cluster: (id, happening) =>
          this.#reported.push(this.#events.cluster(this.fleet.cluster(id), happening, this.#now)),
      },
      zonesOf: (id) => this.zonesOf(id),
    });
    const parts = { fleet: this.fleet, plane: this, model };
    this.#groups = provision({ ...parts, policies, overrides: databases, demand, start });
    this.#traffic = new DatabaseTraffic({ ...parts, groups: this.#groups });
    this.#metrics = new DatabaseMetrics(this.fleet, this.#groups, metrics);
    if (this.fleet.instances.size > 0) {
      this.#traffic.begin(demand, start);
      this.#metrics.begin(start);
    }
  }

  /** Carries them through the second that ends at `end`. */
  step(demand: Demand, end: Instant): readonly PlantEvent[] {
    this.#now = end;
    if (this.fleet.instances.size === 0) return NOTHING;
    for (const instance of this.fleet.instances.values()) {
      for (const happening of instance.advanceTo(end)) this.#happened(instance.id, happening, end);
    }
    for (const cluster of this.fleet.clusters.values()) this.#finishFailover(cluster.id, end);
    this.#traffic.step(demand, end);
    this.#metrics.step(end);
    if (this.#reported.length === 0) return NOTHING;
    const events = this.#reported;
    this.#reported = [];
    return events;
  }

  /**
   * Lets something go wrong.
   * @throws AccountRefusal for an instance or a cluster that is not there.
   */
  fault(fault: DatabaseFault): void {
    switch (fault.kind) {
      case 'stuck-creating':
        this.#faults.stick(fault.instance);
        break;
      case 'insufficient-capacity':
        this.#faults.makeScarce(fault);
        break;
      case 'refuse-delete':
        this.#faults.refuseDeletes(fault.count);
        break;
      case 'failover':
        this.operations.failOver(fault.cluster, undefined, this.#now);
        break;
      case 'lag': {
        const until = plusSeconds(this.#now, fault.forSeconds);
        this.fleet.instance(fault.instance).lag.force(fault.seconds, until);
        break;
      }
      case 'source-failed': {
        const instance = this.fleet.instance(fault.instance);
        this.operations.replaceWriter(instance, this.#now);
        instance.enter(failure, this.#now);
        this.#reported.push(this.#events.instance(instance, 'failed', this.#now));
      }
    }
  }

  /** Zones of the subnet group of a source, a cluster or one of their members. */
  zonesOf(id: string): readonly string[] {
    const instance = this.fleet.instances.get(id);
    const owner = instance?.replicaOf ?? instance?.cluster ?? id;
    return zonesOf(this.#overrides, this.fleet, owner);
  }

  /** The address behind a host name, as a resolver in the VPC answers; null = there is no such host. */
  readonly resolve = async (host: string): Promise<string | null> => {
    const name = host.toLowerCase().replace(/\.$/, '');
    const found = [...this.fleet.instances.values()].find(({ address }) => address.host === name);
    return found?.address.ip ?? null;
  };

  /** Everything at this instant, and sums over the run: for a live view, and for what a scenario expects. */
  views(): DatabasesView {
    const inTraffic = new Set(
      this.#groups.flatMap((group) =>
        readSharesOf(group, this.fleet, this, this.#now).map(({ instance }) => instance?.id),
      ),
    );
    const unready = (id: string): string | null => {
      const instance = this.fleet.instance(id);
      const group = this.#groups.find((each) => each.id === instance.home);
      return group === undefined ? null : unreadiness(group, instance, this.#now);
    };
    return viewOf(this.fleet, this.#traffic, { inTraffic, unready });
  }

  #happened(id: string, happening: InstanceHappening, at: Instant): void {
    const instance = this.fleet.instance(id);
    this.#reported.push(this.#events.instance(instance, happening, at));
    if (happening !== 'deleted') return;
    this.fleet.instances.delete(id);
    // Replicas of a source that is gone stand on their own.
    for (const orphan of this.fleet.replicasOf(id)) orphan.replicaOf = null;
  }

  #finishFailover(id: string, now: Instant): void {
    const cluster = this.fleet.cluster(id);
    const before = cluster.writer;
    for (const happening of cluster.advanceTo(now)) {
      this.#reported.push(this.#events.cluster(cluster, happening, now));
      const old = this.fleet.instances.get(before);
      if (old?.status === 'available') old.enter(restart(this.fleet.randomOf(before)), now);
    }
  }

  #answers(ip: string): boolean {
    return [...this.fleet.instances.values()].some(
      ({ address, reachable }) => reachable && address.ip === ip,
    );
  }
}
