import { XmlCodec } from '@aws-sdk/core/protocols';
import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { queryEncoder } from './query-wire.ts';
import type { ModelledService, OperationSchema, SchemaRef } from './service.ts';
import type { WireEncoder } from './wire.ts';

/** A restXml request, as far as it names its operation. */
export interface RestRequest {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
}

/** An operation that a request names, with the values in its path. */
export interface RestMatch {
  readonly operation: string;
  readonly labels: ReadonlyMap<string, string>;
}

// 5 = ISO 8601, restXml's timestamps.
const TIMESTAMPS = { useTrait: true, default: 5 } as const;
const scalars = new FromStringShapeDeserializer({ timestampFormat: TIMESTAMPS });

const codecOf = ({ settings }: ModelledService): XmlCodec =>
  new XmlCodec({ timestampFormat: TIMESTAMPS, xmlNamespace: settings.xmlNamespace, serviceNamespace: '' });

/**
 * Finds the operation whose method and path pattern a request fits; null when there is none.
 * https://smithy.io/2.0/spec/http-bindings.html#http-trait
 */
export function restOperation(service: ModelledService, { method, path }: RestRequest): RestMatch | null {
  // Older clients end the path of a change with a slash, and Route 53 takes it.
  const place = (path.split('?')[0] ?? '').replace(/\/$/, '');
  for (const operation of service.operations.values()) {
    const [verb, pattern] = bindingOf(operation) ?? [];
    const labels = verb === method && pattern !== undefined ? labelsOf(pattern, place) : null;
    if (labels !== null) return { operation: operation[2], labels };
  }
  return null;
}

/** Whether a service speaks in paths and methods. */
export const isRest = (service: ModelledService): boolean =>
  [...service.operations.values()].some((operation) => bindingOf(operation) !== null);

function bindingOf([, , , traits]: OperationSchema): readonly [string, string] | null {
  const http = typeof traits === 'object' && traits !== null && 'http' in traits ? traits.http : null;
  return Array.isArray(http) ? (http as unknown as readonly [string, string]) : null;
}

function labelsOf(pattern: string, place: string): ReadonlyMap<string, string> | null {
  const parts = (pattern.split('?')[0] ?? '').split('/');
  const given = place.split('/');
  if (parts.length !== given.length) return null;
  const labels = new Map<string, string>();
  for (const [index, part] of parts.entries()) {
    const value = given[index] ?? '';
    const [, name] = /^\{(\w+)\+?\}$/.exec(part) ?? [];
    if (name !== undefined) labels.set(name, decodeURIComponent(value));
    else if (part !== value) return null;
  }
  return labels;
}

/** Reads a restXml request: its body, and what stands in path and query. */
export function decodeRest(
  service: ModelledService,
  input: SchemaRef,
  { path, labels, body }: Omit<RestMatch, 'operation'> & { readonly path: string; readonly body: Buffer },
): unknown {
  const schema = NormalizedSchema.of(input);
  const query = new URLSearchParams(path.split('?')[1] ?? '');
  const inBody = body.length === 0 ? {} : codecOf(service).createDeserializer().read(schema, body);
  const value: Record<string, unknown> = { ...inBody };
  for (const [name, member] of schema.structIterator()) {
    const { httpLabel, httpQuery } = member.getMergedTraits();
    const text = httpLabel ? labels.get(name) : httpQuery === undefined ? null : query.get(httpQuery);
    if (text !== undefined && text !== null) value[name] = scalars.read(member, text);
  }
  return value;
}

/** Answers in restXml, whose errors look like those of awsQuery. https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html */
export const restXmlEncoder: WireEncoder = {
  output(service, operation, output) {
    const writer = codecOf(service).createSerializer();
    writer.write(NormalizedSchema.of(operation[5]), output);
    const text = writer.flush().toString();
    return {
      body: `<?xml version="1.0" encoding="UTF-8"?>\n${text}`,
      headers: { 'content-type': 'text/xml' },
    };
  },
  fault: queryEncoder.fault,
};
