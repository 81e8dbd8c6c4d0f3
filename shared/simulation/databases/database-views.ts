import type { DatabaseFleet, DeletionRecord } from './database-fleet.ts';
import type { DatabaseTraffic } from './database-traffic.ts';
import type { TrafficCounts } from './traffic-counters.ts';

/** An instance at this instant. */
export interface DatabaseView {
  readonly id: string;
  readonly role: 'source' | 'replica' | 'writer' | 'reader';
  /** Identifier of the source or the cluster; null = it stands alone. */
  readonly of: string | null;
  readonly status: string;
  readonly instanceClass: string;
  readonly zone: string;
  /** Whether reads are handed to it. */
  readonly inTraffic: boolean;
  /** Why it is not ready for traffic; null = it is. */
  readonly unready: string | null;
  readonly connections: number;
  readonly maxConnections: number;
  readonly queriesPerSecond: number;
  /** Share of what it can do; more than 1 = more than it can. */
  readonly utilization: number;
  /** Seconds behind its source; null = unknown, or it has none. */
  readonly lagSeconds: number | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** All databases at this instant, and what became of the load so far. */
export interface DatabasesView {
  readonly instances: readonly DatabaseView[];
  /** The last second. */
  readonly second: TrafficCounts;
  /** The whole run. */
  readonly total: TrafficCounts;
  /** Seconds in which a node refused connections. */
  readonly refusingSeconds: number;
  /** Deletions that were asked for, in their order. */
  readonly deletions: readonly DeletionRecord[];
}

/** Takes the view. */
export function viewOf(
  fleet: DatabaseFleet,
  { second, total, refusingSeconds }: DatabaseTraffic,
  traffic: {
    readonly inTraffic: ReadonlySet<string | undefined>;
    readonly unready: (id: string) => string | null;
  },
): DatabasesView {
  const instances = [...fleet.instances.values()].map((instance): DatabaseView => {
    const { id, status, instanceClass, zone, replicaOf, cluster, queries, connections } = instance;
    const writes = cluster !== null && fleet.clusters.get(cluster)?.writer === id;
    const role =
      cluster === null ? (replicaOf === null ? 'source' : 'replica') : writes ? 'writer' : 'reader';
    return {
      ...{ id, role, status, instanceClass, zone },
      of: replicaOf ?? cluster,
      inTraffic: traffic.inTraffic.has(id),
      unready: traffic.unready(id),
      connections: connections.count,
      maxConnections: instance.maxConnections,
      queriesPerSecond: queries.reads + queries.writes,
      utilization: queries.utilization,
      lagSeconds: replicaOf === null ? null : instance.lag.real,
      tags: Object.fromEntries(instance.tags),
    };
  });
  return { instances, second, total, refusingSeconds, deletions: [...fleet.deletions] };
}
