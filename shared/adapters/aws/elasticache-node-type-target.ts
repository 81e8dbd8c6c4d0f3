import { ControllerError } from '../../core/controller-error.ts';
import type { ElastiCacheNodeTypeTarget } from '../../core/target.ts';
import type { CapacityTarget } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';

export const connectElastiCacheNodeTypes = (
  _options: ClientOptions,
): CapacityTarget<ElastiCacheNodeTypeTarget> => {
  throw new ControllerError('rejected', 'not built yet', { retryable: false });
};
