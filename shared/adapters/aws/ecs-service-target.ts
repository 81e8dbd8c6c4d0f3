import {
  DescribeServicesCommand,
  type DescribeServicesResponse,
  ECSClient,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { ControllerError } from '../../core/controller-error.ts';
import { type EcsServiceTarget, type TargetId, targetId } from '../../core/target.ts';
import type { CapacityTarget, Observation } from '../../ports/capacity-target.ts';
import { batchesOf, inParallel } from './batching.ts';
import type { ClientOptions } from './client-options.ts';
import { observationOf } from './ecs-observation.ts';
import { translateSdkError } from './sdk-errors.ts';

/** DescribeServices takes "up to 10 services" of one cluster a call. */
const SERVICES_A_CALL = 10;

/** How often a refused call is halved in one look: finds a few services that may not be described, and then gives up. */
const SPLITS = 20;

/** DescribeServices calls at the same time: a thousand services are a hundred calls, and ECS throttles bursts per account. */
const CALLS_AT_ONCE = 5;

type Batch = readonly EcsServiceTarget[];

type Observed = readonly (readonly [TargetId, Observation])[];

/** ECS services through a client of their own. */
export const connectEcsServices = (options: ClientOptions): CapacityTarget<EcsServiceTarget> =>
  ecsServiceTarget(new ECSClient(options));

/** ECS services: their size is the desired count of tasks. */
export function ecsServiceTarget(client: ECSClient): CapacityTarget<EcsServiceTarget> {
  return {
    asks: 'once',
    async describe(targets) {
      const batches = batchesByCluster(targets);
      const budget = { splits: SPLITS };
      const look = (batch: Batch) => observe(client, batch, budget);
      const observed = (await inParallel(batches, CALLS_AT_ONCE, look)).flat();
      failWhenBlind(observed);
      return new Map(observed);
    },
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

function batchesByCluster(targets: readonly EcsServiceTarget[]): readonly Batch[] {
  const distinct = [...new Map(targets.map((target) => [targetId(target), target])).values()];
  const clusters = new Set(distinct.map(({ cluster }) => cluster));
  return [...clusters].flatMap((cluster) =>
    batchesOf(
      distinct.filter((target) => target.cluster === cluster),
      SERVICES_A_CALL,
    ),
  );
}

async function observe(client: ECSClient, batch: Batch, budget: { splits: number }): Promise<Observed> {
  const cluster = batch[0]?.cluster;
  const services = batch.map(({ service }) => service);
  const every = (observation: Observation): Observed =>
    batch.map((target) => [targetId(target), observation]);
  try {
    const answer = await client.send(new DescribeServicesCommand({ cluster, services }));
    return batch.map((target) => [targetId(target), find(answer, target)]);
  } catch (fault) {
    const error = translateSdkError(fault, `describe ${services.length} services of the cluster ${cluster}`);
    // One service that may not be described, or whose name is refused, has ECS refuse the whole call.
    const isRefused = error.code === 'denied' || error.code === 'rejected';
    if (isRefused && batch.length > 1 && budget.splits > 0) {
      budget.splits -= 1;
      const halves = batchesOf(batch, Math.ceil(batch.length / 2));
      return (await inParallel(halves, 1, (half) => observe(client, half, budget))).flat();
    }
    return every(
      error.code === 'target-missing'
        ? { kind: 'missing', detail: `the cluster ${cluster} does not exist` }
        : { kind: 'unknown', error },
    );
  }
}

function find(answer: DescribeServicesResponse, target: EcsServiceTarget): Observation {
  const service = answer.services?.find(({ serviceName }) => serviceName === target.service);
  if (service !== undefined) return observationOf(service);
  // A failure names an ARN only, of which the service is the last part: .../prod/web, or .../web before 2018.
  const failure = answer.failures?.find(({ arn }) => arn?.split('/').at(-1) === target.service);
  if (failure?.reason === 'MISSING') {
    return {
      kind: 'missing',
      detail: `there is no service ${target.service} in the cluster ${target.cluster}`,
    };
  }
  const reason = failure?.reason ?? 'it is in neither services nor failures of the answer';
  const message = `could not describe ${targetId(target)}: ${[reason, failure?.detail].filter(Boolean).join(': ')}`;
  return { kind: 'unknown', error: new ControllerError('unavailable', message, { retryable: true }) };
}

function failWhenBlind(observed: Observed): void {
  const errors = observed.flatMap(([, observation]) =>
    observation.kind === 'unknown' ? [observation.error] : [],
  );
  const [first] = errors;
  if (first !== undefined && errors.length === observed.length) throw first;
}
