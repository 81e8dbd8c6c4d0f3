import { clientOptions } from '../../shared/adapters/aws/client-options.ts';
import { connectFailover } from '../../shared/adapters/aws/rds-failover.ts';
import type { Failover } from '../../shared/ports/failover.ts';

/** Promotions of replicas in the account of this function. */
export const connectPromotions = (): Failover => connectFailover(clientOptions());
