import type { Policy } from '../../../shared/core/policy.ts';
import type { EcsServiceTarget } from '../../../shared/core/target.ts';
import type { World } from './world.ts';

/** The policy of a name that has been checked. */
export function policyOf({ scenario }: World, name: string): Policy {
  const found = scenario.main.policies.find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`no policy ${name}`);
  return found;
}

/** The service that a policy scales. */
export function serviceOf(world: World, name: string): EcsServiceTarget {
  const { target } = policyOf(world, name);
  if (target.kind !== 'ecs-service') throw new Error(`${name} scales no service`);
  return target;
}
