import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { clientOptions } from '../../shared/adapters/aws/client-options.ts';
import { DynamoEventLog } from '../../shared/adapters/aws/dynamo-event-log.ts';
import { DynamoLedger } from '../../shared/adapters/aws/dynamo-ledger.ts';
import { DynamoReceipts } from '../../shared/adapters/aws/dynamo-receipts.ts';
import { createTableInput } from '../../shared/adapters/aws/dynamo-table.ts';
import type { OpenStore } from '../contracts/store.ts';

/** A DynamoDB that tests may fill with tables. */
export interface DynamoServer {
  readonly client: DynamoDBClient;
  readonly documents: DynamoDBDocumentClient;
  /** Creates an empty ledger table and answers its name. */
  newTable(): Promise<string>;
  close(): Promise<void>;
}

/** The embedded DynamoDB on a free port of the loopback. */
export async function startDynalite(): Promise<DynamoServer> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connected = connectDynamo(`http://127.0.0.1:${port}`);
  return {
    ...connected,
    close: async () => {
      await connected.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A DynamoDB that is running already, such as DynamoDB Local. */
export function connectDynamo(
  endpoint: string,
  options: { readonly maxAttempts?: number } = {},
): DynamoServer {
  const client = new DynamoDBClient({
    ...clientOptions(),
    ...options,
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let tables = 0;
  return {
    client,
    documents: DynamoDBDocumentClient.from(client),
    newTable: async () => {
      tables += 1;
      const name = `ledger-${process.pid}-${Date.now()}-${tables}`;
      await client.send(new CreateTableCommand(createTableInput(name)));
      await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.01 }, { TableName: name });
      return name;
    },
    close: async () => client.destroy(),
  };
}

/** Opens stores, each over a new table of the server. */
export const dynamoStores =
  (server: () => DynamoServer): OpenStore =>
  async (clock, retentionSeconds) => {
    const { documents } = server();
    const table = await server().newTable();
    return {
      ledger: new DynamoLedger(documents, table),
      history: new DynamoEventLog(documents, table, clock, { retentionSeconds }),
      receipts: new DynamoReceipts(documents, table, clock, { retentionSeconds }),
    };
  };
