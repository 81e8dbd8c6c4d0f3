import { ControllerError } from '../../core/controller-error.ts';
import type { ElastiCacheReplicasTarget } from '../../core/target.ts';
import type { CapacityTarget } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';

export const connectElastiCacheReplicas = (
  _options: ClientOptions,
): CapacityTarget<ElastiCacheReplicasTarget> => {
  throw new ControllerError('rejected', 'not built yet', { retryable: false });
};
