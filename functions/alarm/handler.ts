import type { SQSEvent } from 'aws-lambda';
import { lambdaHandler } from '../runtime/lambda-handler.ts';
import { sqsBatch } from '../runtime/sqs-batch.ts';
import { wakeTargets } from '../runtime/wake-targets.ts';
import { compose } from './compose.ts';

const { runtime, deps } = compose();

/** Alarms that changed their state, by way of EventBridge and a queue → decisions about the targets that they wake. */
export const handler = lambdaHandler(runtime, (event: SQSEvent) =>
  sqsBatch(runtime, event, (body) => wakeTargets(deps, body)),
);
