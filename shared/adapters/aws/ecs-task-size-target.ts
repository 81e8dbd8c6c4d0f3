import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { ControllerError } from '../../core/controller-error.ts';
import { type EcsTaskSizeTarget, RESOURCE_TAGS, type TargetId, targetId } from '../../core/target.ts';
import type { CapacityTarget, Observation, ResizeOrder } from '../../ports/capacity-target.ts';
import { batchesOf, inParallel } from './batching.ts';
import type { ClientOptions } from './client-options.ts';
import { observationOf } from './ecs-observation.ts';
import { type Definition, definitionOf, rungOf, withSize } from './ecs-task-definition.ts';
import { translateSdkError } from './sdk-errors.ts';

/** DescribeServices takes "up to 10 services" of one cluster a call. */
const SERVICES_A_CALL = 10;

const CALLS_AT_ONCE = 5;

/** Task sizes through a client of their own. */
export const connectEcsTaskSizes = (options: ClientOptions): CapacityTarget<EcsTaskSizeTarget> =>
  ecsTaskSizeTarget(new ECSClient(options));

/**
 * The size of the tasks of a service, as a place on the target's ladder. A resize registers a revision that differs in CPU and memory
 * alone and hands it to the service, whose rolling deployment is then followed; a failed one goes back to the revision before.
 */
export function ecsTaskSizeTarget(client: ECSClient): CapacityTarget<EcsTaskSizeTarget> {
  const definitions = new Definitions(client);
  return {
    asks: 'once',
    async describe(targets) {
      const batches = [...new Set(targets.map(({ cluster }) => cluster))].flatMap((cluster) =>
        batchesOf(
          targets.filter((target) => target.cluster === cluster),
          SERVICES_A_CALL,
        ),
      );
      const seen = await inParallel(batches, CALLS_AT_ONCE, (batch) => observe(client, definitions, batch));
      return new Map(seen.flat());
    },
    resize: (target, order) => replace(client, definitions, target, order),
    rollBack: (target, order) => goBack(client, definitions, target, order),
  };
}

/** Task definitions by ARN: a revision never changes, so each is read once in the life of a container. */
class Definitions {
  readonly #client: ECSClient;
  readonly #known = new Map<string, Definition>();

  constructor(client: ECSClient) {
    this.#client = client;
  }

  async get(arn: string): Promise<Definition> {
    const known = this.#known.get(arn);
    if (known !== undefined) return known;
    const read = await this.newest(arn);
    this.#known.set(arn, read);
    return read;
  }

  /** The definition of an ARN, or the newest revision of a family. */
  async newest(name: string): Promise<Definition> {
    const answer = await this.#client
      .send(new DescribeTaskDefinitionCommand({ taskDefinition: name, include: ['TAGS'] }))
      .catch((error: unknown) => {
        throw translateSdkError(error, `describe the task definition ${name}`);
      });
    return definitionOf(answer);
  }
}

type Observed = readonly (readonly [TargetId, Observation])[];

async function observe(
  client: ECSClient,
  definitions: Definitions,
  batch: readonly EcsTaskSizeTarget[],
): Promise<Observed> {
  const cluster = batch[0]?.cluster ?? '';
  const names = [...new Set(batch.map(({ service }) => service))];
  const services = await servicesOf(client, cluster, names);
  return Promise.all(
    batch.map(async (target) => [targetId(target), await look(definitions, target, services)] as const),
  );
}

async function servicesOf(client: ECSClient, cluster: string, services: readonly string[]) {
  const answer = await client
    .send(new DescribeServicesCommand({ cluster, services: [...services] }))
    .catch((error: unknown) => {
      throw translateSdkError(error, `describe ${services.length} services of the cluster ${cluster}`);
    });
  return answer.services ?? [];
}

async function look(
  definitions: Definitions,
  target: EcsTaskSizeTarget,
  services: readonly Service[],
): Promise<Observation> {
  const service = services.find(({ serviceName }) => serviceName === target.service);
  if (service === undefined) {
    return {
      kind: 'missing',
      detail: `there is no service ${target.service} in the cluster ${target.cluster}`,
    };
  }
  const seen = observationOf(service);
  if (seen.kind !== 'present') return seen;
  try {
    return await sizeOf(definitions, target, service, seen.deployment === 'in-progress');
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    return { kind: 'unknown', error };
  }
}

async function sizeOf(
  definitions: Definitions,
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

/** A circuit breaker that does not roll back leaves the failed deployment in place. */
function failureOf({ deployments = [] }: Service): string | null {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  if (primary?.rolloutState !== 'FAILED') return null;
  return `The deployment failed: ${primary.rolloutStateReason ?? 'ECS gives no reason'}`;
}

async function replace(
  client: ECSClient,
  definitions: Definitions,
  target: EcsTaskSizeTarget,
  order: ResizeOrder,
): Promise<void> {
  const size = target.ladder[order.size - 1];
  const [service] = await servicesOf(client, target.cluster, [target.service]);
  if (size === undefined || service === undefined) {
    const message = `could not resize ${targetId(target)} to ${order.size}: there is no such ${size === undefined ? 'rung' : 'service'}`;
    throw new ControllerError('target-missing', message, { retryable: false });
  }
  const current = await definitions.get(primaryOf(service));
  if (rungOf(target, current) === order.size) return;
  const newest = await definitions.newest(current.family);
  // A first try may have registered it, and died before the service had it.
  const isOurs = newest.tags.get(RESOURCE_TAGS.resize) === order.resizeId;
  const arn = isOurs ? newest.arn : await register(client, current, size, order);
  await hand(client, target, arn, `resize ${targetId(target)} to ${order.size}`);
}

async function register(
  client: ECSClient,
  current: Definition,
  size: Definition['size'],
  order: ResizeOrder,
): Promise<string> {
  const answer = await client
    .send(new RegisterTaskDefinitionCommand(withSize(current, size, order)))
    .catch((error: unknown) => {
      throw translateSdkError(error, `register a revision of ${current.family}`);
    });
  return answer.taskDefinition?.taskDefinitionArn ?? '';
}

async function hand(client: ECSClient, target: EcsTaskSizeTarget, arn: string, what: string): Promise<void> {
  const { cluster, service } = target;
  await client
    .send(new UpdateServiceCommand({ cluster, service, taskDefinition: arn }))
    .catch((error: unknown) => {
      throw translateSdkError(error, what);
    });
}

async function goBack(
  client: ECSClient,
  definitions: Definitions,
  target: EcsTaskSizeTarget,
  { resizeId, from }: ResizeOrder,
): Promise<string | null> {
  const [service] = await servicesOf(client, target.cluster, [target.service]);
  if (service === undefined) return null;
  const primary = await definitions.get(primaryOf(service));
  const previous = primary.tags.get(RESOURCE_TAGS.previous);
  if (primary.tags.get(RESOURCE_TAGS.resize) !== resizeId || previous === undefined) {
    return rungOf(target, primary) === from ? 'The service runs its earlier revision again.' : null;
  }
  await hand(client, target, previous, `roll ${targetId(target)} back to ${previous}`);
  return `Rolled back to ${previous.split('/').at(-1)}.`;
}
