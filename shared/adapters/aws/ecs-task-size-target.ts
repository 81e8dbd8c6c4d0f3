import { ControllerError } from '../../core/controller-error.ts';
import type { EcsTaskSizeTarget } from '../../core/target.ts';
import type { CapacityTarget } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';

export const connectEcsTaskSizes = (_options: ClientOptions): CapacityTarget<EcsTaskSizeTarget> => {
  throw new ControllerError('rejected', 'not built yet', { retryable: false });
};
