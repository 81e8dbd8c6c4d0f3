import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

const TARGET = /^DynamoDB_\d+\.(\w*)$/;

/** The DynamoDB operation that a request asks for, or null when it asks another service. */
export function dynamodbOperation(request: IncomingMessage): string | null {
  const target = request.headers['x-amz-target'];
  return typeof target === 'string' ? (TARGET.exec(target)?.[1] ?? null) : null;
}

/**
 * Lets an embedded DynamoDB answer. It gets the body as already read: dynalite throws, uncaught, when a client goes away
 * while its request is still open.
 * @param done is told the outcome: `ok`, or the name of the error.
 */
export function passToDynamodb(
  listener: RequestListener,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  done: (outcome: string) => string,
): void {
  const replay = Object.assign(Readable.from([body], { objectMode: false }), {
    method: request.method,
    url: request.url,
    headers: request.headers,
  });
  const end = response.end.bind(response) as (text?: unknown) => ServerResponse;
  response.end = ((text?: unknown) => {
    response.setHeader('x-amzn-requestid', done(response.statusCode < 300 ? 'ok' : errorName(text)));
    return end(text);
  }) as typeof response.end;
  listener(replay as unknown as IncomingMessage, response as Parameters<RequestListener>[1]);
}

function errorName(body: unknown): string {
  const type = /"__type":"(?:[^"]*#)?(\w+)"/.exec(String(body))?.[1];
  return type ?? 'UnknownError';
}
