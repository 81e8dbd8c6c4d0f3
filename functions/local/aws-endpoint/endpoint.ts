import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import { type Answer, answer, refusal } from './answer.ts';
import { readBody } from './body.ts';
import { dynamodbOperation, passToDynamodb } from './dynamodb.ts';
import { jsonEncoder } from './json-wire.ts';
import type { AwsEndpointOptions } from './options.ts';
import { type Router, routerOf } from './routing.ts';

/** A running endpoint. */
export interface AwsEndpoint {
  /** For `AWS_ENDPOINT_URL` or a client's `endpoint`. */
  readonly url: string;
  /** Stops listening; answers in progress are finished first, for a second at most. */
  close(): Promise<void>;
}

/** Longer than any client keeps an idle connection, so that none is closed under a request. */
const KEEP_ALIVE_MILLIS = 75_000;
const CLOSE_WITHIN_MILLIS = 1_000;

/**
 * Plays AWS on 127.0.0.1: SDK clients and the AWS CLI talk to it as to the services themselves.
 * Signatures are not checked. Request ids count up from 1.
 * @throws ControllerError `invalid` when the port is taken.
 */
export async function startAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const route = routerOf(options.services);
  let requests = 0;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLIS }, (request, response) => {
    requests += 1;
    const requestId = `00000000-0000-4000-8000-${requests.toString(16).padStart(12, '0')}`;
    // A client that went away has no use for an answer.
    serve(request, response, { requestId, route, options }).catch(() => response.destroy());
  });
  await listening(server, options.port);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closed(server) };
}

interface Serving {
  readonly requestId: string;
  readonly route: Router;
  readonly options: AwsEndpointOptions;
}

const json10 = jsonEncoder('1.0');

async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const { requestId, route, options } = serving;
  const { headers, method = 'POST', url: path = '/' } = request;
  let body: Buffer;
  try {
    body = await readBody(request);
  } catch (error) {
    if (request.destroyed && !request.complete) throw error;
    const { encoder, service, operation, asked } = route({ headers, method, path, body: Buffer.alloc(0) });
    const call = { service: service?.name ?? asked, operation };
    return send(response, { ...refusal({ encoder, service }, requestId, error), call }, serving);
  }
  const operation = options.dynamodb === undefined ? null : dynamodbOperation(request);
  if (options.dynamodb !== undefined && operation !== null) {
    return serveDynamodb(request, response, body, { ...serving, listener: options.dynamodb, operation });
  }
  send(response, await answer(route({ headers, method, path, body }), requestId, options), serving);
}

function serveDynamodb(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  serving: Serving & { readonly listener: RequestListener; readonly operation: string },
): void {
  const { options, requestId, listener, operation } = serving;
  const call = { service: 'dynamodb', operation };
  const injected = options.faults?.(call);
  if (injected !== undefined) {
    send(response, { ...refusal({ service: null, encoder: json10 }, requestId, injected), call }, serving);
    return;
  }
  passToDynamodb(listener, request, body, response, (outcome) => {
    options.onCall?.({ ...call, outcome });
    return requestId;
  });
}

function send(response: ServerResponse, answered: Answer, { requestId, options }: Serving): void {
  const { status, headers, body, call, outcome } = answered;
  options.onCall?.({ ...call, outcome });
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  response.writeHead(status, { ...headers, 'content-length': length, 'x-amzn-requestid': requestId });
  response.end(body);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `Port ${port} of 127.0.0.1 cannot be used (${cause.message}): choose another, or 0 for a free one.`;
      reject(new ControllerError('invalid', message, { retryable: false, cause }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection whose answer is still in progress is kept alive by its client, so it is looked at again.
    const idle = setInterval(() => server.closeIdleConnections(), 10);
    const all = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MILLIS);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(all);
      resolve();
    });
  });
}
