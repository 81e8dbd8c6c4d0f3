import { type Instant, instant, plusSeconds } from '../core/time.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Seconds that a task takes from being asked for to running: the shortest and the longest. */
export const TASK_START_SECONDS = { min: 30, max: 90 } as const;

/** A deployment as ECS reports it. */
export interface SimulatedDeployment {
  readonly id: string;
  readonly status: 'PRIMARY' | 'ACTIVE';
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED';
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Something that happened to a service and that ECS tells EventBridge. */
export type ServiceHappening = 'steady-state' | 'deployment-in-progress' | 'deployment-completed';

interface Deployment {
  readonly id: string;
  readonly createdAt: Instant;
  readonly endsAt: Instant;
}

/**
 * An ECS service whose tasks take 30 to 90 s to start, drawn from its own seeded stream, and stop at once.
 * Where it has too many, tasks that do not run yet go first, those that would run last before the others.
 */
export class SimulatedService {
  readonly cluster: string;
  readonly name: string;
  readonly #random: SeededRandom;
  readonly #createdAt: Instant;
  #status: 'ACTIVE' | 'INACTIVE' = 'ACTIVE';
  #desired: number;
  #running: number;
  /** When each pending task will run, soonest first. */
  #starting: readonly Instant[] = [];
  #deployments: readonly Deployment[];
  #settled = true;

  constructor(identity: {
    readonly cluster: string;
    readonly name: string;
    readonly size: number;
    readonly createdAt: Instant;
    readonly random: SeededRandom;
  }) {
    this.cluster = identity.cluster;
    this.name = identity.name;
    this.#random = identity.random;
    this.#createdAt = identity.createdAt;
    this.#desired = identity.size;
    this.#running = identity.size;
    this.#deployments = [
      { id: this.#deploymentId(), createdAt: identity.createdAt, endsAt: identity.createdAt },
    ];
  }

  get status(): 'ACTIVE' | 'INACTIVE' {
    return this.#status;
  }

  /** Tasks that were asked for. */
  get desired(): number {
    return this.#desired;
  }

  /** Tasks that run. */
  get running(): number {
    return this.#running;
  }

  /** Tasks that were asked for and do not run yet. */
  get pending(): number {
    return this.#starting.length;
  }

  get createdAt(): Instant {
    return this.#createdAt;
  }

  /** Asks for an absolute number of tasks. */
  resize(desired: number, now: Instant): void {
    this.#settled &&= desired === this.#desired;
    this.#desired = desired;
    this.#adjust(now);
  }

  /** Stops every task; the service stays visible as INACTIVE, as ECS keeps it for a while. */
  delete(): void {
    this.#status = 'INACTIVE';
    this.#desired = 0;
    this.#running = 0;
    this.#starting = [];
  }

  /** Begins a rolling deployment that ends after `seconds`; the number of running tasks does not change meanwhile. */
  beginDeployment(now: Instant, seconds: number): void {
    this.#deployments = [
      { id: this.#deploymentId(), createdAt: now, endsAt: plusSeconds(now, seconds) },
      ...this.#deployments.slice(0, 1),
    ];
  }

  /** Carries the service to `now`, and says what happened. Cheap when nothing is under way. */
  advanceTo(now: Instant): readonly ServiceHappening[] {
    if (this.#settled && this.#starting.length === 0 && this.#deployments.length === 1) return [];
    while (this.#starting[0] !== undefined && this.#starting[0] <= now) {
      this.#starting = this.#starting.slice(1);
      this.#running += 1;
    }
    return [...this.#finishDeployment(now), ...this.#reachSteadyState()];
  }

  /** What ECS reports of its deployments, the primary one first. */
  deployments(): readonly SimulatedDeployment[] {
    const replaced = this.#deployments.length > 1;
    return this.#deployments.map(({ id, createdAt, endsAt }, index) => {
      const primary = index === 0;
      // While a deployment rolls, old and new tasks run side by side; half and half says so without modelling each step.
      const share = (count: number): number =>
        replaced ? (primary ? Math.floor(count / 2) : Math.ceil(count / 2)) : count;
      return {
        id,
        status: primary ? 'PRIMARY' : 'ACTIVE',
        rolloutState: primary && replaced ? 'IN_PROGRESS' : 'COMPLETED',
        desired: primary ? this.#desired : share(this.#desired),
        running: share(this.#running),
        pending: primary ? this.pending : 0,
        createdAt,
        updatedAt: instant(primary && replaced ? createdAt : endsAt),
      };
    });
  }

  #adjust(now: Instant): void {
    const missing = this.#desired - this.#running - this.#starting.length;
    if (missing > 0) {
      const { min, max } = TASK_START_SECONDS;
      const added = Array.from({ length: missing }, () => plusSeconds(now, this.#random.between(min, max)));
      this.#starting = [...this.#starting, ...added].sort((left, right) => left - right);
    } else if (missing < 0) {
      const cancelled = Math.min(-missing, this.#starting.length);
      this.#starting = this.#starting.slice(0, this.#starting.length - cancelled);
      this.#running -= -missing - cancelled;
    }
  }

  #finishDeployment(now: Instant): readonly ServiceHappening[] {
    const [primary] = this.#deployments;
    if (primary === undefined || this.#deployments.length === 1 || primary.endsAt > now) return [];
    this.#deployments = [primary];
    return ['deployment-completed'];
  }

  #reachSteadyState(): readonly ServiceHappening[] {
    if (this.#settled || this.#running !== this.#desired || this.#deployments.length > 1) return [];
    this.#settled = true;
    return ['steady-state'];
  }

  #deploymentId(): string {
    return `ecs-svc/${Array.from({ length: 19 }, () => this.#random.between(0, 9)).join('')}`;
  }
}
