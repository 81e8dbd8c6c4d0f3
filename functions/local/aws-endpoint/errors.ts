import { ServiceException } from '@smithy/core/client';
import { NormalizedSchema } from '@smithy/core/schema';
import type { ErrorSchema, ModelledService, SchemaRef } from './service.ts';

/**
 * An error that the client's package does not model, as services answer it: `ThrottlingException`, `InvalidAction` …
 * @param status HTTP status; 500 and above are the server's fault.
 */
export const awsError = (name: string, message: string, status = 400): ServiceException =>
  new ServiceException({
    name,
    message,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status },
  });

/** An error in the terms of the wire. */
export interface Fault {
  /** Name of the shape: what json and cbor answers carry. */
  readonly name: string;
  /** What awsQuery answers carry: the shape's own code where it has one, else its name. */
  readonly code: string;
  readonly status: number;
  /** Whose fault it is, as awsQuery says it. */
  readonly type: 'Sender' | 'Receiver';
  readonly message: string;
  /** Members and their schemas, `message` always among them. */
  readonly members: ReadonlyMap<string, SchemaRef>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly modelled: boolean;
}

/** Describes what a handler threw; whatever is no AWS error becomes InternalFailure, status 500. */
export function faultOf(service: ModelledService | null, thrown: unknown): Fault {
  const error = ServiceException.isInstance(thrown)
    ? thrown
    : awsError('InternalFailure', thrown instanceof Error ? thrown.message : String(thrown), 500);
  const schema = service?.errors.get(error.name);
  const traits =
    schema === undefined ? {} : NormalizedSchema.of(schema as unknown as SchemaRef).getMergedTraits();
  const [code, queryStatus] = (traits['awsQueryError'] ?? []) as readonly [string?, number?];
  const modelledStatus = queryStatus ?? (traits['httpError'] as number | undefined);
  const status = error.$metadata.httpStatusCode ?? modelledStatus ?? (error.$fault === 'server' ? 500 : 400);
  const members = membersOf(schema);
  return {
    name: error.name,
    code: code ?? error.name,
    status,
    type: error.$fault === 'server' ? 'Receiver' : 'Sender',
    message: error.message,
    members,
    values: valuesOf(error, members),
    modelled: schema !== undefined,
  };
}

const STRING: SchemaRef = 0;

/** Members alone: codecs also write keys that the schema does not name, and a client believes a `$retryable`. */
function valuesOf(error: ServiceException, members: ReadonlyMap<string, SchemaRef>) {
  const all: Readonly<Record<string, unknown>> = { ...error, message: error.message, Message: error.message };
  return Object.fromEntries([...members.keys()].map((name) => [name, all[name]]));
}

function membersOf(schema: ErrorSchema | undefined): ReadonlyMap<string, SchemaRef> {
  const members = new Map(schema?.[4].map((name, index) => [name, schema[5][index] ?? STRING]));
  return members.has('message') || members.has('Message') ? members : members.set('message', STRING);
}
