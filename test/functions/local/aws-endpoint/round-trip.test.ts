import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ecs from '@aws-sdk/client-ecs';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as sns from '@aws-sdk/client-sns';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, it } from 'vitest';
import type { AwsEndpoint } from '../../../../functions/local/aws-endpoint/endpoint.ts';
import {
  type ModelledService,
  modelledService,
  type OperationHandler,
  type SchemaRef,
} from '../../../../functions/local/aws-endpoint/service.ts';
import { fc } from '../../../support/fast-check.ts';
import { arbitraryOf, requiredMembers } from './arbitrary-shape.ts';
import { anEndpoint, clientOf, closing, failureOf } from './support.ts';

interface SomeClient {
  send(command: unknown): Promise<object>;
  destroy(): void;
}
type ClientClass = new (config: object) => SomeClient;
type CommandClass = new (input: unknown) => unknown;
type ExceptionClass = new (options: object) => Error;

const wires = [
  { name: 'cloudwatch over awsJson', signingName: 'monitoring', model: cloudwatch, config: {} },
  {
    name: 'cloudwatch over CBOR',
    signingName: 'monitoring',
    model: cloudwatch,
    config: { protocol: AwsSmithyRpcV2CborProtocol, disableRequestCompression: true },
  },
  {
    name: 'cloudwatch over awsQuery',
    signingName: 'monitoring',
    model: cloudwatch,
    config: { protocol: AwsQueryProtocol },
  },
  { name: 'ecs over awsJson', signingName: 'ecs', model: ecs, config: {} },
  { name: 'eventbridge over awsJson', signingName: 'events', model: eventbridge, config: {} },
  { name: 'sns over awsQuery', signingName: 'sns', model: sns, config: {} },
] as const;

const RUNS_PER_OPERATION = 3;

function clientFor(wire: (typeof wires)[number], endpoint: AwsEndpoint): SomeClient {
  const [, Client] = Object.entries(wire.model).find(([name]) => /^[A-Z]\w*Client$/.test(name)) ?? [];
  const retryStrategy = new ConfiguredRetryStrategy(1, 0);
  return closing(
    new (Client as unknown as ClientClass)({ ...clientOf(endpoint), retryStrategy, ...wire.config }),
  );
}

const classOf = <T>({ model }: (typeof wires)[number], name: string): T =>
  (model as Readonly<Record<string, unknown>>)[name] as T;

/** What is left where a wire has no words for nothing: awsQuery knows no empty structure, list or map. */
function something(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(something).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) {
    return value instanceof Uint8Array ? [...value] : value;
  }
  const entries = Object.entries(value)
    .map(([key, item]) => [key, something(item)] as const)
    .filter(([, item]) => item !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function withoutMetadata({ $metadata: _, ...output }: Record<string, unknown>): object {
  return output;
}

/** Whether the required members are still there on a wire that has no empty structures. */
const sayable = (ref: SchemaRef, input: unknown): boolean => {
  const said = something(input) ?? {};
  return [...requiredMembers(NormalizedSchema.of(ref))].every((name) => Object.hasOwn(said, name));
};

/** EventBridge clients read this member as part of the host name, which an explicit endpoint does not allow. */
function sendable(input: unknown): unknown {
  const { EndpointId: _, ...rest } = input as Record<string, unknown>;
  return rest;
}

describe.each(wires)('every operation of $name', (wire) => {
  const { operations, errors } = modelledService({ name: 'any' }, wire.model, {});

  it('comes through with its input and its output whole', async () => {
    let answer: object = {};
    let seen: unknown;
    const handler: OperationHandler = (input) => {
      seen = input;
      return answer;
    };
    const handlers = Object.fromEntries([...operations.keys()].map((name) => [name, handler]));
    const service: ModelledService = modelledService(
      { name: 'any', signingName: wire.signingName },
      wire.model,
      handlers,
    );
    const client = clientFor(wire, await anEndpoint({ services: [service] }));
    for (const [name, operation] of operations) {
      const Command = classOf<CommandClass>(wire, `${name}Command`);
      const roundTrip = async (input: unknown, output: unknown) => {
        fc.pre(sayable(operation[4], input));
        answer = output as object;
        const received = await client.send(new Command(sendable(input)));
        expect({ name, input: something(seen) }).toEqual({ name, input: something(sendable(input)) });
        expect({ name, output: something(withoutMetadata({ ...received })) }).toEqual({
          name,
          output: something(output),
        });
      };
      const property = fc.asyncProperty(shapeOf(operation[4]), shapeOf(operation[5]), roundTrip);
      await fc.assert(property, { numRuns: RUNS_PER_OPERATION, seed: 20261121 });
    }
    expect(operations.size).toBeGreaterThan(40);
  });

  it('fails with every error of the model as its own class', async () => {
    let fault: Error | undefined;
    const [first] = operations.keys();
    const service = modelledService({ name: 'any', signingName: wire.signingName }, wire.model, {
      [String(first)]: () => ({}),
    });
    const client = clientFor(wire, await anEndpoint({ services: [service], faults: () => fault }));
    const operation = operations.get(String(first));
    const [input] = fc.sample(shapeOf(operation?.[4] ?? 'unit'), { numRuns: 1, seed: 1 });
    const Command = classOf<CommandClass>(wire, `${first}Command`);
    for (const [name, schema] of errors) {
      if (name.endsWith('ServiceException')) continue;
      const Exception = classOf<ExceptionClass>(wire, name);
      fault = new Exception({ message: `It was ${name}.`, $metadata: {} });
      const error = await failureOf(client.send(new Command(sendable(input))));
      expect(error).toMatchObject({ message: `It was ${name}.` });
      // Some errors share a code in awsQuery: there the client takes the first.
      const sharing = [...errors]
        .filter(([, other]) => codeOf(other) === codeOf(schema))
        .map(([other]) => other);
      expect(sharing).toContain((error as Error).name);
      expect(error).toBeInstanceOf(classOf<ExceptionClass>(wire, (error as Error).name));
    }
  });
});

const codeOf = (schema: readonly unknown[]): unknown => {
  const traits = NormalizedSchema.of(schema as unknown as SchemaRef).getMergedTraits();
  return (traits['awsQueryError'] as readonly unknown[] | undefined)?.[0] ?? schema[2];
};

const shapeOf = (ref: SchemaRef): fc.Arbitrary<unknown> =>
  NormalizedSchema.of(ref).isUnitSchema() ? fc.constant({}) : arbitraryOf(ref);
