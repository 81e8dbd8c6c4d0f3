import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventLogContract } from '../../contracts/event-log.contract.ts';
import { ledgerContract } from '../../contracts/ledger.contract.ts';
import { receiptStoreContract } from '../../contracts/receipt-store.contract.ts';
import { relayContract } from '../../contracts/relay.contract.ts';
import { connectDynamo, type DynamoServer, dynamoStores } from '../../support/dynamo-store.ts';

const endpoint = process.env['DYNAMODB_ENDPOINT'];

if (endpoint === undefined) {
  it('runs over DynamoDB Local only where DYNAMODB_ENDPOINT names one, which CI must do', () => {
    console.info('DYNAMODB_ENDPOINT is not set: the ledger contract was not run over DynamoDB Local.');
    expect(process.env['CI']).not.toBe('true');
  });
} else {
  describe(`in DynamoDB at ${endpoint}`, () => {
    let server: DynamoServer;
    beforeAll(() => {
      server = connectDynamo(endpoint);
    });
    afterAll(() => server.close());

    const openStore = dynamoStores(() => server);
    ledgerContract(openStore);
    relayContract(openStore);
    eventLogContract(openStore);
    receiptStoreContract(openStore);
  });
}
