import { type Instant, instant, plusSeconds, secondsBetween } from '../../core/time.ts';
import { ClientConnections } from './client-connections.ts';
import { defaultMaxConnections, instanceClassOf } from './instance-class.ts';
import { ReplicaLag } from './replica-lag.ts';

/** What an instance is created with. */
export interface InstanceSpec {
  readonly id: string;
  readonly engine: string;
  readonly instanceClass: string;
  readonly zone: string;
  /** Identifier of the source; null = it is no replica. */
  readonly replicaOf: string | null;
  /** Identifier of the Aurora cluster; null = it belongs to none. */
  readonly cluster: string | null;
  /** Days; 0 = no automated backups. */
  readonly backupRetention: number;
  /** Null = what the default parameter group gives the class. */
  readonly maxConnections: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly promotionTier: number;
  readonly address: { readonly host: string; readonly ip: string };
  readonly createdAt: Instant;
}

/** Something that happened to an instance and that RDS tells EventBridge. */
export type InstanceHappening =
  | 'created'
  | 'backup-started'
  | 'backup-finished'
  | 'class-change-started'
  | 'class-change-finished'
  | 'restarted'
  | 'replication-stopped'
  | 'replication-resumed'
  | 'failed'
  | 'deleted';

/** A status that an instance is in for a while. */
export interface Phase {
  readonly status: string;
  /** Infinity = until somebody does something. */
  readonly seconds: number;
  /** Whether it answers queries meanwhile. */
  readonly reachable: boolean;
  /** What comes about at its end. */
  readonly ended?: () => readonly InstanceHappening[];
}

/** How long data are read from S3 at their first touch, and how much more a query costs at first. */
const LAZY_LOADING_SECONDS = 900;
const EXTRA_COST_WHEN_COLD = 2;

/** A database instance of the simulated account. Statuses, lag and cold data follow from the time alone. */
export class DatabaseInstance {
  readonly id: string;
  readonly engine: string;
  readonly zone: string;
  readonly cluster: string | null;
  /** The source or cluster that it was made for: clients that know it go on asking it, whatever becomes of it. */
  readonly home: string;
  readonly promotionTier: number;
  readonly address: InstanceSpec['address'];
  readonly createdAt: Instant;
  readonly connections = new ClientConnections();
  readonly lag = new ReplicaLag();
  readonly tags: Map<string, string>;
  replicaOf: string | null;
  instanceClass: string;
  pendingClass: string | null = null;
  backupRetention: number;
  /** Since when it has been available for the first time; null = it has not been. */
  availableAt: Instant | null = null;
  /** Queries a second in the second before, and what share of its capacity they took; more than 1 = more than it can. */
  queries = { reads: 0, writes: 0, utilization: 0 };
  gone = false;
  /** Null = what the default parameter group gives the class. */
  readonly maxConnectionsSetting: number | null;
  #phases: readonly (Phase & { readonly until: Instant })[] = [];

  constructor(spec: InstanceSpec) {
    this.id = spec.id;
    this.engine = spec.engine;
    this.zone = spec.zone;
    this.cluster = spec.cluster;
    this.home = spec.cluster ?? spec.replicaOf ?? spec.id;
    this.promotionTier = spec.promotionTier;
    this.address = spec.address;
    this.createdAt = spec.createdAt;
    this.tags = new Map(Object.entries(spec.tags));
    this.replicaOf = spec.replicaOf;
    this.instanceClass = spec.instanceClass;
    this.backupRetention = spec.backupRetention;
    this.maxConnectionsSetting = spec.maxConnections;
  }

  get status(): string {
    return this.#phases[0]?.status ?? 'available';
  }

  /** Whether it answers queries. */
  get reachable(): boolean {
    return !this.gone && (this.#phases[0]?.reachable ?? true);
  }

  get maxConnections(): number {
    const size = instanceClassOf(this.instanceClass);
    return this.maxConnectionsSetting ?? (size === null ? 0 : defaultMaxConnections(this.engine, size));
  }

  get vcpus(): number {
    return instanceClassOf(this.instanceClass)?.vcpus ?? 1;
  }

  get memoryBytes(): number {
    return (instanceClassOf(this.instanceClass)?.memoryGiB ?? 1) * 1024 ** 3;
  }

  /** Puts it through phases, one after the other, from `now` on; then it is available. */
  enter(phases: readonly Phase[], now: Instant): void {
    let from = now;
    this.#phases = phases.map((phase) => {
      const until = Number.isFinite(phase.seconds)
        ? plusSeconds(from, phase.seconds)
        : instant(Number.POSITIVE_INFINITY);
      from = until;
      return { ...phase, until };
    });
  }

  /** Ends the phases that are over at `now`. */
  advanceTo(now: Instant): readonly InstanceHappening[] {
    const happened: InstanceHappening[] = [];
    for (let phase = this.#phases[0]; phase !== undefined && phase.until <= now; phase = this.#phases[0]) {
      this.#phases = this.#phases.slice(1);
      happened.push(...(phase.ended?.() ?? []));
    }
    return happened;
  }

  /** How many times as much a query costs: 1 with warm data. A warm-up run loads what queries ask for. */
  costOfQuery(now: Instant, warmed: boolean): number {
    if (this.replicaOf === null || warmed || this.availableAt === null) return 1;
    const age = secondsBetween(this.availableAt, now);
    return 1 + EXTRA_COST_WHEN_COLD * Math.max(0, 1 - age / LAZY_LOADING_SECONDS);
  }
}
