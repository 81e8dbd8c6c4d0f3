import {
  DescribeServicesCommand,
  type DescribeServicesResponse,
  type ECSClient,
  type Service,
} from '@aws-sdk/client-ecs';
import { ControllerError } from '../../core/controller-error.ts';
import { type EcsServiceTarget, type EcsTaskSizeTarget, type TargetId, targetId } from '../../core/target.ts';
import type { Observation } from '../../ports/capacity-target.ts';
import { batchesOf } from './batching.ts';
import { observeBulk } from './observe-bulk.ts';
import { translateSdkError } from './sdk-errors.ts';

/** DescribeServices takes "up to 10 services" of one cluster a call. */
const SERVICES_A_CALL = 10;

/** DescribeServices calls at the same time: a thousand services are a hundred calls, and ECS throttles bursts per account. */
const CALLS_AT_ONCE = 5;

type OfService = EcsServiceTarget | EcsTaskSizeTarget;

/** What a service that was found says of a target. */
type LookAtService<T extends OfService> = (service: Service, target: T) => Observation | Promise<Observation>;

/**
 * Looks at the services of many targets with few calls.
 * @throws ControllerError when nothing could be seen at all.
 */
export const observeServices = <T extends OfService>(
  client: ECSClient,
  targets: readonly T[],
  look: LookAtService<T>,
): Promise<ReadonlyMap<TargetId, Observation>> =>
  observeBulk(targets, (batch) => observeBatch(client, batch, look), {
    batches: byCluster,
    callsAtOnce: CALLS_AT_ONCE,
  });

/**
 * Describes services of one cluster.
 * @throws ControllerError `target-missing` when there is no such cluster.
 */
export async function describeServices(
  client: ECSClient,
  cluster: string,
  services: readonly string[],
): Promise<DescribeServicesResponse> {
  try {
    return await client.send(new DescribeServicesCommand({ cluster, services: [...services] }));
  } catch (error) {
    throw translateSdkError(error, `describe ${services.length} services of the cluster ${cluster}`);
  }
}

function byCluster<T extends OfService>(targets: readonly T[]): readonly (readonly T[])[] {
  const clusters = new Set(targets.map(({ cluster }) => cluster));
  return [...clusters].flatMap((cluster) =>
    batchesOf(
      targets.filter((target) => target.cluster === cluster),
      SERVICES_A_CALL,
    ),
  );
}

async function observeBatch<T extends OfService>(
  client: ECSClient,
  batch: readonly T[],
  look: LookAtService<T>,
): Promise<ReadonlyMap<TargetId, Observation>> {
  const cluster = batch[0]?.cluster ?? '';
  const services = batch.map(({ service }) => service);
  try {
    const answer = await describeServices(client, cluster, services);
    const seen = new Map<TargetId, Observation>();
    for (const target of batch) seen.set(targetId(target), await find(answer, target, look));
    return seen;
  } catch (error) {
    if (!(error instanceof ControllerError && error.code === 'target-missing')) throw error;
    const detail = `the cluster ${cluster} does not exist`;
    return new Map(batch.map((target) => [targetId(target), { kind: 'missing', detail }]));
  }
}

async function find<T extends OfService>(
  answer: DescribeServicesResponse,
  target: T,
  look: LookAtService<T>,
): Promise<Observation> {
  const service = answer.services?.find(({ serviceName }) => serviceName === target.service);
  if (service !== undefined) return look(service, target);
  // A failure names an ARN only, of which the service is the last part: .../prod/web, or .../web before 2018.
  const failure = answer.failures?.find(({ arn }) => arn?.split('/').at(-1) === target.service);
  if (failure?.reason === 'MISSING') return { kind: 'missing', detail: noSuchService(target) };
  const reason = failure?.reason ?? 'it is in neither services nor failures of the answer';
  const message = `could not describe ${targetId(target)}: ${[reason, failure?.detail].filter(Boolean).join(': ')}`;
  return { kind: 'unknown', error: new ControllerError('unavailable', message, { retryable: true }) };
}

/** That a cluster has no service of a name, in words. */
export const noSuchService = ({ service, cluster }: OfService): string =>
  `there is no service ${service} in the cluster ${cluster}`;
