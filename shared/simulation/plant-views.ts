import type { Policy } from '../core/policy.ts';
import type { Instant } from '../core/time.ts';
import type { CacheOverrides } from './caches/cache-views.ts';
import type { DatabaseOverride } from './databases/provision.ts';
import type { LoadModel } from './demand.ts';
import type { AccountIdentity } from './plant-event.ts';
import type { UnitCapacity } from './scorecard.ts';
import type { SimulatedDeployment } from './simulated-deployment.ts';
import type { Workload } from './workload.ts';

/** What a simulated account is made of. */
export interface PlantOptions {
  /** The account holds whatever these name, and the alarms that they ask for. */
  readonly policies: readonly Policy[];
  /** The load on every service. */
  readonly workload: Workload;
  /** The same seed gives the same run. */
  readonly seed: number;
  /** When the account begins; before it, for a day, everything stood still at the size and load of this instant. */
  readonly start: Instant;
  /** Load that one unit carries at target; by default the 99.9th percentile of the load needs 80 % of each maximum. */
  readonly unitCapacity?: number;
  readonly identity?: AccountIdentity;
  /** What the load does to databases and caches; by default nothing. */
  readonly loadModel?: LoadModel;
  /** What of a replication group differs from what its policies suggest, by its id. */
  readonly caches?: Readonly<Record<string, CacheOverrides>>;
  /** How databases differ from the defaults, by the identifier of an instance or a cluster. */
  readonly databases?: Readonly<Record<string, DatabaseOverride>>;
}

/** A service as ECS describes it. */
export interface ServiceView {
  readonly cluster: string;
  readonly name: string;
  readonly arn: string;
  readonly clusterArn: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly createdAt: Instant;
  readonly deployments: readonly SimulatedDeployment[];
}

/** What a run looks like at this instant, for a live view. */
export interface TargetView {
  readonly policy: string;
  readonly load: number;
  readonly unit: UnitCapacity;
  readonly service: ServiceView;
}

/** What an operator's request to resize a service came to. */
export type UpdateOutcome = 'updated' | 'no-such-service' | 'inactive';
