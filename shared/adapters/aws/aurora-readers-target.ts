import { ControllerError } from '../../core/controller-error.ts';
import type { AuroraReadersTarget } from '../../core/target.ts';
import type { CapacityTarget } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';

export const connectAuroraReaders = (_options: ClientOptions): CapacityTarget<AuroraReadersTarget> => {
  throw new ControllerError('rejected', 'not built yet', { retryable: false });
};
