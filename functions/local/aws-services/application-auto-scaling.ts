import * as scaling from '@aws-sdk/client-application-auto-scaling';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { arnOf } from '../../../shared/simulation/plant-event.ts';
import type { HandlersOf } from '../aws-endpoint/service.ts';
import { pageOf } from './arguments.ts';

/** Results on a page, at most and by default. Source: Application Auto Scaling API reference, DescribeScalableTargets. */
const MAX_RESULTS = 50;

/** Application Auto Scaling as far as the simulated account plays it: sizes are registered with it, and it never acts. */
export function applicationAutoScalingHandlers(plant: Plant): HandlersOf<typeof scaling> {
  const registered = new Map<string, scaling.ScalableTarget>();
  return {
    RegisterScalableTarget: (input) => {
      const key = keyOf(input);
      const before = registered.get(key);
      assertExists(plant, input.ResourceId ?? '');
      registered.set(key, registration(plant, input, before));
      return { ScalableTargetARN: registered.get(key)?.ScalableTargetARN };
    },
    DeregisterScalableTarget: (input) => {
      if (!registered.delete(keyOf(input))) {
        const message = `No scalable target found for service namespace: ${input.ServiceNamespace}, resource ID: ${input.ResourceId}, scalable dimension: ${input.ScalableDimension}`;
        throw new scaling.ObjectNotFoundException({ message, $metadata: {} });
      }
      return {};
    },
    DescribeScalableTargets: (input) => describe([...registered.values()], input),
  };
}

function describe(
  registered: readonly scaling.ScalableTarget[],
  input: scaling.DescribeScalableTargetsRequest,
): scaling.DescribeScalableTargetsResponse {
  const { ServiceNamespace, ResourceIds, ScalableDimension, MaxResults = MAX_RESULTS, NextToken } = input;
  if (ServiceNamespace === undefined) throw invalid('serviceNamespace must not be null');
  if (ScalableDimension !== undefined && ResourceIds === undefined) {
    throw invalid('A resource ID must be specified when a scalable dimension is.');
  }
  if (MaxResults < 1 || MaxResults > MAX_RESULTS) throw invalid(`maxResults must be 1 to ${MAX_RESULTS}`);
  const chosen = registered.filter(
    (target) =>
      target.ServiceNamespace === ServiceNamespace &&
      (ResourceIds === undefined || ResourceIds.includes(target.ResourceId ?? '')) &&
      (ScalableDimension === undefined || target.ScalableDimension === ScalableDimension),
  );
  const page = pageOf(chosen, NextToken, MaxResults);
  if (page === null) {
    throw new scaling.InvalidNextTokenException({ message: 'Invalid next token.', $metadata: {} });
  }
  return { ScalableTargets: [...page.items], NextToken: page.next };
}

function registration(
  plant: Plant,
  input: scaling.RegisterScalableTargetRequest,
  before: scaling.ScalableTarget | undefined,
): scaling.ScalableTarget {
  const { ServiceNamespace, ResourceId, ScalableDimension } = input;
  const MinCapacity = input.MinCapacity ?? before?.MinCapacity;
  const MaxCapacity = input.MaxCapacity ?? before?.MaxCapacity;
  if (MinCapacity === undefined || MaxCapacity === undefined) {
    throw invalid('MinCapacity and MaxCapacity are required when a scalable target is registered.');
  }
  return {
    ServiceNamespace,
    ResourceId,
    ScalableDimension,
    MinCapacity,
    MaxCapacity,
    RoleARN: `arn:aws:iam::${plant.identity.account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
    CreationTime: before?.CreationTime ?? new Date(plant.now()),
    ScalableTargetARN: arnOf(plant.identity, 'application-autoscaling', `scalable-target/${ResourceId}`),
    SuspendedState: {
      DynamicScalingInSuspended: false,
      DynamicScalingOutSuspended: false,
      ScheduledScalingSuspended: false,
      ...before?.SuspendedState,
      ...input.SuspendedState,
    },
  };
}

interface Named {
  readonly ServiceNamespace?: string | undefined;
  readonly ResourceId?: string | undefined;
  readonly ScalableDimension?: string | undefined;
}

const keyOf = ({ ServiceNamespace, ResourceId, ScalableDimension }: Named): string =>
  [ServiceNamespace, ScalableDimension, ResourceId].join(' ');

function assertExists(plant: Plant, resource: string): void {
  const [, cluster = '', service = ''] = /^service\/([^/]+)\/([^/]+)$/.exec(resource) ?? [];
  if (plant.clusters().includes(cluster) && plant.describeServices(cluster, [service])[0] !== null) return;
  throw invalid(`ECS service doesn't exist: ${resource}`);
}

const invalid = (message: string): Error => new scaling.ValidationException({ message, $metadata: {} });
