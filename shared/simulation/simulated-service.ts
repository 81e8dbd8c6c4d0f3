import { type Instant, plusSeconds } from '../core/time.ts';
import type { SeededRandom } from './seeded-random.ts';
import { type Deployment, type SimulatedDeployment, viewsOf } from './simulated-deployment.ts';
import type { TaskRevision } from './task-definitions.ts';

/** Seconds that a task takes from being asked for to running: the shortest and the longest. */
export const TASK_START_SECONDS = { min: 30, max: 90 } as const;

/** `maximumPercent` of a rolling deployment, as a share of the desired count. */
const MAXIMUM_SHARE = 2;

/** How long a circuit breaker's own deployment takes, whose tasks run already. */
const ROLLBACK_SECONDS = 60;

/** Something that happened to a service and that ECS tells EventBridge. */
export type ServiceHappening =
  | 'steady-state'
  | 'deployment-in-progress'
  | 'deployment-completed'
  | 'deployment-failed';

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
  /** Tasks of the primary deployment that run. */
  #running: number;
  /** Tasks of replaced deployments that still run. */
  #old = 0;
  /** When each pending task will run, soonest first. */
  #starting: readonly Instant[] = [];
  #deployments: readonly Deployment[];
  #settled = true;
  #nextFails = false;

  constructor(identity: {
    readonly cluster: string;
    readonly name: string;
    readonly size: number;
    readonly createdAt: Instant;
    readonly revision: TaskRevision;
    readonly random: SeededRandom;
  }) {
    this.cluster = identity.cluster;
    this.name = identity.name;
    this.#random = identity.random;
    this.#createdAt = identity.createdAt;
    this.#desired = identity.size;
    this.#running = identity.size;
    this.#deployments = [
      {
        id: this.#deploymentId(),
        revision: identity.revision,
        fails: false,
        createdAt: identity.createdAt,
        endsAt: identity.createdAt,
      },
    ];
  }

  get status(): 'ACTIVE' | 'INACTIVE' {
    return this.#status;
  }

  /** Tasks that were asked for. */
  get desired(): number {
    return this.#desired;
  }

  /** Tasks that run: while a deployment rolls, the old ones beside the new ones. */
  get running(): number {
    return this.#running + this.#old;
  }

  /** Tasks that were asked for and do not run yet. */
  get pending(): number {
    return this.#starting.length;
  }

  get createdAt(): Instant {
    return this.#createdAt;
  }

  /** The revision that the service was last asked to run. */
  get revision(): TaskRevision {
    const [primary] = this.#deployments;
    if (primary === undefined) throw new Error(`service ${this.name} has no deployment`);
    return primary.revision;
  }

  /** Makes the next deployment fail at its end. */
  failNextDeployment(): void {
    this.#nextFails = true;
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
    this.#old = 0;
    this.#starting = [];
  }

  /**
   * Begins a rolling deployment with a maximum of 200 % and a minimum of 100 %: as many new tasks start at once as the maximum
   * lets, and the old ones finish their requests until `seconds` have passed. Tasks that do not run yet are given up.
   * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
   */
  beginDeployment(now: Instant, seconds: number, revision: TaskRevision = this.revision): void {
    const fails = this.#nextFails;
    this.#nextFails = false;
    this.#deployments = [
      { id: this.#deploymentId(), revision, fails, createdAt: now, endsAt: plusSeconds(now, seconds) },
      ...this.#deployments.slice(0, 1),
    ];
    this.#old += this.#running;
    this.#running = 0;
    this.#starting = [];
    this.#adjust(now);
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
    const own = { desired: this.#desired, running: this.#running, pending: this.pending };
    return viewsOf(this.#deployments, own, this.#old);
  }

  #adjust(now: Instant): void {
    const most = MAXIMUM_SHARE * this.#desired;
    // Of the old tasks as many stay as the maximum has room for, so never fewer than the desired count.
    this.#old = Math.min(this.#old, most - Math.min(this.#running + this.#starting.length, this.#desired));
    const wanted = Math.min(this.#desired, most - this.#old);
    const missing = wanted - this.#running - this.#starting.length;
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
    if (primary.fails) return this.#giveUp(now);
    if (this.#running < this.#desired) {
      this.#old = Math.min(this.#old, this.#desired - this.#running);
      this.#adjust(now);
      return [];
    }
    this.#old = 0;
    this.#deployments = [primary];
    return ['deployment-completed'];
  }

  /** The circuit breaker: the new tasks stop, and a deployment of what ran before takes over, which has its tasks already. */
  #giveUp(now: Instant): readonly ServiceHappening[] {
    const [failed, before] = this.#deployments;
    if (failed === undefined || before === undefined) return [];
    const breaker = 'ECS deployment circuit breaker:';
    this.#deployments = [
      {
        ...before,
        id: this.#deploymentId(),
        reason: `${breaker} rolling back to deploymentId ${before.id}.`,
        createdAt: now,
        endsAt: plusSeconds(now, ROLLBACK_SECONDS),
      },
      { ...failed, reason: `${breaker} tasks failed to start.`, endsAt: now },
    ];
    this.#running = this.#old;
    this.#old = 0;
    this.#starting = [];
    this.#adjust(now);
    return ['deployment-failed', 'deployment-in-progress'];
  }

  #reachSteadyState(): readonly ServiceHappening[] {
    if (this.#settled || this.running !== this.#desired || this.#deployments.length > 1) return [];
    this.#settled = true;
    return ['steady-state'];
  }

  #deploymentId(): string {
    return `ecs-svc/${Array.from({ length: 19 }, () => this.#random.between(0, 9)).join('')}`;
  }
}
