import { RESOURCE_TAGS } from '../../core/target.ts';
import type { Instant } from '../../core/time.ts';
import type { Demand, LoadModel } from '../demand.ts';
import type { DatabaseFleet } from './database-fleet.ts';
import {
  type DatabaseGroup,
  madeFor,
  type ReadShare,
  readSharesOf,
  type TrafficPlane,
  unreadiness,
  writerOf,
} from './database-group.ts';
import type { DatabaseInstance } from './database-instance.ts';
import { NO_TRAFFIC, plus, type TrafficCounts } from './traffic-counters.ts';

/** Hands the load of every second to the nodes of the groups, which share it evenly, and counts what became of it. */
export class DatabaseTraffic {
  readonly #groups: readonly DatabaseGroup[];
  readonly #fleet: DatabaseFleet;
  readonly #plane: TrafficPlane;
  readonly #model: LoadModel;
  /** Nodes in traffic that have been ready since they came into it. */
  #proven = new Set<DatabaseInstance>();
  #total = NO_TRAFFIC;
  #second = NO_TRAFFIC;
  #refusingSeconds = 0;

  constructor(parts: {
    readonly groups: readonly DatabaseGroup[];
    readonly fleet: DatabaseFleet;
    readonly plane: TrafficPlane;
    readonly model: LoadModel;
  }) {
    this.#groups = parts.groups;
    this.#fleet = parts.fleet;
    this.#plane = parts.plane;
    this.#model = parts.model;
  }

  /** Sums over the run. */
  get total(): TrafficCounts {
    return this.#total;
  }

  /** The last second alone. */
  get second(): TrafficCounts {
    return this.#second;
  }

  /** Seconds in which a node refused connections. */
  get refusingSeconds(): number {
    return this.#refusingSeconds;
  }

  /** Puts the nodes under the load of the start, without counting it. */
  begin(demand: Demand, start: Instant): void {
    this.step(demand, start);
    this.#second = NO_TRAFFIC;
    this.#total = NO_TRAFFIC;
    this.#refusingSeconds = 0;
  }

  /** One second of load, which ends at `now`. */
  step(demand: Demand, now: Instant): void {
    this.#second = NO_TRAFFIC;
    const share = 1 / Math.max(1, this.#groups.length);
    const proven = new Set<DatabaseInstance>();
    for (const group of this.#groups) {
      for (const node of madeFor(group, this.#fleet)) node.queries = { reads: 0, writes: 0, utilization: 0 };
      const shares = readSharesOf(group, this.#fleet, this.#plane, now);
      this.#write(group, demand.writes * share, now);
      for (const each of shares) this.#read(group, each, demand.reads * share, now, proven);
      this.#connect(group, shares, { ...demand, tasks: demand.tasks * share });
      this.#settle(group, now);
    }
    this.#proven = proven;
    if (this.#second.refusedConnections > 0) this.#refusingSeconds += 1;
    this.#total = plus(this.#total, this.#second);
  }

  #write(group: DatabaseGroup, writes: number, now: Instant): void {
    if (writes > 0) group.lastWriteAt = now;
    const writer = writerOf(group, this.#fleet);
    const failing = group.kind === 'cluster' && this.#fleet.clusters.get(group.id)?.status !== 'available';
    const able = writer?.reachable === true && !failing;
    this.#count(able ? { writes } : { writes, failedWrites: writes });
    if (able) writer.queries.writes += writes;
  }

  #read(
    group: DatabaseGroup,
    { instance, share }: ReadShare,
    all: number,
    now: Instant,
    proven: Set<DatabaseInstance>,
  ): void {
    const reads = all * share;
    const answers = instance?.reachable === true;
    this.#count(answers ? { reads } : { reads, failedReads: reads });
    if (answers) instance.queries.reads += reads;
    if (instance !== null && instance === writerOf(group, this.#fleet)) return;
    const why = unreadiness(group, instance, now);
    if (instance !== null && (why === null || this.#proven.has(instance))) proven.add(instance);
    if (why === null) return;
    const neverReady = instance === null || !this.#proven.has(instance) ? reads : 0;
    this.#count({ notReady: { ...NO_TRAFFIC.notReady, [why]: reads }, neverReady });
  }

  /** Pools spread their connections like their queries; the writer has its part where anything is written. */
  #connect(group: DatabaseGroup, shares: readonly ReadShare[], { tasks, writes }: Demand): void {
    const total = tasks * this.#model.connectionsPerTask;
    const writer = writerOf(group, this.#fleet);
    const inTraffic = new Map(
      shares.flatMap(({ instance, share }) =>
        instance?.reachable === true ? [[instance, share] as const] : [],
      ),
    );
    if (writer?.reachable === true && writes > 0 && !inTraffic.has(writer))
      inTraffic.set(writer, 1 / Math.max(1, inTraffic.size));
    const weight = [...inTraffic.values()].reduce((sum, share) => sum + share, 0);
    const nodes = madeFor(group, this.#fleet);
    const open = nodes.reduce((sum, { connections }) => sum + connections.exact, 0);
    const wanted = (node: DatabaseInstance): number =>
      weight === 0 ? 0 : (total * (inTraffic.get(node) ?? 0)) / weight;
    for (const node of nodes) {
      if (!node.reachable) node.connections.cut();
      else if (open > total) node.connections.keepShare(total / open);
      node.connections.relax(wanted(node));
    }
    const kept = nodes.reduce((sum, { connections }) => sum + connections.exact, 0);
    const gaps = nodes.map((node) => [node, Math.max(0, wanted(node) - node.connections.exact)] as const);
    const gap = gaps.reduce((sum, [, each]) => sum + each, 0);
    if (gap === 0) return;
    for (const [node, each] of gaps) this.#open(node, ((total - kept) * each) / gap);
  }

  #open(node: DatabaseInstance, count: number): void {
    if (count <= 0) return;
    const room = Math.max(0, node.maxConnections - node.connections.exact);
    node.connections.open(Math.min(count, room));
    if (count > room) this.#count({ refusedConnections: count - room });
  }

  #settle(group: DatabaseGroup, now: Instant): void {
    for (const node of madeFor(group, this.#fleet)) {
      const { reads, writes } = node.queries;
      const capacity = (this.#model.queriesPerNode * node.vcpus) / group.baseVcpus;
      const cost = node.costOfQuery(now, node.tags.has(RESOURCE_TAGS.warmed));
      const utilization = ((reads + writes) * cost) / capacity;
      node.queries = { reads, writes, utilization };
      if (utilization > 1) this.#count({ overloaded: (reads + writes) * (1 - 1 / utilization) });
      if (node.replicaOf !== null && node.availableAt !== null) node.lag.step(now);
    }
  }

  #count(counts: Partial<TrafficCounts>): void {
    this.#second = plus(this.#second, counts);
  }
}
