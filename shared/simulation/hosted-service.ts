import type { Policy } from '../core/policy.ts';
import type { EcsServiceTarget } from '../core/target.ts';
import { unitCapacityOf } from './metric-model.ts';
import type { PlantOptions } from './plant-views.ts';
import type { MetricInputs } from './real-counts.ts';
import { Scorecard, type UnitCapacity } from './scorecard.ts';
import { seededRandom } from './seeded-random.ts';
import { SimulatedService } from './simulated-service.ts';
import type { TaskDefinitions, TaskSettings } from './task-definitions.ts';

/** A service of the simulated account with the policy that named it. */
export interface HostedService {
  readonly policy: Policy;
  readonly key: string;
  readonly service: SimulatedService;
  readonly unit: UnitCapacity;
  /** CPU units of a task that carries what `unit` says. */
  readonly cpuAtStart: number;
  readonly card: Scorecard;
}

/** The share of a policy's maximum that the 99.9th percentile of the load needs, unless a unit's capacity is given. */
const SHARE_OF_MAXIMUM = 0.8;

/** A policy whose target is an ECS service. */
export type ServicePolicy = Policy & { readonly target: EcsServiceTarget };

/** Provisions what a policy names, in a steady state: at the size that the load at the start needs, within bounds. */
export function hostedService(
  policy: ServicePolicy,
  options: PlantOptions,
  definitions: TaskDefinitions,
): HostedService {
  const revision = definitions.register(firstRevisionOf(policy, options.policies));
  const { workload, seed, start } = options;
  const { target, bounds } = policy;
  const heavy = workload.percentile(0.999) / (SHARE_OF_MAXIMUM * Math.max(1, bounds.max));
  // Under a load of nothing at all any capacity is right.
  const atTarget = options.unitCapacity ?? (heavy > 0 ? heavy : 1);
  const needed = Math.ceil(workload.loadAt(start) / atTarget);
  const unit = unitCapacityOf(policy, atTarget);
  const key = serviceKey(target.cluster, target.service);
  const service = new SimulatedService({
    cluster: target.cluster,
    name: target.service,
    size: Math.min(bounds.max, Math.max(bounds.min, needed)),
    createdAt: start,
    revision,
    random: seededRandom(seed, key),
  });
  const cpuAtStart = Number(revision.settings.cpu);
  return { policy, key, service, unit, cpuAtStart, card: new Scorecard(unit) };
}

/** Names a service in the account. */
export const serviceKey = (cluster: string, name: string): string => `${cluster}/${name}`;

/** What the metrics of a service depend on. */
export const inputsOf = ({ service, cpuAtStart }: HostedService, load: number): MetricInputs => ({
  load,
  running: service.running,
  pending: service.pending,
  desired: service.desired,
  strength: Number(service.revision.settings.cpu) / cpuAtStart,
});

/** The first revision of a service's tasks: the lowest rung of a ladder that a policy gives them, or one of the usual sizes. */
function firstRevisionOf({ target }: ServicePolicy, policies: readonly Policy[]): TaskSettings {
  const ladders = policies.flatMap((policy) =>
    policy.target.kind === 'ecs-task-size' &&
    policy.target.cluster === target.cluster &&
    policy.target.service === target.service
      ? policy.target.ladder.slice(0, 1)
      : [],
  );
  const { cpu, memoryMiB } = ladders[0] ?? { cpu: 1024, memoryMiB: 2048 };
  const image = `${target.service}:1`;
  return {
    family: target.service,
    cpu: String(cpu),
    memory: String(memoryMiB),
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    containerDefinitions: [{ name: target.service, image, essential: true }],
  };
}
