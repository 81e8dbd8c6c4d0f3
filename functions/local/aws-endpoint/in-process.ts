import type { HttpHandler } from '@smithy/core/protocols';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { HttpResponse } from '@smithy/core/transport';
import type { ClientTransport } from '../../../shared/adapters/aws/client-options.ts';
import { answer } from './answer.ts';
import { unzipped } from './body.ts';
import type { AwsEndpointOptions, Call } from './options.ts';
import { routerOf } from './routing.ts';

/** What is played, and who stands between client and service. */
export interface InProcessOptions
  extends Pick<AwsEndpointOptions, 'services' | 'faults' | 'onCall' | 'onHandlerFailure'> {
  /** Carries a call: may fail before it takes effect, or lose the answer. */
  readonly carry?: Carry;
}

/** Lets a call take effect, and hands its answer on, or throws instead. */
export type Carry = <T>(call: Call, takeEffect: () => Promise<T>) => Promise<T>;

/** As many tries as the controller's clients make. */
const TRIES = 4;

/**
 * The same endpoint without a socket: the SDK's clients write and read the wire as ever, about twice as fast. Nothing waits
 * for real time, so that a retry belongs to the moment of its first try.
 */
export function inProcessTransport(options: InProcessOptions): ClientTransport {
  const route = routerOf(options.services);
  const carry: Carry = options.carry ?? ((_, takeEffect) => takeEffect());
  let requests = 0;
  const handle: HttpHandler['handle'] = async ({ method, path, query, headers, body }) => {
    requests += 1;
    const requestId = `00000000-0000-4000-8000-${requests.toString(16).padStart(12, '0')}`;
    const named = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const bytes = await unzipped(named['content-encoding'], bytesOf(body));
    const wire = { headers: named, method, path: `${path}${queryOf(query)}`, body: bytes };
    const routed = route(wire);
    const call = { service: routed.service?.name ?? routed.asked, operation: routed.operation };
    const answered = await carry(call, () => answer(routed, requestId, options));
    options.onCall?.({ ...call, outcome: answered.outcome });
    const response = new HttpResponse({
      statusCode: answered.status,
      headers: { ...answered.headers, 'x-amzn-requestid': requestId },
      body: typeof answered.body === 'string' ? Buffer.from(answered.body) : answered.body,
    });
    return { response };
  };
  const requestHandler: HttpHandler = {
    handle,
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  return { requestHandler, retryStrategy: new ConfiguredRetryStrategy(TRIES, () => 0) };
}

const bytesOf = (body: unknown): Buffer =>
  typeof body === 'string'
    ? Buffer.from(body)
    : body instanceof Uint8Array
      ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
      : Buffer.alloc(0);

type Query = Readonly<Record<string, string | readonly string[] | null>> | undefined;

function queryOf(query: Query): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, String(each ?? '')]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
