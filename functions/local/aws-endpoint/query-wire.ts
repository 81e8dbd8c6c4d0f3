import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { NormalizedSchema as Schema } from '@smithy/core/schema';
import type { Fault } from './errors.ts';
import type { OperationSchema, SchemaRef } from './service.ts';
import { type Encoded, structure, type WireEncoder } from './wire.ts';

const STRING: SchemaRef = 0;
const METADATA = structure('ResponseMetadata', new Map([['RequestId', STRING]]));
const envelopes = new WeakMap<OperationSchema, NormalizedSchema>();

/** Answers in awsQuery's XML: `<OpResponse><OpResult>…`. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const queryEncoder: WireEncoder = {
  output(service, operation, output, requestId) {
    const value = { [`${operation[2]}Result`]: output, ResponseMetadata: { RequestId: requestId } };
    return xml(service.settings.xmlNamespace, envelopeOf(operation), value);
  },
  fault(service, fault, requestId) {
    const error = errorOf(fault);
    const schema = structure(
      'ErrorResponse',
      new Map<string, SchemaRef>([
        ['Error', error],
        ['RequestId', STRING],
      ]),
    );
    const inner = { ...fault.values, Type: fault.type, Code: fault.code, Message: fault.message };
    return xml(service?.settings.xmlNamespace ?? '', schema, { Error: inner, RequestId: requestId });
  },
};

function xml(xmlNamespace: string, schema: NormalizedSchema, value: object): Encoded {
  // 5 = ISO 8601, awsQuery's timestamps.
  const writer = new XmlShapeSerializer({
    timestampFormat: { useTrait: true, default: 5 },
    xmlNamespace,
    serviceNamespace: '',
  });
  writer.write(schema, value);
  const text = writer.flush().toString();
  return { body: `<?xml version="1.0" encoding="UTF-8"?>\n${text}`, headers: { 'content-type': 'text/xml' } };
}

function envelopeOf(operation: OperationSchema): NormalizedSchema {
  const known = envelopes.get(operation);
  if (known !== undefined) return known;
  const members = new Map<string, SchemaRef>([['ResponseMetadata', METADATA]]);
  const output = Schema.of(operation[5]);
  const result = output.isUnitSchema()
    ? members
    : new Map([[`${operation[2]}Result`, operation[5]], ...members]);
  const envelope = structure(`${operation[2]}Response`, result);
  envelopes.set(operation, envelope);
  return envelope;
}

function errorOf(fault: Fault): SchemaRef {
  const members = new Map<string, SchemaRef>([
    ['Type', STRING],
    ['Code', STRING],
    ['Message', STRING],
    ...fault.members,
  ]);
  members.delete('message');
  return structure('Error', members);
}
