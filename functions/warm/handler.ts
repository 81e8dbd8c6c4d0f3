import { instant } from '../../shared/core/time.ts';
import { lambdaHandler } from '../runtime/lambda-handler.ts';
import { compose } from './compose.ts';
import { runWarm } from './run-warm.ts';

const { runtime, deps } = compose();

/** A schedule, our own bus, the end of a deployment, or a call by hand → runs of warm plans. */
export const handler = lambdaHandler(runtime, (event: unknown, context) =>
  runWarm(runtime, deps, event, instant(deps.warm.clock.now() + context.getRemainingTimeInMillis())),
);
