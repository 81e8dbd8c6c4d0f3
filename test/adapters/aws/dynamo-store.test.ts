import { afterAll, beforeAll, describe } from 'vitest';
import { eventLogContract } from '../../contracts/event-log.contract.ts';
import { ledgerContract } from '../../contracts/ledger.contract.ts';
import { limitsContract } from '../../contracts/limits.contract.ts';
import { planContract } from '../../contracts/plan.contract.ts';
import { receiptStoreContract } from '../../contracts/receipt-store.contract.ts';
import { relayContract } from '../../contracts/relay.contract.ts';
import { type DynamoServer, dynamoStores, startDynalite } from '../../support/dynamo-store.ts';

describe('in the embedded DynamoDB', () => {
  let server: DynamoServer;
  beforeAll(async () => {
    server = await startDynalite();
  });
  afterAll(() => server.close());

  const openStore = dynamoStores(() => server);
  ledgerContract(openStore);
  relayContract(openStore);
  eventLogContract(openStore);
  limitsContract(openStore);
  planContract(openStore);
  receiptStoreContract(openStore);
});
