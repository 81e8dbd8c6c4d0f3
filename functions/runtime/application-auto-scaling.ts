import { connectApplicationAutoScaling } from '../../shared/adapters/aws/application-auto-scaling.ts';
import { clientOptions } from '../../shared/adapters/aws/client-options.ts';

/** Who else scales targets of this account, over a client of its own. */
export const connectOwnership = () => connectApplicationAutoScaling(clientOptions());
