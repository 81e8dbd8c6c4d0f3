import type { AuroraReadersTarget, RdsReplicasTarget } from '../core/target.ts';
import type { Instant } from '../core/time.ts';

/** A target whose replicas can take the place of their source. */
export type PromotableTarget = RdsReplicasTarget | AuroraReadersTarget;

/** The instance that takes writes now. */
export interface SourceView {
  readonly id: string;
  /** In the words of the service. */
  readonly status: string;
  /** Whether it answers, or will by itself: then nothing has to take its place. */
  readonly healthy: boolean;
  readonly engine: string;
}

/** An instance that could take the place of the source. */
export interface ReplicaView {
  readonly id: string;
  /** In the words of the service. */
  readonly status: string;
  readonly available: boolean;
  readonly engine: string;
  /** How far it is behind its source; null = unknown, which is not zero. */
  readonly lagSeconds: number | null;
  /** Whether Plimsoll created it. */
  readonly managed: boolean;
  /** Whether a scale-in has chosen it to go. */
  readonly leaving: boolean;
}

/** What a promotion is judged by. */
export interface FailoverView {
  /** Null = there is none now, or more than one. */
  readonly source: SourceView | null;
  readonly replicas: readonly ReplicaView[];
  /** Why nobody can be promoted now, such as a failover in progress; null = it can be done. */
  readonly busy: string | null;
  /** Whether what a replica is behind is lost when it is promoted; where they share their storage, nothing is. */
  readonly losesLag: boolean;
}

/** Puts a replica in the place of its source. */
export interface Failover {
  /**
   * A fresh look at a source and its replicas.
   * @throws ControllerError as {@link CapacityTarget}.
   */
  look(target: PromotableTarget, now: Instant): Promise<FailoverView>;
  /**
   * Asks for the promotion; the service carries it to its end. Not safe to repeat.
   * @throws ControllerError as {@link CapacityTarget}; after a retryable one nobody knows whether it was accepted.
   */
  promote(target: PromotableTarget, replica: string): Promise<void>;
}
