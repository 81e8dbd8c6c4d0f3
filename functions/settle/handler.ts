import type { SQSEvent } from 'aws-lambda';
import { followResize } from '../runtime/follow-resize.ts';
import { lambdaHandler } from '../runtime/lambda-handler.ts';
import { sqsBatch } from '../runtime/sqs-batch.ts';
import { compose } from './compose.ts';

const { runtime, deps } = compose();

/** What ECS, RDS and ElastiCache report, by way of EventBridge and a queue → resizes followed to their end. */
export const handler = lambdaHandler(runtime, (event: SQSEvent) =>
  sqsBatch(runtime, event, (body) => followResize(deps, body)),
);
