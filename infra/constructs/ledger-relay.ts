import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { CfnTable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { HEAD_KEY, TABLE } from '../../shared/ports/ledger-table.ts';
import type { ControllerFunction } from './controller-function.ts';
import { deadLetterQueue } from './event-queue.ts';

/** The stream to read and the function that reads it. */
export interface LedgerRelayProps {
  readonly table: Table;
  readonly relay: ControllerFunction;
}

/**
 * Hands what the ledger commits to the relay. A record that fails is narrowed down by bisection, tried five times and set aside;
 * the events in it are still in the outbox then, and the next settle or sweep relays them.
 */
export class LedgerRelay extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { table, relay }: LedgerRelayProps) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    const streamArn = table.tableStreamArn;
    if (streamArn === undefined) throw new Error('The ledger table has no stream.');
    relay.allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [streamArn]);
    // Lambda refuses a mapping whose role may not list streams, and listing is authorized on all streams of a table, not on one.
    relay.allow(['dynamodb:ListStreams'], [`${table.tableArn}/stream/*`]);
    const tableId = Stack.of(this).getLogicalId(table.node.defaultChild as CfnTable);
    Validations.of(relay.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${tableId}.Arn>/stream/*]`,
      reason:
        'dynamodb:ListStreams lists the streams of one table: the wildcard is the list, within our own table.',
    });
    relay.handler.addEventSourceMapping('LedgerStream', {
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      retryAttempts: 5,
      maxRecordAge: Duration.hours(6),
      parallelizationFactor: 2,
      reportBatchItemFailures: true,
      onFailure: new SqsDlq(this.deadLetters),
      // Only heads have an outbox. That it holds something cannot be asked: a filter tests leaves of known names.
      filters: [
        FilterCriteria.filter({
          eventName: ['INSERT', 'MODIFY'],
          dynamodb: { Keys: { [TABLE.sortKey.name]: { S: [HEAD_KEY] } } },
        }),
      ],
    });
  }
}
