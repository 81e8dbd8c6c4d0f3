import { ControllerError } from '../../core/controller-error.ts';
import type { RdsReplicasTarget } from '../../core/target.ts';
import type { CapacityTarget } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';

export const connectRdsReplicas = (_options: ClientOptions): CapacityTarget<RdsReplicasTarget> => {
  throw new ControllerError('rejected', 'not built yet', { retryable: false });
};
