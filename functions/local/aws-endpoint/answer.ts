import { ServiceException } from '@smithy/core/client';
import { NormalizedSchema } from '@smithy/core/schema';
import { awsError, faultOf } from './errors.ts';
import type { AwsEndpointOptions, Call } from './options.ts';
import type { Route } from './routing.ts';
import type { SchemaRef } from './service.ts';
import type { Encoded } from './wire.ts';

/** An encoded answer with its status and outcome. */
export interface Answer extends Encoded {
  readonly status: number;
  readonly call: Call;
  /** `ok`, or the name of the error. */
  readonly outcome: string;
}

type Hooks = Pick<AwsEndpointOptions, 'faults' | 'onHandlerFailure' | 'services'>;

/** Answers a routed request; never throws: whatever goes wrong is an answer too. */
export async function answer(route: Route, requestId: string, hooks: Hooks): Promise<Answer> {
  const call = { service: route.service?.name ?? route.asked, operation: route.operation };
  try {
    const encoded = await invoke(route, requestId, call, hooks);
    return { ...encoded, status: 200, call, outcome: 'ok' };
  } catch (error) {
    if (!ServiceException.isInstance(error)) hooks.onHandlerFailure?.(error, call);
    return { ...refusal(route, requestId, error), call };
  }
}

/** Encodes an error for the protocol of the route. */
export function refusal(
  route: Pick<Route, 'service' | 'encoder'>,
  requestId: string,
  error: unknown,
): Omit<Answer, 'call'> {
  const fault = faultOf(route.service, error);
  const encoded = route.encoder.fault(route.service, fault, requestId);
  return { ...encoded, status: fault.status, outcome: fault.name };
}

async function invoke(route: Route, requestId: string, call: Call, hooks: Hooks): Promise<Encoded> {
  const { service, operation: name, encoder } = route;
  const operation = service?.operations.get(name);
  const handler = service?.handlers.get(name);
  if (service === null || operation === undefined || handler === undefined) throw unknown(route, hooks);
  const injected = hooks.faults?.(call);
  if (injected !== undefined) throw injected;
  const input = await decode(route, operation[4]);
  const output = await handler(input, { service: service.name, operation: name, region: route.region });
  return encoder.output(service, operation, output, requestId);
}

async function decode(route: Route, schema: SchemaRef): Promise<Readonly<Record<string, unknown>>> {
  let input: unknown;
  try {
    input = await route.decode(schema);
  } catch (error) {
    if (ServiceException.isInstance(error)) throw error;
    throw awsError('SerializationException', error instanceof Error ? error.message : String(error));
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw awsError('SerializationException', 'The body is not a structure.');
  }
  return requiredPresent(schema, input as Readonly<Record<string, unknown>>);
}

/** The model puts required members first and says how many they are; services refuse a request without them. */
function requiredPresent(ref: SchemaRef, input: Readonly<Record<string, unknown>>) {
  const schema: unknown = NormalizedSchema.of(ref).getSchema();
  const [, , , , names = [], , required = 0] = Array.isArray(schema)
    ? (schema as unknown as StructureTuple)
    : [];
  const missing = names.slice(0, required).find((name) => input[name] === undefined || input[name] === null);
  if (missing === undefined) return input;
  throw awsError(
    'ValidationException',
    `1 validation error detected: Value at '${missing}' failed to satisfy constraint: Member must not be null`,
  );
}

type StructureTuple = readonly [
  unknown?,
  unknown?,
  unknown?,
  unknown?,
  (readonly string[])?,
  unknown?,
  number?,
];

function unknown(route: Route, { services }: Hooks): Error {
  const [name, status] = route.unknownOperation;
  const { service, operation } = route;
  if (service === null) {
    const played = services.map((each) => each.name).join(', ');
    const asked = route.asked === '' ? 'this request, which names no service' : `"${route.asked}"`;
    return awsError(name, `The local AWS endpoint plays ${played}; it does not know ${asked}.`, status);
  }
  const problem = service.operations.has(operation)
    ? 'is not played by the local AWS endpoint'
    : 'does not exist';
  return awsError(name, `The operation ${operation} of ${service.name} ${problem}.`, status);
}
