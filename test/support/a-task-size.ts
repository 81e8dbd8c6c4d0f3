import * as ecs from '@aws-sdk/client-ecs';
import type { Call } from '../../functions/local/aws-endpoint/options.ts';
import { awsServices } from '../../functions/local/aws-services/aws-services.ts';
import { ecsTaskSizeTarget } from '../../shared/adapters/aws/ecs-task-size-target.ts';
import { type EcsTaskSizeTarget, targetId } from '../../shared/core/target.ts';
import type { Observation, PresentResource } from '../../shared/ports/capacity-target.ts';
import { createPlant } from '../../shared/simulation/plant.ts';
import { constantWorkload } from '../../shared/simulation/workload.ts';
import { anEndpoint, clientOf, closing } from '../functions/local/aws-endpoint/support.ts';
import { aServicePolicy, later, START } from '../functions/local/aws-services/an-account.ts';
import { aPolicy } from './a-policy.ts';
import { NOW } from './now.ts';

/** The ladder of {@link aTaskSize}. */
export const LADDER = [
  { cpu: 512, memoryMiB: 1024 },
  { cpu: 1024, memoryMiB: 2048 },
  { cpu: 2048, memoryMiB: 4096 },
] as const;

/** The task size of the service `prod/web`, on three rungs, at any time. */
export const aTaskSize = (overrides: Partial<EcsTaskSizeTarget> = {}): EcsTaskSizeTarget => ({
  kind: 'ecs-task-size',
  cluster: 'prod',
  service: 'web',
  ladder: LADDER,
  immediate: true,
  ...overrides,
});

/** A simulated account with the services `web` and `api`, the adapter on it, and what was asked of it. */
export async function aTaskSizeAccount(faults: (call: Call) => Error | undefined = () => undefined) {
  const plant = createPlant({
    policies: [
      ...['web', 'api'].map(aServicePolicy),
      ...['web', 'api'].map((service) =>
        aPolicy({ name: `${service}-size`, target: aTaskSize({ service }) }),
      ),
    ],
    workload: constantWorkload(500, START, later(7200)),
    seed: 1,
    start: START,
    unitCapacity: 100,
  });
  const { calls, ...endpoint } = await anEndpoint({ services: awsServices(plant), faults });
  const client = closing(new ecs.ECSClient(clientOf(endpoint)));
  const adapter = ecsTaskSizeTarget(client);
  const look = async (target = aTaskSize()): Promise<Observation | undefined> =>
    (await adapter.describe([target], NOW)).get(targetId(target));
  const present = async (): Promise<PresentResource> => {
    const seen = await look();
    if (seen?.kind !== 'present') throw new Error(`not present: ${JSON.stringify(seen)}`);
    return seen;
  };
  /** How many calls asked for a change. */
  const changes = () => calls.filter(({ operation }) => !operation.startsWith('Describe'));
  return { plant, client, adapter, calls, look, present, changes };
}
