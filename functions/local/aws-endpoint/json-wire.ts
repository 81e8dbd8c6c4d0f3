import { JsonCodec2 } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { awsError } from './errors.ts';
import type { SchemaRef } from './service.ts';
import { queryErrorHeader, typedError, type WireEncoder } from './wire.ts';

/** Timestamps are epoch seconds unless the model says otherwise. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
const codec = new JsonCodec2({ timestampFormat: { useTrait: true, default: 7 }, jsonName: false });
const reader = codec.createDeserializer();
const writer = codec.createSerializer();

/**
 * Reads the body of an awsJson request.
 * @throws ServiceException SerializationException when it is no object; SyntaxError when it is no JSON.
 */
export function decodeJson(input: SchemaRef, body: Buffer): unknown {
  const text = body.toString('utf8');
  // The codec would take a list for a structure without members.
  if (text.trimStart().startsWith('[')) {
    throw awsError('SerializationException', 'The body is a list, not an object.');
  }
  return reader.read(NormalizedSchema.of(input), text);
}

/** Answers in awsJson; 1.0 names errors with their namespace, 1.1 without. */
export function jsonEncoder(version: '1.0' | '1.1'): WireEncoder {
  const headers = { 'content-type': `application/x-amz-json-${version}` };
  return {
    output(_service, operation, output) {
      const schema = NormalizedSchema.of(operation[5]);
      if (schema.isUnitSchema()) return { body: '{}', headers };
      writer.write(schema, output);
      return { body: writer.flush(), headers };
    },
    fault(service, fault) {
      const namespace =
        version === '1.0' && service !== null && fault.modelled
          ? `${service.settings.defaultNamespace}#`
          : '';
      writer.write(typedError(fault), { ...fault.values, __type: namespace + fault.name });
      return { body: writer.flush(), headers: { ...headers, ...queryErrorHeader(service, fault) } };
    },
  };
}
