import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { TargetId } from '../../core/target.ts';
import { TABLE } from '../../ports/ledger-table.ts';

const PARTITION_PREFIX = 'target#';

/** The value of `awake` while a target is: one partition of the sparse index holds all of them. */
export const AWAKE = 'awake';

/** The value of `log` in every event: one partition of the time index holds all of them. */
export const LOG = 'events';

/** What stands before the position of an event in its sort key. */
export const EVENT_PREFIX = 'event#';

/** What stands before the position of a receipt in its sort key. */
export const RECEIPT_PREFIX = 'receipt#';

/** The partition key of a target's head, events and receipts. */
export const partitionOf = (target: TargetId): string => `${PARTITION_PREFIX}${target}`;

/** The target of a partition key. */
export const targetOfPartition = (partition: string): TargetId =>
  partition.slice(PARTITION_PREFIX.length) as TargetId;

/** The request that creates the table where CloudFormation does not: in local mode and in tests. */
export function createTableInput(tableName: string): CreateTableCommandInput {
  const { wakeAt, eventsByTime } = TABLE.indexes;
  const keys = [TABLE, wakeAt, eventsByTime].flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]);
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keySchema(TABLE),
    GlobalSecondaryIndexes: [wakeAt, eventsByTime].map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index),
      Projection: { ProjectionType: index.projection },
    })),
  };
}

interface Keys {
  readonly partitionKey: { readonly name: string };
  readonly sortKey: { readonly name: string };
}

const keySchema = ({ partitionKey, sortKey }: Keys): CreateTableCommandInput['KeySchema'] => [
  { AttributeName: partitionKey.name, KeyType: 'HASH' },
  { AttributeName: sortKey.name, KeyType: 'RANGE' },
];
