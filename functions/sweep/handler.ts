import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { lambdaHandler } from '../runtime/lambda-handler.ts';
import { compose } from './compose.ts';
import { scheduledAt } from './scheduled-at.ts';

const { runtime, deps } = compose();

/** EventBridge Scheduler, each minute → every target that is due. The time of the tick serves the measure of lag alone. */
export const handler = lambdaHandler(runtime, (event: unknown) => sweepTargets(deps, scheduledAt(event)));
