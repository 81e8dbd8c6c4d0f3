import { ControllerError } from '../../core/controller-error.ts';
import type { ElastiCacheShardsTarget } from '../../core/target.ts';
import type { CapacityTarget } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';

export const connectElastiCacheShards = (
  _options: ClientOptions,
): CapacityTarget<ElastiCacheShardsTarget> => {
  throw new ControllerError('rejected', 'not built yet', { retryable: false });
};
