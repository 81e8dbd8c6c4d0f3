import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { lambdaHandler } from '../runtime/lambda-handler.ts';
import { compose } from './compose.ts';

const { runtime, deps } = compose();

/** EventBridge Scheduler, each minute → every target that is due. What the schedule sends along does not matter. */
export const handler = lambdaHandler(runtime, () => sweepTargets(deps));
