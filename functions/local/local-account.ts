import dynalite from 'dynalite';
import type { Plant } from '../../shared/simulation/plant.ts';
import { startAwsEndpoint } from './aws-endpoint/endpoint.ts';
import { awsServices } from './aws-services/aws-services.ts';
import type { Tally } from './tally.ts';

/** An AWS account in this process: an endpoint on the loopback interface, with the plant and dynalite behind it. */
export interface LocalAccount {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens the account. Every answered call is counted. */
export async function openLocalAccount(plant: Plant, tally: Tally): Promise<LocalAccount> {
  const database = dynalite({ createTableMs: 0 });
  const [listener] = database.listeners('request');
  if (!isListener(listener)) throw new Error('dynalite has no request listener');
  return startAwsEndpoint({
    port: 0,
    services: awsServices(plant),
    dynamodb: listener,
    onCall: ({ operation }) => tally.call(operation),
  });
}

type Listener = NonNullable<Parameters<typeof startAwsEndpoint>[0]['dynamodb']>;

const isListener = (value: unknown): value is Listener => typeof value === 'function';
