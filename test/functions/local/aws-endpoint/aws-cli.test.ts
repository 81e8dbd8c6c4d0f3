import { execFile, execFileSync } from 'node:child_process';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ecs from '@aws-sdk/client-ecs';
import * as sns from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, it } from 'vitest';
import { modelledService } from '../../../../functions/local/aws-endpoint/service.ts';
import { anEndpoint } from './support.ts';

/** The first AWS CLI that works: a version manager may leave a shim behind that only says it cannot run. */
function findAwsCli(): string | null {
  for (const command of ['/usr/bin/aws', 'aws']) {
    try {
      execFileSync(command, ['--version'], { stdio: 'ignore' });
      return command;
    } catch {}
  }
  return null;
}

const aws = findAwsCli();
const why = 'the AWS CLI is not installed (on Debian: apt-get install awscli)';

it('may miss the AWS CLI on a desk, but not in continuous integration', () => {
  if (process.env['CI'] === 'true') expect(aws, why).not.toBeNull();
});

if (aws === null) console.warn(`Not run: the AWS CLI against the local endpoint, because ${why}.`);

describe.runIf(aws !== null)('the AWS CLI against the local endpoint', () => {
  const services = [
    modelledService({ name: 'ecs' }, ecs, {
      DescribeServices: ({ services: names = [] }) => {
        if (names.includes('gone'))
          throw new ecs.ClusterNotFoundException({ message: 'Cluster not found.', $metadata: {} });
        return {
          services: names.map((serviceName) => ({ serviceName, desiredCount: 3, createdAt: new Date(0) })),
        };
      },
    }),
    modelledService({ name: 'cloudwatch', signingName: 'monitoring' }, cloudwatch, {
      PutMetricData: () => ({}),
      DescribeAlarms: () => ({
        MetricAlarms: [{ AlarmName: 'high <&>', Threshold: 77, StateValue: 'ALARM' }],
      }),
    }),
    modelledService({ name: 'sns' }, sns, {
      Publish: ({ Message, MessageAttributes }) => ({
        MessageId: `${Message}/${MessageAttributes?.['kind']?.StringValue}`,
      }),
      DeleteTopic: () => {
        throw new sns.NotFoundException({ message: 'No topic.', $metadata: {} });
      },
    }),
  ];
  let run: (...args: string[]) => Promise<{ code: number; out: unknown; err: string }>;

  beforeEach(async () => {
    const { url } = await anEndpoint({ services });
    run = (...args) =>
      new Promise((resolve) => {
        const env = {
          PATH: process.env['PATH'],
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
          AWS_DEFAULT_REGION: 'eu-west-1',
          AWS_CONFIG_FILE: '/dev/null',
          AWS_PAGER: '',
        };
        execFile(
          String(aws),
          ['--endpoint-url', url, '--output', 'json', ...args],
          { env },
          (error, stdout, err) => {
            const code = typeof error?.code === 'number' ? error.code : 0;
            resolve({ code, out: stdout === '' ? null : JSON.parse(stdout), err });
          },
        );
      });
  });

  it('describes ECS services, and reports a missing cluster', async () => {
    const described = await run('ecs', 'describe-services', '--cluster', 'prod', '--services', 'web', 'api');
    expect(described.out).toMatchObject({
      services: [
        { serviceName: 'web', desiredCount: 3, createdAt: expect.anything() },
        { serviceName: 'api' },
      ],
    });
    const gone = await run('ecs', 'describe-services', '--services', 'gone');
    expect(gone.code).not.toBe(0);
    expect(gone.err).toContain(
      '(ClusterNotFoundException) when calling the DescribeServices operation: Cluster not found.',
    );
  });

  it('puts metric data and reads alarms, in whichever protocol its version speaks', async () => {
    const put = await run(
      'cloudwatch',
      'put-metric-data',
      '--namespace',
      'n',
      '--metric-name',
      'm',
      '--value',
      '3.5',
    );
    expect(put).toEqual({ code: 0, out: null, err: '' });
    const { out } = await run('cloudwatch', 'describe-alarms');
    expect(out).toMatchObject({
      MetricAlarms: [{ AlarmName: 'high <&>', Threshold: 77, StateValue: 'ALARM' }],
    });
    const { err } = await run('cloudwatch', 'list-dashboards');
    expect(err).toMatch(/\((InvalidAction|UnknownOperationException)\)/);
  });

  it('publishes to SNS over awsQuery, attributes included', async () => {
    const kind = 'kind={DataType=String,StringValue=test}';
    const published = await run(
      'sns',
      'publish',
      '--topic-arn',
      't',
      '--message',
      'a&b',
      '--message-attributes',
      kind,
    );
    expect(published.out).toEqual({ MessageId: 'a&b/test' });
    expect((await run('sns', 'delete-topic', '--topic-arn', 't')).err).toContain('(NotFound)');
  });
});
