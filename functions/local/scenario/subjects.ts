import type { Policy } from '../../../shared/core/policy.ts';
import type { EcsServiceTarget, EcsTaskSizeTarget, Target } from '../../../shared/core/target.ts';
import type { DatabaseView } from '../../../shared/simulation/databases/database-views.ts';
import type { World } from './world.ts';

/** The policy of a name that has been checked. */
export function policyOf({ scenario }: World, name: string): Policy {
  const found = scenario.main.policies.find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`no policy ${name}`);
  return found;
}

/** The service that a policy scales. */
export function serviceOf(world: World, name: string): EcsServiceTarget | EcsTaskSizeTarget {
  const { target } = policyOf(world, name);
  if (target.kind !== 'ecs-service' && target.kind !== 'ecs-task-size')
    throw new Error(`${name} scales no service`);
  return target;
}

/** The replicas or readers that are the units of a target, in the order in which they were made. */
export function membersOf(target: Target, instances: readonly DatabaseView[]): readonly DatabaseView[] {
  if (target.kind === 'rds-replicas')
    return instances.filter(({ role, of }) => role === 'replica' && of === target.source);
  if (target.kind === 'aurora-readers')
    return instances.filter(({ role, of }) => role === 'reader' && of === target.cluster);
  return [];
}
