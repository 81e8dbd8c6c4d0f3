import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoItem } from '../../core/warm-plan.ts';
import type { WarmPage, WarmSource } from '../../ports/warm-source.ts';
import { translateSdkError } from './sdk-errors.ts';

/** Where a page ended, and what the run has consumed until then. */
interface Place {
  readonly key: Readonly<Record<string, unknown>> | null;
  readonly units: number;
}

const BEGINNING: Place = { key: null, units: 0 };

/**
 * Items of a table, by `Query`. A page ends where DynamoDB ends it; the key it ends with goes into the cursor.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 */
export const dynamoSource = (documents: DynamoDBDocumentClient, item: DynamoItem): WarmSource => ({
  page: (cursor, limit) => pageOf(documents, item, placeOf(cursor), limit),
  ask: null,
  close: async () => undefined,
});

const placeOf = (cursor: string | null): Place =>
  cursor === null ? BEGINNING : (JSON.parse(cursor) as Place);

async function pageOf(
  documents: DynamoDBDocumentClient,
  item: DynamoItem,
  { key, units }: Place,
  limit: number,
): Promise<WarmPage> {
  const { table, maxCapacityUnits } = item;
  if (units >= maxCapacityUnits) {
    const detail = `${table} took ${units} read capacity units, its limit is ${maxCapacityUnits}.`;
    return { kind: 'fault', fault: 'too-much', detail };
  }
  try {
    const answer = await documents.send(
      new QueryCommand({
        TableName: table,
        ...(item.index === null ? {} : { IndexName: item.index }),
        KeyConditionExpression: item.keyCondition,
        ...(Object.keys(item.names).length === 0 ? {} : { ExpressionAttributeNames: { ...item.names } }),
        ExpressionAttributeValues: { ...item.values },
        ReturnConsumedCapacity: 'TOTAL',
        Limit: limit,
        ...(key === null ? {} : { ExclusiveStartKey: { ...key } }),
      }),
    );
    const consumed = units + (answer.ConsumedCapacity?.CapacityUnits ?? 0);
    const end = answer.LastEvaluatedKey;
    const next = end === undefined ? null : JSON.stringify({ key: end, units: consumed } satisfies Place);
    return { kind: 'page', rows: answer.Items ?? [], next, queries: 1 };
  } catch (error) {
    const { code, message } = translateSdkError(error, `query ${table}`);
    return { kind: 'fault', fault: 'source', detail: `${code}: ${message}` };
  }
}
