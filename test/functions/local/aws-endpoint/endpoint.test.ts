import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ecs from '@aws-sdk/client-ecs';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as sns from '@aws-sdk/client-sns';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { describe, expect, it } from 'vitest';
import { awsError } from '../../../../functions/local/aws-endpoint/errors.ts';
import { modelledService } from '../../../../functions/local/aws-endpoint/service.ts';
import { anEndpoint, clientOf, closing, failureOf } from './support.ts';

const failed = { message: 'No such thing.', $metadata: {} };
const at = new Date('2026-11-21T10:00:00.250Z');

describe('ECS over awsJson 1.1', () => {
  const service = modelledService({ name: 'ecs' }, ecs, {
    DescribeServices: ({ services = [], cluster }, { region }) => ({
      services: services.map((serviceName) => ({
        serviceName,
        clusterArn: `arn:aws:ecs:${region}:000000000000:cluster/${cluster}`,
        createdAt: at,
        desiredCount: 3,
      })),
    }),
    UpdateService: () => {
      throw new ecs.ServiceNotFoundException(failed);
    },
  });

  it('hands the input to the handler and its output to the client, with the region of the signature', async () => {
    const endpoint = await anEndpoint({ services: [service] });
    const client = closing(new ecs.ECSClient(clientOf(endpoint)));
    const { services, $metadata } = await client.send(
      new ecs.DescribeServicesCommand({ cluster: 'prod', services: ['wéb'] }),
    );
    expect(services).toEqual([
      {
        serviceName: 'wéb',
        clusterArn: 'arn:aws:ecs:eu-west-1:000000000000:cluster/prod',
        createdAt: at,
        desiredCount: 3,
      },
    ]);
    expect($metadata.requestId).toBe('00000000-0000-4000-8000-000000000001');
    expect(endpoint.calls).toEqual([{ service: 'ecs', operation: 'DescribeServices', outcome: 'ok' }]);
  });

  it('answers with the very exception that the handler threw', async () => {
    const endpoint = await anEndpoint({ services: [service] });
    const client = closing(new ecs.ECSClient(clientOf(endpoint)));
    const error = await failureOf(client.send(new ecs.UpdateServiceCommand({ service: 'web' })));
    expect(error).toBeInstanceOf(ecs.ServiceNotFoundException);
    expect(error).toMatchObject({
      message: 'No such thing.',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    expect(endpoint.calls.map((call) => call.outcome)).toEqual(['ServiceNotFoundException']);
  });

  it('refuses an operation that nobody plays as AWS refuses one that it does not know', async () => {
    const endpoint = await anEndpoint({ services: [service] });
    const client = closing(new ecs.ECSClient(clientOf(endpoint)));
    const error = await failureOf(client.send(new ecs.ListTasksCommand({})));
    expect(error).toMatchObject({ name: 'UnknownOperationException', $metadata: { httpStatusCode: 400 } });
    expect(error).toHaveProperty('message', expect.stringContaining('ListTasks of ecs is not played'));
  });

  it('refuses a request without a required member', async () => {
    const endpoint = await anEndpoint({ services: [service] });
    const client = closing(new ecs.ECSClient(clientOf(endpoint)));
    const error = await failureOf(client.send(new ecs.DescribeServicesCommand({ services: undefined })));
    expect(error).toMatchObject({ name: 'ValidationException' });
    expect(error).toHaveProperty('message', expect.stringContaining("'services'"));
  });

  it('says which services it plays when asked for another', async () => {
    const endpoint = await anEndpoint({ services: [service] });
    const client = closing(new eventbridge.EventBridgeClient(clientOf(endpoint)));
    const error = await failureOf(client.send(new eventbridge.PutEventsCommand({ Entries: [] })));
    expect(error).toMatchObject({
      name: 'UnknownOperationException',
      message: 'The local AWS endpoint plays ecs; it does not know "AWSEvents".',
    });
  });
});

describe.each([
  ['awsJson 1.0', {}],
  // This client says the length of the body before it compresses it: the server would wait for the rest for ever.
  ['RPC v2 CBOR', { protocol: AwsSmithyRpcV2CborProtocol, disableRequestCompression: true }],
  ['awsQuery', { protocol: AwsQueryProtocol }],
])('CloudWatch over %s', (_name, protocol) => {
  const metric = {
    Namespace: 'AWS/ECS',
    MetricName: 'CPUUtilization',
    Dimensions: [{ Name: 'ServiceName', Value: 'a & <b>' }],
  };
  const query = { Id: 'm1', MetricStat: { Metric: metric, Period: 60, Stat: 'Average' }, ReturnData: true };

  it('carries numbers, times, lists and nested structures both ways', async () => {
    const seen: unknown[] = [];
    const service = modelledService({ name: 'cloudwatch', signingName: 'monitoring' }, cloudwatch, {
      GetMetricData: (input) => {
        seen.push(input);
        return {
          MetricDataResults: [
            { Id: 'm1', Timestamps: [at], Values: [83.25, 0, -1e-7], StatusCode: 'Complete' },
          ],
        };
      },
      PutMetricData: (input) => {
        seen.push(input);
        return {};
      },
    });
    const endpoint = await anEndpoint({ services: [service] });
    const client = closing(new cloudwatch.CloudWatchClient({ ...clientOf(endpoint), ...protocol }));
    const asked = { MetricDataQueries: [query], StartTime: new Date(0), EndTime: at, MaxDatapoints: 500 };
    const { MetricDataResults } = await client.send(new cloudwatch.GetMetricDataCommand(asked));
    expect(MetricDataResults).toEqual([
      { Id: 'm1', Timestamps: [at], Values: [83.25, 0, -1e-7], StatusCode: 'Complete' },
    ]);
    const put = {
      Namespace: 'n',
      MetricData: Array.from({ length: 300 }, (_, i) => ({
        MetricName: `metric-${i}`,
        Value: i,
        Timestamp: at,
      })),
    };
    await client.send(new cloudwatch.PutMetricDataCommand(put));
    expect(seen).toEqual([asked, put]);
  });

  it('answers errors as the right class', async () => {
    const service = modelledService({ name: 'cloudwatch', signingName: 'monitoring' }, cloudwatch, {
      GetMetricData: () => {
        throw new cloudwatch.InvalidNextToken(failed);
      },
      DescribeAlarms: () => {
        throw new cloudwatch.InvalidParameterValueException({ message: failed.message, $metadata: {} });
      },
      GetDashboard: () => {
        throw new cloudwatch.InternalServiceFault({ Message: 'Lost.', message: 'Lost.', $metadata: {} });
      },
    });
    const endpoint = await anEndpoint({ services: [service] });
    const client = closing(new cloudwatch.CloudWatchClient({ ...clientOf(endpoint), ...protocol }));
    const window = { StartTime: at, EndTime: at };
    const token = await failureOf(
      client.send(new cloudwatch.GetMetricDataCommand({ MetricDataQueries: [], ...window })),
    );
    expect(token).toBeInstanceOf(cloudwatch.InvalidNextToken);
    expect(token).toMatchObject({ message: 'No such thing.', $metadata: { attempts: 1 } });
    const value = await failureOf(client.send(new cloudwatch.DescribeAlarmsCommand({})));
    expect(value).toBeInstanceOf(cloudwatch.InvalidParameterValueException);
    expect(value).toMatchObject({ Code: 'InvalidParameterValue', Type: 'Sender' });
    const fault = await failureOf(client.send(new cloudwatch.GetDashboardCommand({ DashboardName: 'd' })));
    expect(fault).toBeInstanceOf(cloudwatch.InternalServiceFault);
    expect(fault).toMatchObject({ message: 'Lost.', $metadata: { httpStatusCode: 500, attempts: 4 } });
    expect(endpoint.calls.filter((call) => call.operation === 'GetDashboard')).toHaveLength(4);
  });

  it('lets the client retry when it is throttled', async () => {
    const service = modelledService({ name: 'cloudwatch', signingName: 'monitoring' }, cloudwatch, {
      DescribeAlarms: () => ({ MetricAlarms: [{ AlarmName: 'a', Threshold: 77 }] }),
    });
    const faults = [
      awsError('ThrottlingException', 'Rate exceeded'),
      awsError('Throttling', 'Rate exceeded'),
    ];
    const endpoint = await anEndpoint({ services: [service], faults: () => faults.shift() });
    const client = closing(new cloudwatch.CloudWatchClient({ ...clientOf(endpoint), ...protocol }));
    const { MetricAlarms, $metadata } = await client.send(new cloudwatch.DescribeAlarmsCommand({}));
    expect(MetricAlarms).toEqual([{ AlarmName: 'a', Threshold: 77 }]);
    expect($metadata.attempts).toBe(3);
    expect(endpoint.calls.map((call) => call.outcome)).toEqual(['ThrottlingException', 'Throttling', 'ok']);
  });

  it('refuses what it does not play', async () => {
    const service = modelledService({ name: 'cloudwatch', signingName: 'monitoring' }, cloudwatch, {});
    const endpoint = await anEndpoint({ services: [service] });
    const client = closing(new cloudwatch.CloudWatchClient({ ...clientOf(endpoint), ...protocol }));
    const error = await failureOf(client.send(new cloudwatch.ListDashboardsCommand({})));
    expect(error).toBeInstanceOf(cloudwatch.CloudWatchServiceException);
    expect(error).toHaveProperty(
      'name',
      'protocol' in protocol && protocol.protocol === AwsQueryProtocol
        ? 'InvalidAction'
        : 'UnknownOperationException',
    );
  });
});

describe('EventBridge and SNS', () => {
  it('publishes to both through one endpoint', async () => {
    const seen: unknown[] = [];
    const endpoint = await anEndpoint({
      services: [
        modelledService({ name: 'eventbridge', signingName: 'events' }, eventbridge, {
          PutEvents: ({ Entries = [] }) => {
            seen.push(Entries);
            return {
              FailedEntryCount: 1,
              Entries: [{ EventId: 'e1' }, { ErrorCode: 'ThrottlingException' }],
            };
          },
        }),
        modelledService({ name: 'sns' }, sns, {
          Publish: (input) => {
            if (input.TopicArn === 'gone') throw new sns.NotFoundException(failed);
            seen.push(input);
            return { MessageId: 'm1' };
          },
          SetTopicAttributes: () => ({}),
        }),
      ],
    });
    const events = closing(new eventbridge.EventBridgeClient(clientOf(endpoint)));
    const entry = {
      Source: 'plimsoll',
      DetailType: 'ScalingStarted',
      Detail: '{"to":5}',
      Time: new Date(1_000),
    };
    const put = await events.send(new eventbridge.PutEventsCommand({ Entries: [entry, entry] }));
    expect(put).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ EventId: 'e1' }, { ErrorCode: 'ThrottlingException' }],
    });

    const topics = closing(new sns.SNSClient(clientOf(endpoint)));
    const message = {
      TopicArn: 'arn:aws:sns:eu-west-1:000000000000:t',
      Message: 'CPU & "load" = 83 %\nnext line',
      MessageAttributes: {
        type: { DataType: 'String', StringValue: 'ScalingStarted' },
        raw: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
      },
    };
    expect(await topics.send(new sns.PublishCommand(message))).toMatchObject({ MessageId: 'm1' });
    await topics.send(new sns.SetTopicAttributesCommand({ TopicArn: 't', AttributeName: 'DisplayName' }));
    expect(seen).toEqual([[entry, entry], message]);
    const gone = await failureOf(topics.send(new sns.PublishCommand({ TopicArn: 'gone', Message: 'm' })));
    expect(gone).toBeInstanceOf(sns.NotFoundException);
    expect(gone).toMatchObject({ message: 'No such thing.', $metadata: { httpStatusCode: 404 } });
  });
});
