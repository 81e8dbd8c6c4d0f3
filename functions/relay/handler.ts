import type { DynamoDBStreamEvent } from 'aws-lambda';
import { lambdaHandler } from '../runtime/lambda-handler.ts';
import { compose } from './compose.ts';
import { relayRecords } from './relay-records.ts';

const { runtime, deps } = compose();

/** DynamoDB stream of the ledger → history, EventBridge and SNS. */
export const handler = lambdaHandler(runtime, (event: DynamoDBStreamEvent) =>
  relayRecords(runtime, deps, event),
);
