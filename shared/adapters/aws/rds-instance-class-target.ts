import { ControllerError } from '../../core/controller-error.ts';
import type { RdsInstanceClassTarget } from '../../core/target.ts';
import type { CapacityTarget } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';

export const connectRdsInstanceClasses = (
  _options: ClientOptions,
): CapacityTarget<RdsInstanceClassTarget> => {
  throw new ControllerError('rejected', 'not built yet', { retryable: false });
};
