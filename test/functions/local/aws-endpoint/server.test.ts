import { once } from 'node:events';
import { type RequestListener, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { gzipSync } from 'node:zlib';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ecs from '@aws-sdk/client-ecs';
import * as sns from '@aws-sdk/client-sns';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import dynalite from 'dynalite';
import { describe, expect, it } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../functions/local/aws-endpoint/endpoint.ts';
import { awsError } from '../../../../functions/local/aws-endpoint/errors.ts';
import { modelledService } from '../../../../functions/local/aws-endpoint/service.ts';
import { ControllerError } from '../../../../shared/core/controller-error.ts';
import { anEndpoint, clientOf, closing, failureOf } from './support.ts';

const services = [
  modelledService({ name: 'ecs' }, ecs, { ListClusters: () => ({ clusterArns: ['a'] }) }),
  modelledService({ name: 'sns' }, sns, { ListTopics: () => ({ Topics: [] }), Publish: () => ({}) }),
];
const signed = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=local/20261121/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;
const listClusters = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters',
};
const form = { 'content-type': 'application/x-www-form-urlencoded', authorization: signed('sns') };

interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly requestId: string | null;
}

async function post(
  { url }: AwsEndpoint,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<RawAnswer> {
  const response = await fetch(url, { method: 'POST', headers, body });
  const requestId = response.headers.get('x-amzn-requestid');
  return { status: response.status, text: await response.text(), requestId };
}

describe('the local AWS endpoint', () => {
  it('listens on the loopback interface alone', async () => {
    const { url } = await anEndpoint({ services });
    expect(new URL(url).hostname).toBe('127.0.0.1');
    const port = Number(new URL(url).port);
    const others = Object.values(networkInterfaces()).flatMap((addresses = []) =>
      addresses.filter(({ address }) => address !== '127.0.0.1').map(({ address }) => address),
    );
    const attempts = others.map((host) => failureOf(once(connect({ host, port }), 'connect')));
    for (const refused of await Promise.all(attempts)) expect(refused).toMatchObject({ syscall: 'connect' });
  });

  it('says what to do when the port is taken', async () => {
    const { url } = await anEndpoint({ services });
    const port = Number(new URL(url).port);
    const error = await failureOf(startAwsEndpoint({ port, services }));
    expect(error).toBeInstanceOf(ControllerError);
    expect(error).toMatchObject({ code: 'invalid', retryable: false });
    expect(error).toHaveProperty('message', expect.stringContaining(`Port ${port}`));
  });

  it('counts request ids up from one', async () => {
    const endpoint = await anEndpoint({ services });
    const ids = [
      (await post(endpoint, listClusters, '{}')).requestId,
      (await post(endpoint, listClusters, 'not json')).requestId,
      (await post(endpoint, {}, '')).requestId,
    ];
    expect(ids).toEqual([1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`));
  });

  it('reuses a connection for many calls', async () => {
    const ports = new Set<unknown>();
    const server = modelledService({ name: 'ecs' }, ecs, { ListClusters: () => ({}) });
    const endpoint = await anEndpoint({ services: [server] });
    const client = closing(new ecs.ECSClient(clientOf(endpoint)));
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { body } = (result.response ?? {}) as { body?: { socket?: { localPort?: number } } };
        ports.add(body?.socket?.localPort);
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
    for (let i = 0; i < 5; i += 1) await client.send(new ecs.ListClustersCommand({}));
    expect(ports.size).toBe(1);
    expect([...ports][0]).toBeTypeOf('number');
  });

  it('turns a failure of a handler into InternalFailure, tells the hook, and goes on', async () => {
    const failures: unknown[] = [];
    const broken = modelledService({ name: 'ecs' }, ecs, {
      ListClusters: () => {
        throw new TypeError('undefined is not a plant');
      },
      ListServices: () => ({ serviceArns: ['s'] }),
    });
    const onHandlerFailure = (error: unknown, call: object) => failures.push({ error, call });
    const endpoint = await anEndpoint({ services: [broken], onHandlerFailure });
    const client = closing(
      new ecs.ECSClient({ ...clientOf(endpoint), retryStrategy: new ConfiguredRetryStrategy(1, 0) }),
    );
    const error = await failureOf(client.send(new ecs.ListClustersCommand({})));
    expect(error).toMatchObject({
      name: 'InternalFailure',
      message: 'undefined is not a plant',
      $metadata: { httpStatusCode: 500 },
    });
    const call = { service: 'ecs', operation: 'ListClusters' };
    expect(failures).toEqual([{ error: new TypeError('undefined is not a plant'), call }]);
    expect(await client.send(new ecs.ListServicesCommand({}))).toMatchObject({ serviceArns: ['s'] });
  });

  it.each([
    ['text that is not JSON', 'not json'],
    ['a list', '[]'],
    ['a string', '"x"'],
  ])('refuses %s with a SerializationException', async (_name, body) => {
    const endpoint = await anEndpoint({ services });
    const { status, text } = await post(endpoint, listClusters, body);
    expect({ status, type: JSON.parse(text).__type }).toEqual({
      status: 400,
      type: 'SerializationException',
    });
  });

  it('reads gzip, and refuses what only claims to be', async () => {
    const endpoint = await anEndpoint({ services });
    const zipped = { ...listClusters, 'content-encoding': 'gzip' };
    expect(await post(endpoint, zipped, gzipSync('{}'))).toMatchObject({
      status: 200,
      text: '{"clusterArns":["a"]}',
    });
    expect((await post(endpoint, zipped, '{}')).text).toContain('SerializationException');
    const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024));
    expect(await post(endpoint, zipped, bomb)).toMatchObject({ status: 413 });
  });

  it('refuses a body that is too large, without keeping it', async () => {
    const endpoint = await anEndpoint({ services });
    const answer = await post(endpoint, listClusters, Buffer.alloc(17 * 1024 * 1024));
    expect(answer).toMatchObject({ status: 413, text: expect.stringContaining('RequestEntityTooLarge') });
  });

  it('wraps awsQuery answers as the services do, also those without a result', async () => {
    const { operations } = modelledService({ name: 'sns' }, sns, {});
    expect(operations.has('TagResource')).toBe(true);
    const endpoint = await anEndpoint({
      services: [
        modelledService({ name: 'sns' }, sns, {
          ListTopics: () => ({ Topics: [] }),
          Unsubscribe: () => ({}),
        }),
      ],
    });
    expect((await post(endpoint, form, 'Action=ListTopics&Version=2010-03-31')).text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<ListTopicsResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">' +
        '<ListTopicsResult><Topics/></ListTopicsResult><ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000001' +
        '</RequestId></ResponseMetadata></ListTopicsResponse>',
    );
    expect((await post(endpoint, form, 'Action=Unsubscribe&SubscriptionArn=a')).text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<UnsubscribeResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">' +
        '<ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000002</RequestId></ResponseMetadata></UnsubscribeResponse>',
    );
  });

  it('reads numbered query parameters by their number, and refuses text where the model has a number', async () => {
    const seen: unknown[] = [];
    const cloudWatch = modelledService({ name: 'cloudwatch', signingName: 'monitoring' }, cloudwatch, {
      DescribeAlarms: (input) => {
        seen.push(input);
        return {};
      },
    });
    const endpoint = await anEndpoint({ services: [cloudWatch] });
    const headers = { ...form, authorization: signed('monitoring') };
    const ask = (parameters: string) => post(endpoint, headers, `Action=DescribeAlarms&${parameters}`);
    await ask(
      'AlarmNames.member.10=c&AlarmNames.member.2=b&AlarmNames.member.1=a+%26&MaxRecords=7&Unknown.1=x',
    );
    expect(seen).toEqual([{ AlarmNames: ['a &', 'b', 'c'], MaxRecords: 7 }]);
    expect(await ask('MaxRecords=seven')).toMatchObject({
      status: 400,
      text: expect.stringMatching(/MalformedInput.*MaxRecords: &quot;seven&quot; is not a number/),
    });
  });

  it('answers an unknown query action, an unknown service and no service at all with InvalidAction', async () => {
    const endpoint = await anEndpoint({ services });
    expect((await post(endpoint, form, 'Action=Fly')).text).toContain(
      '<Error><Type>Sender</Type><Code>InvalidAction</Code><Message>The operation Fly of sns does not exist.</Message></Error>',
    );
    const other = await post(
      endpoint,
      { ...form, authorization: signed('rds') },
      'Action=DescribeDBInstances',
    );
    expect(other).toMatchObject({
      status: 400,
      text: expect.stringContaining('it does not know &quot;rds&quot;'),
    });
    const none = await fetch(`${endpoint.url}/favicon.ico`);
    expect(none.status).toBe(400);
    expect(await none.text()).toContain(
      'plays ecs, sns; it does not know this request, which names no service',
    );
    expect(endpoint.calls.map((call) => call.outcome)).toEqual([
      'InvalidAction',
      'InvalidAction',
      'InvalidAction',
    ]);
  });

  it('outlives a client that goes away in the middle of its request', async () => {
    const endpoint = await anEndpoint({ services });
    const { port } = new URL(endpoint.url);
    await new Promise<void>((resolve) => {
      const half = request({
        port,
        host: '127.0.0.1',
        method: 'POST',
        headers: { ...listClusters, 'content-length': 100 },
      });
      half.on('error', () => resolve());
      half.write('{"half', () => setTimeout(() => half.destroy(new Error('gone')), 20));
    });
    expect((await post(endpoint, listClusters, '{}')).status).toBe(200);
  });

  it('closes while clients keep their connections open, and finishes the answer in progress', async () => {
    let release = () => {};
    const slow = modelledService({ name: 'ecs' }, ecs, {
      ListClusters: () =>
        new Promise((resolve) => {
          release = () => resolve({ clusterArns: ['late'] });
        }),
      ListServices: () => ({}),
    });
    const endpoint = await startAwsEndpoint({ port: 0, services: [slow] });
    const client = closing(new ecs.ECSClient(clientOf(endpoint)));
    await client.send(new ecs.ListServicesCommand({}));
    const late = client.send(new ecs.ListClustersCommand({}));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = endpoint.close();
    release();
    expect(await late).toMatchObject({ clusterArns: ['late'] });
    await closed;
    expect(await failureOf(fetch(endpoint.url))).toBeInstanceOf(Error);
  });
});

describe('DynamoDB behind the local AWS endpoint', () => {
  const table = {
    TableName: 'heads',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  } as const;
  const database = () => dynalite({ createTableMs: 0 }).listeners('request')[0] as RequestListener;

  it('is answered by the embedded server, counted by name, and can be made to fail', async () => {
    const faults = [undefined, awsError('ThrottlingException', 'Rate exceeded')];
    const endpoint = await anEndpoint({ services, dynamodb: database(), faults: () => faults.shift() });
    const client = closing(new dynamodb.DynamoDBClient(clientOf(endpoint)));
    await client.send(
      new dynamodb.CreateTableCommand({
        ...table,
        KeySchema: [...table.KeySchema],
        AttributeDefinitions: [...table.AttributeDefinitions],
      }),
    );
    const put = (TableName: string) =>
      client.send(
        new dynamodb.PutItemCommand({
          TableName,
          Item: { id: { S: 'a' } },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
    const { $metadata } = await put('heads');
    expect($metadata).toMatchObject({ attempts: 2, requestId: '00000000-0000-4000-8000-000000000003' });
    expect(await failureOf(put('heads'))).toBeInstanceOf(dynamodb.ConditionalCheckFailedException);
    expect(await failureOf(put('nowhere'))).toBeInstanceOf(dynamodb.ResourceNotFoundException);
    expect(endpoint.calls).toEqual([
      { service: 'dynamodb', operation: 'CreateTable', outcome: 'ok' },
      { service: 'dynamodb', operation: 'PutItem', outcome: 'ThrottlingException' },
      { service: 'dynamodb', operation: 'PutItem', outcome: 'ok' },
      { service: 'dynamodb', operation: 'PutItem', outcome: 'ConditionalCheckFailedException' },
      { service: 'dynamodb', operation: 'PutItem', outcome: 'ResourceNotFoundException' },
    ]);
  });

  it('is refused like any unknown service when there is no embedded server', async () => {
    const endpoint = await anEndpoint({ services });
    const client = closing(new dynamodb.DynamoDBClient(clientOf(endpoint)));
    const error = await failureOf(client.send(new dynamodb.ListTablesCommand({})));
    expect(error).toMatchObject({ name: 'UnknownOperationException' });
  });
});

describe('a modelled service', () => {
  it('refuses a handler of an operation that the client does not have', () => {
    const handlers = { ListClusterz: () => ({}) };
    expect(() => modelledService({ name: 'ecs' }, ecs, handlers as object)).toThrow(
      'ecs has no operation ListClusterz',
    );
  });

  it('refuses a package without a client', () => {
    expect(() => modelledService({ name: 'ecs' }, {}, {})).toThrow('holds no client');
  });
});
