import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  FUNCTION_ENVIRONMENTS,
  type FunctionName,
  readEnvironment,
} from '../../shared/config/function-env.ts';
import { HEAD_KEY, TABLE } from '../../shared/ports/ledger-table.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aWarmPlan } from '../support/a-warm-plan.ts';
import { databasePolicies } from '../support/database-policies.ts';
import { synthesize } from './synthesize.ts';

const { template, resources } = synthesize({
  policies: [
    aPolicy({ wakeOnAlarms: ['shop-is-slow'] }),
    aPolicy({ name: 'shop', target: { kind: 'ecs-service', cluster: 'prod', service: 'shop' } }),
  ],
});
const one = (type: string) => Object.values(resources(type))[0];

describe('the ledger table', () => {
  it('is on demand, restorable, encrypted, streamed, and expires events', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      TimeToLiveSpecification: { AttributeName: TABLE.ttlAttribute, Enabled: true },
      DeletionProtectionEnabled: true,
      KeySchema: [
        { AttributeName: TABLE.partitionKey.name, KeyType: 'HASH' },
        { AttributeName: TABLE.sortKey.name, KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: Object.values(TABLE.indexes).map(
        ({ name, partitionKey, sortKey, projection }) => ({
          IndexName: name,
          KeySchema: [
            { AttributeName: partitionKey.name, KeyType: 'HASH' },
            { AttributeName: sortKey.name, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: projection },
        }),
      ),
    });
  });

  it('outlives the stack, unless it was said to be discarded', () => {
    expect(one('AWS::DynamoDB::Table')).toMatchObject({ DeletionPolicy: 'Retain' });
    const discarded = synthesize({ ledger: 'discard' }).resources('AWS::DynamoDB::Table');
    expect(Object.values(discarded)[0]).toMatchObject({ DeletionPolicy: 'Delete' });
  });
});

describe('the events that reach the functions', () => {
  it('are changes of our own alarms by their prefix and of the alarms that policies name', () => {
    for (const alarmName of [[{ prefix: 'plimsoll-' }], ['shop-is-slow']]) {
      template.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: {
          source: ['aws.cloudwatch'],
          'detail-type': ['CloudWatch Alarm State Change'],
          detail: { alarmName },
        },
      });
    }
  });

  it('are what ECS says of the services that the policies name, and of no others', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ecs'],
        'detail-type': ['ECS Service Action', 'ECS Deployment State Change'],
        resources: ['shop', 'web'].map((service) => ({
          'Fn::Sub': Match.stringLikeRegexp(`:service/prod/${service}$`),
        })),
      },
    });
  });

  it('are what RDS and CloudTrail say of the databases and caches that policies name, and of no others', () => {
    const { template: of } = synthesize({
      policies: [
        ...databasePolicies,
        aPolicy({ name: 'cache', target: { kind: 'elasticache-replicas', replicationGroup: 'sessions' } }),
      ],
    });
    const arn = (rest: string) => ({ 'Fn::Sub': Match.stringLikeRegexp(`:rds:.*:${rest}$`) });
    of.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.rds'],
        'detail-type': ['RDS DB Instance Event', 'RDS DB Cluster Event'],
        resources: [
          arn('cluster:ledger'),
          arn('db:orders'),
          arn('db:stock'),
          ...['ledger', 'orders', 'stock'].map((name) => ({ prefix: arn(`db:${name}-plimsoll-`) })),
        ],
      },
    });
    of.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.elasticache'],
        detail: { requestParameters: { replicationGroupId: ['sessions'] } },
      },
    });
    template.resourcePropertiesCountIs('AWS::Events::Rule', { EventPattern: { source: ['aws.rds'] } }, 0);
  });

  it('come only from these rules: the queues accept no other', () => {
    const rules = Object.keys(resources('AWS::Events::Rule'));
    const policies = JSON.stringify(resources('AWS::SQS::QueuePolicy'));
    for (const rule of rules) expect(policies).toContain(`"${rule}"`);
    expect(policies.match(/"events.amazonaws.com"/g)).toHaveLength(4);
  });

  it('are a tick each minute, at that minute, with an explicit input, and retried no longer than to the next', () => {
    const { Properties } = one('AWS::Scheduler::Schedule')!;
    expect(Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 2 } },
    });
    expect(JSON.parse((Properties['Target'] as { Input: string }).Input)).toMatchObject({
      scheduledTime: '<aws.scheduler.scheduled-time>',
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
  });

  it('are the heads of the ledger for the relay, bisected and set aside when they fail', () => {
    const mapping = Object.values(resources('AWS::Lambda::EventSourceMapping')).find(({ Properties }) =>
      JSON.stringify(Properties['EventSourceArn']).includes('StreamArn'),
    );
    expect(mapping?.Properties).toMatchObject({
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      StartingPosition: 'TRIM_HORIZON',
    });
    const { Filters } = mapping!.Properties['FilterCriteria'] as { Filters: readonly { Pattern: string }[] };
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT', 'MODIFY'], dynamodb: { Keys: { sk: { S: [HEAD_KEY] } } } },
    ]);
  });

  it('are signed requests for the API, throttled and logged', () => {
    template.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      AccessLogSettings: Match.anyValue(),
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    });
  });
});

describe('the environment of every function', () => {
  const whole = synthesize({ warmPlans: [aWarmPlan()] });
  const functions = Object.values(whole.resources('AWS::Lambda::Function'));

  it.each(Object.keys(FUNCTION_ENVIRONMENTS) as FunctionName[])('%s is what it reads', (name) => {
    const found = functions.find(({ Properties }) => Properties['FunctionName'] === `plimsoll-${name}`);
    const { Variables } = found!.Properties['Environment'] as {
      Variables: Readonly<Record<string, unknown>>;
    };
    const filled = Object.fromEntries(
      Object.entries(Variables).map(([key, value]) => [key, typeof value === 'string' ? value : 'filled-in']),
    );
    expect(Object.keys(readEnvironment(FUNCTION_ENVIRONMENTS[name], filled))).toEqual(
      expect.arrayContaining(Object.keys(Variables)),
    );
    expect(found?.Properties['Handler']).toBe(`${name}/handler.handler`);
  });
});
