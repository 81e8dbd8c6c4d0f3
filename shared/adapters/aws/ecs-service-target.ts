import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { type EcsServiceTarget, targetId } from '../../core/target.ts';
import type { CapacityTarget } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';
import { observationOf } from './ecs-observation.ts';
import { observeServices } from './ecs-services.ts';
import { translateSdkError } from './sdk-errors.ts';

/** ECS services through a client of their own. */
export const connectEcsServices = (options: ClientOptions): CapacityTarget<EcsServiceTarget> =>
  ecsServiceTarget(new ECSClient(options));

/** ECS services: their size is the desired count of tasks. */
export function ecsServiceTarget(client: ECSClient): CapacityTarget<EcsServiceTarget> {
  return {
    asks: 'once',
    describe: (targets) => observeServices(client, targets, observationOf),
    resize: (target, { size }) => update(client, target, size),
  };
}

// Not forced into a new deployment: a resize must not replace tasks that run.
async function update(client: ECSClient, target: EcsServiceTarget, size: number): Promise<void> {
  const { cluster, service } = target;
  try {
    await client.send(new UpdateServiceCommand({ cluster, service, desiredCount: size }));
  } catch (error) {
    throw translateSdkError(error, `resize ${targetId(target)} to ${size}`);
  }
}
