import { NormalizedSchema } from '@smithy/core/schema';
import type { Fault } from './errors.ts';
import type { ModelledService, OperationSchema, SchemaRef } from './service.ts';

/** The body of an answer, with the headers that only its protocol sets. */
export interface Encoded {
  readonly body: Uint8Array | string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How one protocol writes answers. */
export interface WireEncoder {
  output(service: ModelledService, operation: OperationSchema, output: object, requestId: string): Encoded;
  /** `service` is null when the request named none that is played here. */
  fault(service: ModelledService | null, fault: Fault, requestId: string): Encoded;
}

/** A structure made up here, where the wire wraps what the model describes. */
export function structure(name: string, members: ReadonlyMap<string, SchemaRef>): NormalizedSchema {
  const schema = [3, 'plimsoll.local', name, 0, [...members.keys()], [...members.values()]];
  return NormalizedSchema.of(schema as unknown as SchemaRef);
}

/** The structure of an error, with its type inside, as json and cbor carry it. */
export const typedError = (fault: Fault): NormalizedSchema =>
  structure(fault.name, new Map<string, SchemaRef>([['__type', 0], ...fault.members]));

/** Clients of services that once spoke awsQuery know errors by their old code, which travels in this header. */
export const queryErrorHeader = (service: ModelledService | null, fault: Fault): Record<string, string> =>
  service?.settings.awsQueryCompatible === true
    ? { 'x-amzn-query-error': `${fault.code};${fault.type}` }
    : {};
