import { CborCodec } from '@smithy/core/cbor';
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from './service.ts';
import { queryErrorHeader, typedError, type WireEncoder } from './wire.ts';

const codec = new CborCodec();
const reader = codec.createDeserializer();
const writer = codec.createSerializer();
const protocol = { 'smithy-protocol': 'rpc-v2-cbor' };
const headers = { ...protocol, 'content-type': 'application/cbor' };

/** Reads the body of a Smithy RPC v2 CBOR request; an operation without input sends none. */
export const decodeCbor = (input: SchemaRef, body: Buffer): unknown =>
  body.length === 0 ? {} : reader.read(NormalizedSchema.of(input), body);

/** Answers in Smithy RPC v2 CBOR. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
export const cborEncoder: WireEncoder = {
  output(_service, operation, output) {
    const schema = NormalizedSchema.of(operation[5]);
    if (schema.isUnitSchema()) return { body: '', headers: protocol };
    writer.write(schema, output);
    return { body: writer.flush(), headers };
  },
  fault(service, fault) {
    const namespace = service !== null && fault.modelled ? `${service.settings.defaultNamespace}#` : '';
    writer.write(typedError(fault), { ...fault.values, __type: namespace + fault.name });
    return { body: writer.flush(), headers: { ...headers, ...queryErrorHeader(service, fault) } };
  },
};
