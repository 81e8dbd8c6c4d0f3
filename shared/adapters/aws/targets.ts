import type { Target } from '../../core/target.ts';
import type { CapacityTarget, CapacityTargets } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';
import type { Resolve } from './traffic/resolve.ts';

/**
 * The AWS adapters of all kinds of targets: a new kind is a line here.
 *
 * A client is loaded and made when its kind is first used: a function that resizes nothing does not pay for it at start.
 *
 * @param resolve finds the addresses of hosts; by DNS when absent.
 */
export const awsTargets = (options: ClientOptions, resolve?: Resolve): CapacityTargets => ({
  'ecs-service': onFirstUse('once', async () =>
    (await import('./ecs-service-target.ts')).connectEcsServices(options),
  ),
  'rds-replicas': onFirstUse('each-look', async () =>
    (await import('./rds-replicas-target.ts')).connectRdsReplicas(options, resolve),
  ),
  'aurora-readers': onFirstUse('each-look', async () =>
    (await import('./aurora-readers-target.ts')).connectAuroraReaders(options),
  ),
  'elasticache-replicas': onFirstUse('each-look', async () =>
    (await import('./elasticache-replicas-target.ts')).connectElastiCacheReplicas(options),
  ),
  'elasticache-shards': onFirstUse('each-look', async () =>
    (await import('./elasticache-shards-target.ts')).connectElastiCacheShards(options),
  ),
  'ecs-task-size': onFirstUse('once', async () =>
    (await import('./ecs-task-size-target.ts')).connectEcsTaskSizes(options),
  ),
  'rds-instance-class': onFirstUse('once', async () =>
    (await import('./rds-instance-class-target.ts')).connectRdsInstanceClasses(options),
  ),
  'elasticache-node-type': onFirstUse('each-look', async () =>
    (await import('./elasticache-node-type-target.ts')).connectElastiCacheNodeTypes(options),
  ),
});

function onFirstUse<T extends Target>(
  asks: CapacityTarget['asks'],
  connect: () => Promise<CapacityTarget<T>>,
): CapacityTarget<T> {
  let connected: Promise<CapacityTarget<T>> | undefined;
  const adapter = (): Promise<CapacityTarget<T>> => {
    connected ??= connect();
    return connected;
  };
  return {
    asks,
    describe: async (targets, now) => (await adapter()).describe(targets, now),
    resize: async (target, order) => (await adapter()).resize(target, order),
    rollBack: async (target, order) => (await (await adapter()).rollBack?.(target, order)) ?? null,
  };
}
