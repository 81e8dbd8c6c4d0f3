import { type Instant, plusSeconds } from '../../core/time.ts';
import { AccountRefusal } from '../account-refusal.ts';
import type { DatabaseInstance } from './database-instance.ts';

/** Something that happened to a cluster and that RDS tells EventBridge. */
export type ClusterHappening =
  | { readonly kind: 'failover-started'; readonly to: string }
  | { readonly kind: 'failover-completed'; readonly to: string };

/** Seconds that a failover takes. Source: https://aws.amazon.com/rds/aurora/faqs/ ("typically within 30 seconds", 60 at most) */
export const FAILOVER_SECONDS = { min: 30, max: 60 } as const;

/** An Aurora cluster: who writes, and whether that is changing. */
export class DatabaseCluster {
  readonly id: string;
  readonly engine: string;
  readonly zones: readonly string[];
  readonly createdAt: Instant;
  readonly tags = new Map<string, string>();
  #writer: string;
  #failover: { readonly to: string; readonly until: Instant } | null = null;

  constructor(spec: {
    readonly id: string;
    readonly engine: string;
    readonly zones: readonly string[];
    readonly writer: string;
    readonly createdAt: Instant;
  }) {
    this.id = spec.id;
    this.engine = spec.engine;
    this.zones = spec.zones;
    this.#writer = spec.writer;
    this.createdAt = spec.createdAt;
  }

  /** Identifier of the instance that writes. */
  get writer(): string {
    return this.#writer;
  }

  get status(): 'available' | 'failing-over' {
    return this.#failover === null ? 'available' : 'failing-over';
  }

  /**
   * Begins a failover, to `to` or else to the available reader of the lowest promotion tier.
   * @throws AccountRefusal `InvalidDBClusterStateFault` when it cannot.
   */
  failOver(
    readers: readonly DatabaseInstance[],
    how: { readonly to?: string | undefined; readonly now: Instant; readonly seconds: number },
  ): ClusterHappening {
    const able = readers
      .filter(({ id, status }) => status === 'available' && (how.to === undefined || id === how.to))
      .sort((left, right) => left.promotionTier - right.promotionTier);
    const [chosen] = able;
    if (this.#failover !== null || chosen === undefined) {
      const why =
        this.#failover === null ? 'it has no available reader to fail over to' : 'it is failing over';
      throw new AccountRefusal(
        'InvalidDBClusterStateFault',
        `DB cluster ${this.id} cannot fail over: ${why}.`,
      );
    }
    this.#failover = { to: chosen.id, until: plusSeconds(how.now, how.seconds) };
    return { kind: 'failover-started', to: chosen.id };
  }

  /** Carries a failover to its end. */
  advanceTo(now: Instant): readonly ClusterHappening[] {
    if (this.#failover === null || this.#failover.until > now) return [];
    const { to } = this.#failover;
    this.#writer = to;
    this.#failover = null;
    return [{ kind: 'failover-completed', to }];
  }
}
