import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientOptions } from '../../shared/adapters/aws/client-options.ts';
import { dynamoSource } from '../../shared/adapters/aws/dynamo-source.ts';
import type { DynamoItem } from '../../shared/core/warm-plan.ts';
import type { WarmSource } from '../../shared/ports/warm-source.ts';

/** The items of a table, through a client of its own. */
export const openTable = (item: DynamoItem): WarmSource =>
  dynamoSource(DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions())), item);
