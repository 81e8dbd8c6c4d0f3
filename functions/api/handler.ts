import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { lambdaHandler } from '../runtime/lambda-handler.ts';
import { compose } from './compose.ts';

const { runtime, app } = compose();
const answer = handle(app);

/** API Gateway (HTTP API) → the same app that local mode serves. */
export const handler = lambdaHandler(runtime, (event: LambdaEvent, context: LambdaContext) =>
  answer(event, context),
);
