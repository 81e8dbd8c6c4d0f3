/** What the load of an account does to the tiers behind its services. */
export interface LoadModel {
  /** Reads of data that one unit of load causes; the caches answer part of them, the databases the rest. */
  readonly readsPerLoad: number;
  /** Share (0..1) of the reads that no cache may answer; absent = none. */
  readonly pastCaches?: number;
  /** Writes that one unit of load causes: all of them reach the writer. */
  readonly writesPerLoad: number;
  /** Connections that every running task holds open, spread over the database nodes that are in traffic. */
  readonly connectionsPerTask: number;
  /** Queries a second that one database node answers at full CPU. */
  readonly queriesPerNode: number;
}

/** A load that touches no database and no cache. */
export const NO_TIERS: LoadModel = {
  readsPerLoad: 0,
  writesPerLoad: 0,
  connectionsPerTask: 0,
  queriesPerNode: 1,
};

/** What one second asks of a tier. */
export interface Demand {
  readonly load: number;
  /** Running tasks of all services, those that a rolling deployment runs beside the others included. */
  readonly tasks: number;
  /** Reads a second that reach this tier. */
  readonly reads: number;
  readonly writes: number;
}
