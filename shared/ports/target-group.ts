/** One target of a group: an instance, an address, or what else its type says. */
export interface GroupTarget {
  readonly id: string;
  /** Null = the port of the group. */
  readonly port: number | null;
}

/** A target with its health as the load balancer sees it. */
export interface TargetHealth extends GroupTarget {
  /** `initial`, `healthy`, `unhealthy`, `unhealthy.draining`, `draining`, `unused` or `unavailable`. */
  readonly state: string;
  /** Why, in the words of the load balancer; null = it is healthy. */
  readonly reason: string | null;
}

/** How a load balancer picks a target. */
export const BALANCING_ALGORITHMS = ['round_robin', 'least_outstanding_requests', 'weighted_random'] as const;

/** How a load balancer picks a target: one of {@link BALANCING_ALGORITHMS}. */
export type BalancingAlgorithm = (typeof BALANCING_ALGORITHMS)[number];

/** What maintenance did. */
export interface Maintenance {
  /** The targets that were taken out, or brought back. */
  readonly targets: readonly GroupTarget[];
}

/**
 * Steers one target group. Every call is safe to repeat, and throws ControllerError `target-missing`, `rejected`, `throttled`,
 * `unavailable` or `denied`.
 */
export interface TargetGroupControl {
  /** Every target with its health. */
  health(arn: string): Promise<readonly TargetHealth[]>;
  register(arn: string, targets: readonly GroupTarget[]): Promise<void>;
  /**
   * Takes targets out: each finishes what it has for at most the group's deregistration delay. `drainSeconds` sets that delay first,
   * 0 to 3600; null leaves it as it is.
   */
  deregister(arn: string, targets: readonly GroupTarget[], drainSeconds: number | null): Promise<void>;
  /** Takes every target out, and remembers at the group who was in. On again, it adds nobody to that but who has come since. */
  maintenanceOn(arn: string): Promise<Maintenance>;
  /** Brings back who was in when maintenance began. Off again, there is nobody to bring back. */
  maintenanceOff(arn: string): Promise<Maintenance>;
  algorithm(arn: string, type: BalancingAlgorithm): Promise<void>;
}
