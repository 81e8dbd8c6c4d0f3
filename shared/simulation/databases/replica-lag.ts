import type { Instant } from '../../core/time.ts';

/** How long an idle PostgreSQL source leaves its replicas without anything to replay, in seconds. */
const IDLE_CYCLE_SECONDS = 300;

/** How far a replica is behind its source. */
export class ReplicaLag {
  #seconds = 0;
  #catchUp = 0;
  #forced: { readonly seconds: number | null; readonly until: Instant } | null = null;

  /** A replica at birth is behind, and catches up over a while. */
  bornBehind(seconds: number, catchUpSeconds: number): void {
    this.#seconds = seconds;
    this.#catchUp = seconds / catchUpSeconds;
  }

  /** A fault: it is behind by so much, or unknown (null), until then. */
  force(seconds: number | null, until: Instant): void {
    this.#forced = { seconds, until };
  }

  /** One second, which ends at `now`. */
  step(now: Instant): void {
    if (this.#forced !== null && this.#forced.until <= now) {
      this.bornBehind(this.#forced.seconds ?? this.#seconds, Math.max(30, (this.#forced.seconds ?? 0) / 3));
      this.#forced = null;
    }
    if (this.#seconds > 0) this.#seconds = Math.max(0, this.#seconds - this.#catchUp);
  }

  /** Seconds behind, as it is; null = replication does not run. */
  get real(): number | null {
    return this.#forced === null ? this.#seconds : this.#forced.seconds;
  }

  /**
   * Seconds behind, as CloudWatch shows it: −1 = unknown, and a PostgreSQL replica without anything to replay shows the time
   * since the last write, up to five minutes.
   * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.Monitor.html
   */
  reported(idleSeconds: number): number {
    if (this.real === null) return -1;
    return Math.max(this.real, idleSeconds % IDLE_CYCLE_SECONDS);
  }
}
