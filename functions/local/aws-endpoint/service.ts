import type { NormalizedSchema, TypeRegistry } from '@smithy/core/schema';

/** Anything that the SDK takes for a schema. */
export type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** An operation as the SDK's clients describe it: tag, namespace, name, traits, input, output. */
export type OperationSchema = readonly [9, string, string, unknown, SchemaRef, SchemaRef];

/** A modelled error as the SDK's clients describe it: tag, namespace, name, traits, member names, members. */
export type ErrorSchema = readonly [-3, string, string, unknown, readonly string[], readonly SchemaRef[]];

/** Which call is answered. */
export interface CallContext {
  /** The name that the service was registered under, for example `ecs`. */
  readonly service: string;
  readonly operation: string;
  /** The region that the request was signed for. */
  readonly region: string;
}

/**
 * Answers one operation. Throw an exception of the SDK client (`ClusterNotFoundException`), or an {@link awsError},
 * to answer with it; anything else that is thrown becomes a 500 InternalFailure.
 */
export type OperationHandler = (
  input: Readonly<Record<string, unknown>>,
  context: CallContext,
) => object | Promise<object>;

/** What the wire needs to know of a service, as the SDK's client declares it. */
export interface ProtocolSettings {
  readonly defaultNamespace: string;
  readonly errorTypeRegistries: readonly TypeRegistry[];
  readonly xmlNamespace: string;
  readonly version: string;
  readonly serviceTarget: string;
  readonly awsQueryCompatible?: boolean;
}

/** A service with its model, and the handlers of the operations that it plays. */
export interface ModelledService {
  readonly name: string;
  /** The service in the SigV4 credential scope: awsQuery requests carry no other name. */
  readonly signingName: string;
  readonly settings: ProtocolSettings;
  readonly operations: ReadonlyMap<string, OperationSchema>;
  readonly errors: ReadonlyMap<string, ErrorSchema>;
  readonly handlers: ReadonlyMap<string, OperationHandler>;
}

type AnyCommand = abstract new (input: never) => unknown;

type InputOf<C extends AnyCommand> =
  InstanceType<C> extends { readonly input: infer Input } ? Readonly<Input> : never;

type OutputOf<C extends AnyCommand> =
  InstanceType<C> extends {
    resolveMiddleware(...args: never): (...args: never) => Promise<{ output: infer Output }>;
  }
    ? Omit<Output, '$metadata'>
    : never;

type CommandOf<Client, Operation extends string> = `${Operation}Command` extends infer Name extends
  keyof Client
  ? Extract<Client[Name], AnyCommand>
  : never;

type OperationsOf<Client> = keyof Client extends infer Name
  ? Name extends `${infer Operation}Command`
    ? Operation
    : never
  : never;

/** Handlers of some operations of a client package, typed by its commands. */
export type HandlersOf<Client> = {
  readonly [Operation in OperationsOf<Client>]?: (
    input: InputOf<CommandOf<Client, Operation>>,
    context: CallContext,
  ) => OutputOf<CommandOf<Client, Operation>> | Promise<OutputOf<CommandOf<Client, Operation>>>;
};

/**
 * Makes a service out of a client package and handlers:
 * `modelledService({ name: 'ecs' }, ecs, { DescribeServices: (input) => ({ services: [] }) })`.
 * @throws Error when the namespace holds no client, or a handler is for an operation that the client does not know.
 */
export function modelledService<Client extends object>(
  identity: { readonly name: string; readonly signingName?: string },
  client: Client,
  handlers: NoInfer<HandlersOf<Client>>,
): ModelledService {
  const values = Object.values(client);
  const operations = byName(values.filter(isOperationSchema));
  const known = Object.entries(handlers) as readonly (readonly [string, OperationHandler])[];
  for (const [operation] of known) {
    if (!operations.has(operation)) {
      throw new Error(`${identity.name} has no operation ${operation}: remove its handler.`);
    }
  }
  return {
    name: identity.name,
    signingName: identity.signingName ?? identity.name,
    settings: settingsOf(identity.name, client),
    operations,
    errors: byName(values.filter(isErrorSchema)),
    handlers: new Map(known),
  };
}

const isOperationSchema = (value: unknown): value is OperationSchema =>
  Array.isArray(value) && value[0] === 9 && value.length === 6;

const isErrorSchema = (value: unknown): value is ErrorSchema =>
  Array.isArray(value) && value[0] === -3 && value.length >= 6;

const byName = <S extends OperationSchema | ErrorSchema>(schemas: readonly S[]): ReadonlyMap<string, S> =>
  new Map(schemas.map((schema) => [schema[2], schema]));

type ClientClass = new (
  config: object,
) => { readonly config: { readonly protocolSettings: ProtocolSettings } };

/** The settings are part of a client's resolved configuration only, so one is made; it never connects. */
function settingsOf(name: string, client: object): ProtocolSettings {
  const entry = Object.entries(client).find(([key]) => /^[A-Z]\w*Client$/.test(key));
  if (entry === undefined) throw new Error(`The model of ${name} holds no client class.`);
  const ClientOf = entry[1] as ClientClass;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new ClientOf({ region: 'us-east-1', credentials }).config.protocolSettings;
}
