import {
  ECSClient,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { ControllerError } from '../../core/controller-error.ts';
import { type EcsTaskSizeTarget, RESOURCE_TAGS, targetId } from '../../core/target.ts';
import type { CapacityTarget, Observation, ResizeOrder } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';
import { observationOf } from './ecs-observation.ts';
import { describeServices, noSuchService, observeServices } from './ecs-services.ts';
import { type Definition, rungOf, withSize } from './ecs-task-definition.ts';
import { TaskDefinitionReader } from './ecs-task-definition-reader.ts';
import { translateSdkError } from './sdk-errors.ts';

/** Task sizes through a client of their own. */
export const connectEcsTaskSizes = (options: ClientOptions): CapacityTarget<EcsTaskSizeTarget> =>
  ecsTaskSizeTarget(new ECSClient(options));

/**
 * The size of the tasks of a service, as a place on the target's ladder. A resize registers a revision that differs in CPU and memory
 * alone and hands it to the service, whose rolling deployment is then followed; a failed one goes back to the revision before.
 */
export function ecsTaskSizeTarget(client: ECSClient): CapacityTarget<EcsTaskSizeTarget> {
  const tools = { client, definitions: new TaskDefinitionReader(client) };
  return {
    asks: 'once',
    describe: (targets) =>
      observeServices(client, targets, (service, target) => look(tools, service, target)),
    resize: (target, order) => replace(tools, target, order),
    rollBack: (target, order) => goBack(tools, target, order),
  };
}

interface Tools {
  readonly client: ECSClient;
  readonly definitions: TaskDefinitionReader;
}

async function look(tools: Tools, service: Service, target: EcsTaskSizeTarget): Promise<Observation> {
  const detail = whyNotOurs(service);
  if (detail !== null) return { kind: 'missing', detail };
  const seen = observationOf(service);
  if (seen.kind !== 'present') return seen;
  try {
    return await sizeOf(tools, target, service, seen.deployment === 'in-progress');
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    return { kind: 'unknown', error };
  }
}

/**
 * Other deployment controllers name the task definition in their own task sets, and refuse another one in UpdateService.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
function whyNotOurs({ serviceName, deploymentController }: Service): string | null {
  const { type = 'ECS' } = deploymentController ?? {};
  if (type === 'ECS') return null;
  return `the service ${serviceName} is deployed by ${type}, which alone may give it another task definition`;
}

async function sizeOf(
  { definitions }: Tools,
  target: EcsTaskSizeTarget,
  service: Service,
  rolls: boolean,
): Promise<Observation> {
  const primary = await definitions.get(primaryOf(service));
  const desired = rungOf(target, primary);
  if (desired === null) {
    const { cpu, memoryMiB } = primary.size;
    const why = `the tasks of ${target.service} have ${cpu} CPU units and ${memoryMiB} MiB, which is no rung of the ladder`;
    return { kind: 'missing', detail: why };
  }
  const replaced = service.deployments?.find(({ status }) => status === 'ACTIVE')?.taskDefinition;
  const before = rolls && replaced !== undefined ? rungOf(target, await definitions.get(replaced)) : desired;
  const running = before ?? desired;
  const busy = {
    size: desired,
    reason: 'resource-busy',
    detail: 'A deployment is in progress, and another one would take its place.',
  } as const;
  return {
    kind: 'present',
    capacity: { desired, running, ready: running, pending: rolls ? 1 : 0 },
    deployment: 'none',
    failed: failureOf(service),
    ...(rolls && {
      limits: [
        { direction: 'out', ...busy },
        { direction: 'in', ...busy },
      ],
    }),
  };
}

const primaryOf = (service: Service): string =>
  service.deployments?.find(({ status }) => status === 'PRIMARY')?.taskDefinition ??
  service.taskDefinition ??
  '';

/**
 * A circuit breaker that does not roll back leaves the failed deployment in place; one that does has it beside the deployment
 * that goes back, whose reason says so.
 */
function failureOf({ deployments = [] }: Service): string | null {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  const failed = deployments.find(({ rolloutState }) => rolloutState === 'FAILED');
  const goesBack = /rolling back/i.test(primary?.rolloutStateReason ?? '');
  if (primary?.rolloutState !== 'FAILED' && !goesBack) return null;
  const why = failed?.rolloutStateReason ?? primary?.rolloutStateReason ?? 'ECS gives no reason.';
  return `The deployment failed: ${why}`;
}

/** The service as it is now. */
async function serviceOf({ client }: Tools, target: EcsTaskSizeTarget): Promise<Service | null> {
  const { services = [] } = await describeServices(client, target.cluster, [target.service]);
  return services.find(({ serviceName }) => serviceName === target.service) ?? null;
}

async function replace(tools: Tools, target: EcsTaskSizeTarget, order: ResizeOrder): Promise<void> {
  const what = `resize ${targetId(target)} to ${order.size}`;
  const size = target.ladder[order.size - 1];
  if (size === undefined) {
    const message = `could not ${what}: the ladder has ${target.ladder.length} rungs`;
    throw new ControllerError('rejected', message, { retryable: false });
  }
  const service = await serviceOf(tools, target);
  if (service === null) {
    throw new ControllerError('target-missing', `could not ${what}: ${noSuchService(target)}`, {
      retryable: false,
    });
  }
  const current = await tools.definitions.get(primaryOf(service));
  if (rungOf(target, current) === order.size) return;
  const arn = (await registered(tools, current, order)) ?? (await register(tools, current, size, order));
  await hand(tools, target, arn, what);
}

/** The revision that a first try registered before it died; one that was made from another revision than runs now is none. */
async function registered(
  { definitions }: Tools,
  current: Definition,
  { resizeId }: ResizeOrder,
): Promise<string | null> {
  const newest = await definitions.newest(current.family);
  const isOurs =
    newest.tags.get(RESOURCE_TAGS.resize) === resizeId &&
    newest.tags.get(RESOURCE_TAGS.previous) === current.arn;
  return isOurs ? newest.arn : null;
}

async function register(
  { client }: Tools,
  current: Definition,
  size: Definition['size'],
  order: ResizeOrder,
): Promise<string> {
  const what = `register a revision of ${current.family}`;
  const answer = await client
    .send(new RegisterTaskDefinitionCommand(withSize(current, size, order)))
    .catch((error: unknown) => {
      throw translateSdkError(error, what);
    });
  const arn = answer.taskDefinition?.taskDefinitionArn;
  if (arn !== undefined) return arn;
  throw new ControllerError('unavailable', `could not ${what}: the answer has no ARN`, { retryable: true });
}

async function hand({ client }: Tools, target: EcsTaskSizeTarget, arn: string, what: string): Promise<void> {
  const { cluster, service } = target;
  await client
    .send(new UpdateServiceCommand({ cluster, service, taskDefinition: arn }))
    .catch((error: unknown) => {
      throw translateSdkError(error, what);
    });
}

async function goBack(
  tools: Tools,
  target: EcsTaskSizeTarget,
  { resizeId }: ResizeOrder,
): Promise<string | null> {
  const service = await serviceOf(tools, target);
  if (service === null) return null;
  const primary = await tools.definitions.get(primaryOf(service));
  const isOurs = (revision: Definition) => revision.tags.get(RESOURCE_TAGS.resize) === resizeId;
  const previous = primary.tags.get(RESOURCE_TAGS.previous);
  if (isOurs(primary) && previous !== undefined) {
    await hand(tools, target, previous, `roll ${targetId(target)} back to ${nameOf(previous)}`);
    return `Rolled back to ${nameOf(previous)}.`;
  }
  const newest = await tools.definitions.newest(primary.family);
  const isBack = isOurs(newest) && newest.tags.get(RESOURCE_TAGS.previous) === primary.arn;
  return isBack ? `The service runs ${nameOf(primary.arn)} again.` : null;
}

/** `web:7` of an ARN. */
const nameOf = (arn: string): string => arn.split('/').at(-1) ?? arn;
