/** What became of queries and connections: sums of queries, and of connections in every second. */
export interface TrafficCounts {
  readonly reads: number;
  readonly writes: number;
  /** Queries that met a node that was not there or did not answer. */
  readonly failedReads: number;
  readonly failedWrites: number;
  /**
   * Reads handed to a replica or reader that was not available, was behind the limit of its policy, was not warm yet, or
   * replicates no more because it was promoted.
   */
  readonly notReady: Readonly<Record<'unavailable' | 'lagging' | 'warming' | 'detached', number>>;
  /** Reads handed to one that has not been ready for a moment since it came into traffic. */
  readonly neverReady: number;
  /** Queries beyond what a node can do. */
  readonly overloaded: number;
  /** Connections that nodes refused because of `max_connections`. */
  readonly refusedConnections: number;
}

/** Nothing asked, nothing gone wrong. */
export const NO_TRAFFIC: TrafficCounts = {
  reads: 0,
  writes: 0,
  failedReads: 0,
  failedWrites: 0,
  notReady: { unavailable: 0, lagging: 0, warming: 0, detached: 0 },
  neverReady: 0,
  overloaded: 0,
  refusedConnections: 0,
};

/** Adds counts up. */
export const plus = (left: TrafficCounts, right: Partial<TrafficCounts>): TrafficCounts => ({
  reads: left.reads + (right.reads ?? 0),
  writes: left.writes + (right.writes ?? 0),
  failedReads: left.failedReads + (right.failedReads ?? 0),
  failedWrites: left.failedWrites + (right.failedWrites ?? 0),
  notReady: {
    unavailable: left.notReady.unavailable + (right.notReady?.unavailable ?? 0),
    lagging: left.notReady.lagging + (right.notReady?.lagging ?? 0),
    warming: left.notReady.warming + (right.notReady?.warming ?? 0),
    detached: left.notReady.detached + (right.notReady?.detached ?? 0),
  },
  neverReady: left.neverReady + (right.neverReady ?? 0),
  overloaded: left.overloaded + (right.overloaded ?? 0),
  refusedConnections: left.refusedConnections + (right.refusedConnections ?? 0),
});
