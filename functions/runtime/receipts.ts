import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoReceipts } from '../../shared/adapters/aws/dynamo-receipts.ts';
import type { ReceiptStore } from '../../shared/ports/receipt-store.ts';
import { SYSTEM_CLOCK } from './function-runtime.ts';

/** The receipts in the ledger's table. Loaded when first needed: see {@link lazyReceipts}. */
export const openReceipts = (
  documents: DynamoDBDocumentClient,
  table: string,
  retentionSeconds: number,
): ReceiptStore => new DynamoReceipts(documents, table, SYSTEM_CLOCK, { retentionSeconds });
