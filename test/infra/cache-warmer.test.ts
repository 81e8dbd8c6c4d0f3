import { describe, expect, it } from 'vitest';
import { aPolicy } from '../support/a-policy.ts';
import { aDynamoItem, anHttpItem, aSqlItem, aWarmPlan } from '../support/a-warm-plan.ts';
import { nagViolations, type Resource, synthesize } from './synthesize.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:app-AbCdEf';
const HEADERS = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:headers-AbCdEf';

const plan = aWarmPlan({
  name: 'popular',
  cache: {
    ...{ host: 'cache.example.com', port: 6379, tls: true, clusterMode: false },
    auth: { kind: 'iam', user: 'warmer', cacheName: 'app-cache' },
  },
  schedules: [
    { kind: 'every', minutes: 30 },
    { kind: 'cron', cron: '0 8 * * mon-fri', timeZone: 'Europe/Berlin' },
  ],
  onScaleOutOf: ['cache'],
  onDeploymentOf: ['web'],
  items: [
    aSqlItem({ name: 'a' }, { auth: { kind: 'secret', secretArn: SECRET, user: null } }),
    aSqlItem({ name: 'b' }, { auth: { kind: 'iam', user: 'reader', resourceIds: ['db-ABC'] } }),
    anHttpItem({ name: 'c', headersSecretArn: HEADERS }),
    aDynamoItem({ name: 'd', index: 'by-score' }),
  ],
});

const replicas = aPolicy({
  name: 'replicas',
  target: {
    ...{ kind: 'rds-replicas', source: 'app-db', classes: [], zones: [], maxLagSeconds: 30, endpoint: null },
    warmUp: { plan: 'popular', withinSeconds: 1800 },
    leaving: { connections: 0, drainSeconds: 300 },
  },
});

const deployment = synthesize({ policies: [aPolicy(), replicas], warmPlans: [plan] });
const resources = (type: string) => Object.values(deployment.resources(type));
const isWarm = (resource: Resource) => JSON.stringify(resource).includes('Warmer');

describe('the function that warms', () => {
  it('is there only where there is something to warm', () => {
    const without = synthesize({ policies: [replicas] });
    expect(Object.values(without.resources('AWS::Lambda::Function'))).toHaveLength(5);
    expect(resources('AWS::Lambda::Function')).toHaveLength(6);
  });

  it('has nothing that the AwsSolutions pack objects to', () => {
    expect(nagViolations(deployment)).toEqual([]);
  });

  it('stands in the network of its plans, and has the longest time there is', () => {
    const [warm] = resources('AWS::Lambda::Function').filter(
      ({ Properties }) => Properties['FunctionName'] === 'plimsoll-warm',
    );
    expect(warm?.Properties).toMatchObject({
      Timeout: 900,
      VpcConfig: { SubnetIds: plan.network.subnetIds, SecurityGroupIds: plan.network.securityGroupIds },
      Environment: { Variables: { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' } },
    });
  });

  it('is called on schedule, in the time zone of the plan', () => {
    const times = resources('AWS::Scheduler::Schedule')
      .filter(isWarm)
      .map(({ Properties }) => [Properties['ScheduleExpression'], Properties['ScheduleExpressionTimezone']]);
    expect(times).toEqual([
      ['rate(30 minutes)', undefined],
      ['cron(0 8 ? * MON,TUE,WED,THU,FRI *)', 'Europe/Berlin'],
    ]);
  });

  it('is called by our own events and by the ends of deployments, with a place for what cannot be delivered', () => {
    const rules = resources('AWS::Events::Rule').filter(isWarm);
    expect(rules.map(({ Properties }) => Properties['EventPattern'])).toMatchObject([
      {
        'detail-type': ['WarmRequested'],
        detail: { target: [{ prefix: 'warm/' }, { prefix: 'rds-replicas/' }] },
      },
      { 'detail-type': ['ScalingCompleted'], detail: { policy: ['cache'] } },
      { source: ['aws.ecs'], detail: { eventName: ['SERVICE_DEPLOYMENT_COMPLETED'] } },
    ]);
    for (const { Properties } of rules)
      expect(JSON.stringify(Properties['Targets'])).toContain('DeadLetterConfig');
  });

  it('may read, log in to and query exactly what its plans name', () => {
    const statements = resources('AWS::IAM::Policy')
      .filter(({ Properties }) => JSON.stringify(Properties['Roles']).includes('WarmerWarmRole'))
      .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: object[] }).Statement);
    const place = (rest: string) => ({ 'Fn::Sub': expect.stringContaining(rest) });
    expect(statements).toEqual(
      expect.arrayContaining([
        { Action: 'secretsmanager:GetSecretValue', Effect: 'Allow', Resource: [SECRET, HEADERS] },
        { Action: 'rds-db:connect', Effect: 'Allow', Resource: place(':dbuser:db-ABC/reader') },
        {
          Action: 'elasticache:Connect',
          Effect: 'Allow',
          Resource: [place(':replicationgroup:app-cache'), place(':user:warmer')],
        },
        { Action: 'dynamodb:Query', Effect: 'Allow', Resource: place(':table/things/index/by-score') },
        {
          Action: 'rds:AddTagsToResource',
          Effect: 'Allow',
          Resource: place(':db:*'),
          Condition: {
            StringEquals: { 'aws:ResourceTag/plimsoll:managed': 'true' },
            'ForAllValues:StringEquals': { 'aws:TagKeys': ['plimsoll:warmed'] },
            Null: { 'aws:TagKeys': 'false' },
          },
        },
      ]),
    );
  });

  it('rings an alarm when it fails, and when something waits in its dead letters', () => {
    const alarms = resources('AWS::CloudWatch::Alarm').filter(isWarm);
    const names = alarms.map(({ Properties }) => String(Properties['AlarmName']));
    expect(names).toContain('watch-plimsoll-warm-dead-letters');
    expect(names.some((name) => /warm-errors|errors-warm|warm/.test(name))).toBe(true);
  });
});
