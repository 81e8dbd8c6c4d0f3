import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { TABLE } from '../../shared/ports/ledger-table.ts';
import type { ControllerFunction } from './controller-function.ts';

/** What becomes of the ledger when its stack is destroyed. */
export interface LedgerTableProps {
  /** `retain` keeps the table, protected against deletion: its events are the answer to "why did it scale?". */
  readonly whenStackGoes: 'retain' | 'discard';
}

/**
 * The ledger: on demand, since a sleeping target costs nothing; restorable to any second of the last 35 days; encrypted under the
 * AWS managed key. Its name is generated, so that a table that was retained is not in the way of the next deployment.
 */
export class LedgerTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { whenStackGoes }: LedgerTableProps) {
    super(scope, id);
    const retain = whenStackGoes === 'retain';
    this.table = new Table(this, 'Table', {
      partitionKey: attribute(TABLE.partitionKey),
      sortKey: attribute(TABLE.sortKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: TABLE.ttlAttribute,
      stream: StreamViewType[TABLE.streamViewType],
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      deletionProtection: retain,
    });
    for (const index of Object.values(TABLE.indexes)) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: attribute(index.partitionKey),
        sortKey: attribute(index.sortKey),
        projectionType: ProjectionType[index.projection],
      });
    }
  }

  /** Lets a function read heads, commit new versions of them, and store receipts. */
  grantCommits(...functions: readonly ControllerFunction[]): void {
    for (const each of functions) {
      each.allow(
        ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        [this.table.tableArn],
      );
    }
  }

  /** Lets a function read outboxes, store their events and take them off. */
  grantRelay(relay: ControllerFunction): void {
    relay.allow(['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [this.table.tableArn]);
  }

  /** Lets a function ask who is due. */
  grantDue(sweep: ControllerFunction): void {
    sweep.allow(['dynamodb:Query'], [this.indexArn('wakeAt')]);
  }

  /** Lets a function list events, of one target and of all, and receipts. */
  grantHistory(api: ControllerFunction): void {
    api.allow(['dynamodb:Query'], [this.table.tableArn, this.indexArn('eventsByTime')]);
  }

  private indexArn(index: keyof typeof TABLE.indexes): string {
    return `${this.table.tableArn}/index/${TABLE.indexes[index].name}`;
  }
}

function attribute({ name, type }: { readonly name: string; readonly type: 'S' | 'N' }): Attribute {
  return { name, type: type === 'S' ? AttributeType.STRING : AttributeType.NUMBER };
}
