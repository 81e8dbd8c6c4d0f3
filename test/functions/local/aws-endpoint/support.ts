import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { afterEach } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../functions/local/aws-endpoint/endpoint.ts';
import type { AnsweredCall, AwsEndpointOptions } from '../../../../functions/local/aws-endpoint/options.ts';

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** An endpoint that is closed after the test, and what it was asked. */
export async function anEndpoint(
  options: Omit<AwsEndpointOptions, 'port' | 'onCall'>,
): Promise<AwsEndpoint & { readonly calls: readonly AnsweredCall[] }> {
  const calls: AnsweredCall[] = [];
  const endpoint = await startAwsEndpoint({ ...options, port: 0, onCall: (call) => calls.push(call) });
  open.push(() => endpoint.close());
  return { ...endpoint, calls };
}

/** A client that is destroyed after the test. */
export function closing<Client extends { destroy(): void }>(client: Client): Client {
  open.push(() => client.destroy());
  return client;
}

/** What a client of the endpoint needs: four attempts, without waiting between them. */
export const clientOf = ({ url }: AwsEndpoint) => ({
  endpoint: url,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  retryStrategy: new ConfiguredRetryStrategy(4, () => 0),
});

/** The error that a call ends with. */
export const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );
