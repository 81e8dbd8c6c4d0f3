import type { IncomingHttpHeaders } from 'node:http';
import { cborEncoder, decodeCbor } from './cbor-wire.ts';
import { decodeJson, jsonEncoder } from './json-wire.ts';
import { decodeForm } from './query-form.ts';
import { queryEncoder } from './query-wire.ts';
import { decodeRest, isRest, restOperation, restXmlEncoder } from './rest-xml-wire.ts';
import type { ModelledService, SchemaRef } from './service.ts';
import type { WireEncoder } from './wire.ts';

/** A request as far as routing looks at it. */
export interface WireRequest {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
}

/** Who is asked, for what, and in which protocol. */
export interface Route {
  /** Null when the request names no service that is played here. */
  readonly service: ModelledService | null;
  /** What the request calls the service; for the message and the count. */
  readonly asked: string;
  readonly operation: string;
  readonly region: string;
  readonly encoder: WireEncoder;
  /** The error for an operation that does not exist: its name and status. */
  readonly unknownOperation: readonly [string, number];
  decode(input: SchemaRef): unknown;
}

/** Finds the route of a request. */
export type Router = (request: WireRequest) => Route;

const RPC_PATH = /^\/service\/([^/]+)\/operation\/([^/?]+)/;
const SCOPE = /Credential=[^/]*\/\d*\/([^/]+)\/([^/]+)\/aws4_request/;
const json10 = jsonEncoder('1.0');
const json11 = jsonEncoder('1.1');

/** Routes by X-Amz-Target (awsJson), by path (RPC v2 CBOR), or by the service that the request was signed for (awsQuery, restXml). */
export function routerOf(services: readonly ModelledService[]): Router {
  const byTarget = new Map(services.map((service) => [service.settings.serviceTarget, service]));
  const bySigningName = new Map(services.map((service) => [service.signingName, service]));
  const rest = new Set(services.filter(isRest));
  return ({ headers, method, path, body }) => {
    const [, region = '', signedFor = ''] = SCOPE.exec(headers.authorization ?? '') ?? [];
    const target = headers['x-amz-target'];
    if (typeof target === 'string') {
      const dot = target.lastIndexOf('.');
      const asked = target.slice(0, Math.max(dot, 0));
      const operation = target.slice(dot + 1);
      const encoder = headers['content-type']?.includes('json-1.1') ? json11 : json10;
      const decode = (input: SchemaRef) => decodeJson(input, body);
      return {
        ...named(byTarget, asked),
        operation,
        region,
        encoder,
        unknownOperation: JSON_UNKNOWN,
        decode,
      };
    }
    const rpc = RPC_PATH.exec(path);
    if (rpc !== null) {
      const [, asked = '', operation = ''] = rpc;
      const decode = (input: SchemaRef) => decodeCbor(input, body);
      const encoder = cborEncoder;
      return {
        ...named(byTarget, asked),
        operation,
        region,
        encoder,
        unknownOperation: PATH_UNKNOWN,
        decode,
      };
    }
    const found = named(bySigningName, signedFor);
    const route =
      found.service !== null && rest.has(found.service)
        ? restRoute(found.service, { method, path, body })
        : queryRoute(body);
    return { ...route, ...found, region };
  };
}

const JSON_UNKNOWN = ['UnknownOperationException', 400] as const;
const PATH_UNKNOWN = ['UnknownOperationException', 404] as const;
const QUERY_UNKNOWN = ['InvalidAction', 400] as const;

const named = (services: ReadonlyMap<string, ModelledService>, asked: string) => ({
  service: services.get(asked) ?? null,
  asked,
});

function restRoute(
  service: ModelledService,
  { method, path, body }: Omit<WireRequest, 'headers'>,
): Omit<Route, 'service' | 'asked' | 'region'> {
  const match = restOperation(service, { method, path });
  const labels = match?.labels ?? new Map<string, string>();
  return {
    operation: match?.operation ?? `${method} ${path}`,
    encoder: restXmlEncoder,
    unknownOperation: PATH_UNKNOWN,
    decode: (input) => decodeRest(service, input, { path, labels, body }),
  };
}

function queryRoute(body: Buffer): Omit<Route, 'service' | 'asked' | 'region'> {
  const form = new URLSearchParams(body.toString('utf8'));
  const decode = (input: SchemaRef) => decodeForm(input, form);
  return {
    operation: form.get('Action') ?? '',
    encoder: queryEncoder,
    unknownOperation: QUERY_UNKNOWN,
    decode,
  };
}
