import type { TargetId } from './target.ts';

/** One tier of an application: a target with what it waits for. */
export interface Tier {
  /** Unique in its application. */
  readonly name: string;
  /** The name of the policy that scales it. */
  readonly policy: string;
  readonly target: TargetId;
  /** Tiers that must be ready before this one grows; it shrinks before they do. */
  readonly after: readonly string[];
  /** A cache that counts as ready only after a run of this plan, or when so many seconds have passed since its scale-out. */
  readonly warm: { readonly plan: string; readonly withinSeconds: number } | null;
}

/** The connections that database nodes take, and the tiers that open them. */
export interface ConnectionBudget {
  /** The share (0..1) of all connections that the clients may use. */
  readonly share: number;
  readonly databases: readonly {
    /** The tier whose ready units take connections; null = nodes that no policy scales. */
    readonly tier: string | null;
    /** Nodes beside the units of the tier: a writer that is not counted in them. */
    readonly fixedNodes: number;
    /** `max_connections` of one node. */
    readonly maxConnections: number;
  }[];
  readonly clients: readonly {
    readonly tier: string;
    /** Connections that one unit opens at most. */
    readonly poolSize: number;
    /** How many times its size a tier has while a deployment rolls: 2 for a maximum of 200 %. */
    readonly deploymentFactor: number;
  }[];
}

/** Tiers that are scaled together, in order and within a budget of connections. */
export interface Application {
  /** Unique in its deployment. */
  readonly name: string;
  readonly tiers: readonly Tier[];
  readonly budget: ConnectionBudget | null;
}
