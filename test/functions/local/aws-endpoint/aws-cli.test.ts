import { execFile, execFileSync } from 'node:child_process';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ecs from '@aws-sdk/client-ecs';
import * as rds from '@aws-sdk/client-rds';
import * as route53 from '@aws-sdk/client-route-53';
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
    modelledService({ name: 'rds' }, rds, {
      DescribeDBInstances: ({ DBInstanceIdentifier: id }) => {
        if (id === 'gone')
          throw new rds.DBInstanceNotFoundFault({ message: 'gone not found.', $metadata: {} });
        return { DBInstances: [{ DBInstanceIdentifier: id, TagList: [{ Key: 'k', Value: '<v>' }] }] };
      },
    }),
    modelledService({ name: 'route53' }, route53, {
      ListResourceRecordSets: ({ HostedZoneId: zone, StartRecordName: Name, MaxItems }) => ({
        ResourceRecordSets: [
          { Name: `${Name}.${zone}.`, Type: 'CNAME', TTL: 10, ResourceRecords: [{ Value: 'a&b' }] },
        ],
        IsTruncated: false,
        MaxItems,
      }),
      ChangeResourceRecordSets: ({ ChangeBatch }) => {
        const message = `[${ChangeBatch?.Changes?.[0]?.ResourceRecordSet?.ResourceRecords?.[0]?.Value}]`;
        throw new route53.InvalidChangeBatch({ message, $metadata: {} });
      },
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

  it('describes database instances and their tags over awsQuery', async () => {
    const described = await run('rds', 'describe-db-instances', '--db-instance-identifier', 'orders');
    expect(described.out).toMatchObject({
      DBInstances: [{ DBInstanceIdentifier: 'orders', TagList: [{ Key: 'k', Value: '<v>' }] }],
    });
    const gone = await run('rds', 'describe-db-instances', '--db-instance-identifier', 'gone');
    expect(gone.err).toContain('(DBInstanceNotFound) when calling the DescribeDBInstances operation: gone');
  });

  it('lists and changes records over restXml', async () => {
    const zone = ['--hosted-zone-id', 'Z1'];
    const list = ['route53', 'list-resource-record-sets', ...zone, '--no-paginate'];
    const listed = await run(...list, '--start-record-name', 'reader', '--start-record-type', 'CNAME');
    expect(listed.err).toBe('');
    expect(listed.out).toMatchObject({
      ResourceRecordSets: [{ Name: 'reader.Z1.', TTL: 10, ResourceRecords: [{ Value: 'a&b' }] }],
    });
    const set = { Name: 'reader', Type: 'CNAME', TTL: 10, ResourceRecords: [{ Value: 'x<&>y' }] };
    const batch = JSON.stringify({ Changes: [{ Action: 'UPSERT', ResourceRecordSet: set }] });
    const changed = await run('route53', 'change-resource-record-sets', ...zone, '--change-batch', batch);
    expect(changed.err).toContain('(InvalidChangeBatch)');
    expect(changed.err).toContain('[x<&>y]');
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
