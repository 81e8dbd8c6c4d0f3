import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  type ScalableDimension,
  type ScalableTarget,
  type ServiceNamespace,
} from '@aws-sdk/client-application-auto-scaling';
import { type Target, type TargetId, targetId } from '../../core/target.ts';
import type { Ownership } from '../../ports/ownership.ts';
import { batchesOf, inParallel } from './batching.ts';
import type { ClientOptions } from './client-options.ts';
import { translateSdkError } from './sdk-errors.ts';

/** DescribeScalableTargets answers "up to 50 results" a page: so many resources fit into one. */
const RESOURCES_A_CALL = 50;

const CALLS_AT_ONCE = 2;

/** How Application Auto Scaling names a size. */
interface ScalableSize {
  readonly namespace: ServiceNamespace;
  readonly dimension: ScalableDimension;
  readonly resource: string;
}

/**
 * How Application Auto Scaling names the size of a target; null for one that it cannot scale.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
function scalableSize(target: Target): ScalableSize | null {
  switch (target.kind) {
    case 'ecs-service':
      return {
        namespace: 'ecs',
        dimension: 'ecs:service:DesiredCount',
        resource: `service/${target.cluster}/${target.service}`,
      };
    case 'aurora-readers':
      return {
        namespace: 'rds',
        dimension: 'rds:cluster:ReadReplicaCount',
        resource: `cluster:${target.cluster}`,
      };
    case 'elasticache-replicas':
    case 'elasticache-shards':
      return {
        namespace: 'elasticache',
        dimension: `elasticache:replication-group:${target.kind === 'elasticache-shards' ? 'NodeGroups' : 'Replicas'}`,
        resource: `replication-group/${target.replicationGroup}`,
      };
    default:
      return null;
  }
}

/** Application Auto Scaling, through a client of its own. */
export const connectApplicationAutoScaling = (options: ClientOptions): Ownership =>
  applicationAutoScaling(new ApplicationAutoScalingClient(options));

/** Finds the targets that Application Auto Scaling scales: a size that is registered there and not wholly suspended. */
export function applicationAutoScaling(client: ApplicationAutoScalingClient): Ownership {
  return {
    async ownersOf(targets) {
      const distinct = [...new Map(targets.map((target) => [targetId(target), target])).values()];
      const named = distinct.map((target) => ({ id: targetId(target), size: scalableSize(target) }));
      const scalable = named.flatMap(({ id, size }) => (size === null ? [] : [{ id, size }]));
      const dimensions = [...new Set(scalable.map(({ size }) => size.dimension))];
      const batches = dimensions.flatMap((dimension) =>
        batchesOf(
          scalable.filter(({ size }) => size.dimension === dimension),
          RESOURCES_A_CALL,
        ),
      );
      const seen = await inParallel(batches, CALLS_AT_ONCE, (batch) => lookAt(client, batch));
      return new Map<TargetId, string | null>([
        ...named.map(({ id }) => [id, null] as const),
        ...seen.flat(),
      ]);
    },
  };
}

/** A target and how Application Auto Scaling calls its size. */
interface Named {
  readonly id: TargetId;
  readonly size: ScalableSize;
}

async function lookAt(
  client: ApplicationAutoScalingClient,
  batch: readonly Named[],
): Promise<readonly (readonly [TargetId, string | null])[]> {
  const [first] = batch;
  if (first === undefined) return [];
  const { namespace, dimension } = first.size;
  const registered = new Map<string, ScalableTarget>();
  let from: string | undefined;
  do {
    const page = await client
      .send(
        new DescribeScalableTargetsCommand({
          ServiceNamespace: namespace,
          ScalableDimension: dimension,
          ResourceIds: batch.map(({ size }) => size.resource),
          ...(from === undefined ? {} : { NextToken: from }),
        }),
      )
      .catch((error: unknown) => {
        throw translateSdkError(error, `ask who else scales ${batch.length} targets`);
      });
    for (const found of page.ScalableTargets ?? []) registered.set(found.ResourceId ?? '', found);
    from = page.NextToken;
  } while (from !== undefined);
  return batch.map(({ id, size }) => [id, ownerOf(size, registered.get(size.resource))]);
}

function ownerOf(
  { namespace, dimension, resource }: ScalableSize,
  registered: ScalableTarget | undefined,
): string | null {
  if (registered === undefined || isSuspended(registered)) return null;
  const { MinCapacity: min, MaxCapacity: max } = registered;
  return (
    `Application Auto Scaling keeps ${resource} between ${min} and ${max} (to hand it over: ` +
    `aws application-autoscaling deregister-scalable-target --service-namespace ${namespace} --scalable-dimension ${dimension} --resource-id ${resource})`
  );
}

/** With everything suspended it scales nothing; with anything left it may at any time. */
const isSuspended = ({ SuspendedState: state }: ScalableTarget): boolean =>
  state?.DynamicScalingInSuspended === true &&
  state.DynamicScalingOutSuspended === true &&
  state.ScheduledScalingSuspended === true;
