import { onTestFinished } from 'vitest';
import { startAwsEndpoint } from '../../functions/local/aws-endpoint/endpoint.ts';
import type { AnsweredCall, Call } from '../../functions/local/aws-endpoint/options.ts';
import type { ModelledService } from '../../functions/local/aws-endpoint/service.ts';
import { type ClientOptions, clientOptions } from '../../shared/adapters/aws/client-options.ts';

/** An endpoint that plays services for one test, and what was asked of it. */
export interface AwsAccount {
  /** For `new ECSClient(account.options)`: the SDK's own client, over loopback. */
  readonly options: ClientOptions;
  readonly calls: readonly AnsweredCall[];
}

/** Plays services until the test ends. `faults` is asked before each call; an error there is the answer. */
export async function anAwsAccount(
  services: readonly ModelledService[],
  faults: (call: Call) => Error | undefined = () => undefined,
): Promise<AwsAccount> {
  const calls: AnsweredCall[] = [];
  const endpoint = await startAwsEndpoint({ port: 0, services, faults, onCall: (call) => calls.push(call) });
  onTestFinished(() => endpoint.close());
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { calls, options: clientOptions({ endpoint: endpoint.url, region: 'eu-central-1', credentials }) };
}
