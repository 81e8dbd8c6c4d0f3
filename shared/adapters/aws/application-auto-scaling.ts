import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  type ScalableTarget,
} from '@aws-sdk/client-application-auto-scaling';
import { type Target, type TargetId, targetId } from '../../core/target.ts';
import type { Ownership } from '../../ports/ownership.ts';
import { batchesOf, inParallel } from './batching.ts';
import type { ClientOptions } from './client-options.ts';
import { translateSdkError } from './sdk-errors.ts';

/** DescribeScalableTargets answers "up to 50 results" a page: so many resources fit into one. */
const RESOURCES_A_CALL = 50;

const CALLS_AT_ONCE = 2;

/** How Application Auto Scaling names the size that a kind of target has. */
const NAMES = {
  'ecs-service': {
    namespace: 'ecs',
    dimension: 'ecs:service:DesiredCount',
    resource: ({ cluster, service }: Target) => `service/${cluster}/${service}`,
  },
} as const satisfies Readonly<Record<Target['kind'], object>>;

/** Application Auto Scaling, through a client of its own. */
export const connectApplicationAutoScaling = (options: ClientOptions): Ownership =>
  applicationAutoScaling(new ApplicationAutoScalingClient(options));

/** Finds the targets that Application Auto Scaling scales: a size that is registered there and not wholly suspended. */
export function applicationAutoScaling(client: ApplicationAutoScalingClient): Ownership {
  return {
    async ownersOf(targets) {
      const distinct = [...new Map(targets.map((target) => [targetId(target), target])).values()];
      const kinds = [...new Set(distinct.map(({ kind }) => kind))];
      const batches = kinds.flatMap((kind) =>
        batchesOf(
          distinct.filter((target) => target.kind === kind),
          RESOURCES_A_CALL,
        ),
      );
      const seen = await inParallel(batches, CALLS_AT_ONCE, (batch) => lookAt(client, batch));
      return new Map(seen.flat());
    },
  };
}

async function lookAt(
  client: ApplicationAutoScalingClient,
  batch: readonly Target[],
): Promise<readonly (readonly [TargetId, string | null])[]> {
  const [first] = batch;
  if (first === undefined) return [];
  const { namespace, dimension, resource } = NAMES[first.kind];
  const registered = new Map<string, ScalableTarget>();
  let from: string | undefined;
  do {
    const page = await client
      .send(
        new DescribeScalableTargetsCommand({
          ServiceNamespace: namespace,
          ScalableDimension: dimension,
          ResourceIds: batch.map(resource),
          ...(from === undefined ? {} : { NextToken: from }),
        }),
      )
      .catch((error: unknown) => {
        throw translateSdkError(error, `ask who else scales ${batch.length} targets`);
      });
    for (const found of page.ScalableTargets ?? []) registered.set(found.ResourceId ?? '', found);
    from = page.NextToken;
  } while (from !== undefined);
  return batch.map((target) => [targetId(target), ownerOf(target, registered.get(resource(target)))]);
}

function ownerOf(target: Target, registered: ScalableTarget | undefined): string | null {
  if (registered === undefined || isSuspended(registered)) return null;
  const { namespace, dimension, resource } = NAMES[target.kind];
  const { MinCapacity: min, MaxCapacity: max } = registered;
  return (
    `Application Auto Scaling keeps ${resource(target)} between ${min} and ${max} (to hand it over: ` +
    `aws application-autoscaling deregister-scalable-target --service-namespace ${namespace} --scalable-dimension ${dimension} --resource-id ${resource(target)})`
  );
}

/** With everything suspended it scales nothing; with anything left it may at any time. */
const isSuspended = ({ SuspendedState: state }: ScalableTarget): boolean =>
  state?.DynamicScalingInSuspended === true &&
  state.DynamicScalingOutSuspended === true &&
  state.ScheduledScalingSuspended === true;
