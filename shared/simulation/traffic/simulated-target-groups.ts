import { type Instant, plusSeconds } from '../../core/time.ts';
import { AccountRefusal } from '../account-refusal.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** Health as ELB tells it. */
export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'draining';

/** A target with its health. */
export interface TargetHealth {
  readonly id: string;
  readonly port: number;
  readonly state: TargetState;
}

/** A target group as it is described. */
export interface TargetGroupView {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Target {
  readonly id: string;
  readonly port: number;
  readonly checkedFrom: Instant;
  readonly drainedAt: Instant | null;
}

interface Group {
  readonly port: number;
  readonly attributes: Map<string, string>;
  readonly targets: Map<string, Target>;
}

/** Seconds until a new target has passed its first health checks. */
const FIRST_CHECKS_SECONDS = { min: 10, max: 30 } as const;

/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html */
const DEFAULT_ATTRIBUTES: Readonly<Record<string, string>> = {
  'deregistration_delay.timeout_seconds': '300',
  'load_balancing.algorithm.type': 'round_robin',
  'slow_start.duration_seconds': '0',
  'stickiness.enabled': 'false',
};

/** The target groups of the simulated account, with targets by IP address. What they show follows from the time alone. */
export class SimulatedTargetGroups {
  readonly #random: SeededRandom;
  readonly #answers: (id: string) => boolean;
  readonly #groups = new Map<string, Group>();

  /** @param answers whether the target with this id passes a health check now. */
  constructor(random: SeededRandom, answers: (id: string) => boolean) {
    this.#random = random;
    this.#answers = answers;
  }

  /** Makes a target group, if it is not there. */
  create(arn: string, port: number): void {
    if (this.#groups.has(arn)) return;
    this.#groups.set(arn, {
      port,
      attributes: new Map(Object.entries(DEFAULT_ATTRIBUTES)),
      targets: new Map(),
    });
  }

  /** All target groups, or those of these ARNs. @throws AccountRefusal `TargetGroupNotFoundException`. */
  describe(arns?: readonly string[]): readonly TargetGroupView[] {
    return (arns ?? [...this.#groups.keys()]).map((arn) => {
      const { port, attributes } = this.#group(arn);
      return { arn, name: arn.split('/').at(-2) ?? arn, port, attributes: Object.fromEntries(attributes) };
    });
  }

  /** Changes attributes. @throws AccountRefusal `TargetGroupNotFoundException` or `InvalidConfigurationRequestException`. */
  setAttributes(arn: string, attributes: Readonly<Record<string, string>>): void {
    const group = this.#group(arn);
    for (const name of Object.keys(attributes)) {
      if (!group.attributes.has(name)) {
        throw new AccountRefusal(
          'InvalidConfigurationRequestException',
          `Target group attribute key '${name}' is not recognized`,
        );
      }
    }
    for (const [name, value] of Object.entries(attributes)) group.attributes.set(name, value);
  }

  /** Registers targets: healthy after their first checks. One that drains is taken back. */
  register(
    arn: string,
    targets: readonly { readonly id: string; readonly port?: number | undefined }[],
    now: Instant,
  ): void {
    const group = this.#group(arn);
    for (const { id, port = group.port } of targets) {
      const known = group.targets.get(keyOf(id, port));
      if (known !== undefined && known.drainedAt === null) continue;
      const { min, max } = FIRST_CHECKS_SECONDS;
      const checkedFrom = plusSeconds(now, this.#random.between(min, max));
      group.targets.set(keyOf(id, port), { id, port, checkedFrom, drainedAt: null });
    }
  }

  /** Begins to drain targets; one that is not registered is nothing to ELB. */
  deregister(
    arn: string,
    targets: readonly { readonly id: string; readonly port?: number | undefined }[],
    now: Instant,
  ): void {
    const group = this.#group(arn);
    const delay = Number(group.attributes.get('deregistration_delay.timeout_seconds'));
    for (const { id, port = group.port } of targets) {
      const known = group.targets.get(keyOf(id, port));
      if (known === undefined) continue;
      if (known.drainedAt === null)
        group.targets.set(keyOf(id, port), { ...known, drainedAt: plusSeconds(now, delay) });
    }
  }

  /** Targets with their health at `now`, in the order of registration. */
  health(arn: string, now: Instant): readonly TargetHealth[] {
    const { targets } = this.#group(arn);
    return [...targets].flatMap(([key, { id, port, checkedFrom, drainedAt }]) => {
      if (drainedAt !== null && drainedAt <= now) {
        targets.delete(key);
        return [];
      }
      const checked: TargetState = this.#answers(id) ? 'healthy' : 'unhealthy';
      const state = drainedAt !== null ? 'draining' : checkedFrom > now ? 'initial' : checked;
      return [{ id, port, state }];
    });
  }

  #group(arn: string): Group {
    const group = this.#groups.get(arn);
    if (group !== undefined) return group;
    throw new AccountRefusal('TargetGroupNotFoundException', `Target groups '${arn}' not found`);
  }
}

const keyOf = (id: string, port: number): string => `${id}:${port}`;
