import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as route53 from '@aws-sdk/client-route-53';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import type { TrafficEndpoint } from '../../../../shared/core/target.ts';
import { aPolicy } from '../../../support/a-policy.ts';
import { aReplicasTarget } from '../../../support/database-policies.ts';
import { closing, failureOf } from '../aws-endpoint/support.ts';
import { aDatabaseAccount } from './a-database-account.ts';
import { later } from './an-account.ts';

const ZONE = 'Z0123456789ABCDEFGHIJ';
const GROUP =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/orders-readers/0123456789abcdef';

const anAccountBehind = async (endpoint: TrafficEndpoint) => {
  const target = aReplicasTarget({ endpoint });
  return aDatabaseAccount({ policies: [aPolicy({ name: 'readers', target, bounds: { min: 2, max: 10 } })] });
};

describe('Route 53', () => {
  const aZone = async () => {
    const endpoint = {
      kind: 'route53',
      hostedZoneId: ZONE,
      recordName: 'reader.orders.internal',
      ttlSeconds: 10,
    } as const;
    const { plant, config } = await anAccountBehind(endpoint);
    const client = closing(new route53.Route53Client(config));
    const change = (Action: route53.ChangeAction, overrides: Partial<route53.ResourceRecordSet> = {}) =>
      client.send(
        new route53.ChangeResourceRecordSetsCommand({
          HostedZoneId: ZONE,
          ChangeBatch: {
            Changes: [
              {
                Action,
                ResourceRecordSet: {
                  Name: 'reader.orders.internal',
                  Type: 'CNAME',
                  TTL: 10,
                  SetIdentifier: 'orders-replica-1',
                  Weight: 0,
                  ResourceRecords: [{ Value: plant.databases.views().instances[1]?.id ?? '' }],
                  ...overrides,
                },
              },
            ],
          },
        }),
      );
    return { plant, client, change };
  };
  const list = (client: route53.Route53Client, input: Partial<route53.ListResourceRecordSetsRequest> = {}) =>
    client.send(new route53.ListResourceRecordSetsCommand({ HostedZoneId: ZONE, ...input }));

  it('has a weighted record for every replica in traffic', async () => {
    const { client } = await aZone();
    const { ResourceRecordSets, IsTruncated } = await list(client);
    expect(IsTruncated).toBe(false);
    expect(ResourceRecordSets).toMatchObject(
      [1, 2].map((place) => ({
        Name: 'reader.orders.internal.',
        Type: 'CNAME',
        TTL: 10,
        SetIdentifier: `orders-replica-${place}`,
        Weight: 100,
        ResourceRecords: [{ Value: expect.stringMatching(`^orders-replica-${place}\\.`) }],
      })),
    );
  });

  it('pages from a name, a type and an identifier', async () => {
    const { client } = await aZone();
    const first = await list(client, { MaxItems: 1 });
    expect(first).toMatchObject({
      IsTruncated: true,
      NextRecordName: 'reader.orders.internal.',
      NextRecordType: 'CNAME',
      NextRecordIdentifier: 'orders-replica-2',
    });
    const rest = await list(client, {
      StartRecordName: first.NextRecordName,
      StartRecordType: first.NextRecordType,
      StartRecordIdentifier: first.NextRecordIdentifier,
    });
    expect(rest.ResourceRecordSets?.map(({ SetIdentifier }) => SetIdentifier)).toEqual(['orders-replica-2']);
  });

  it('takes a replica with weight 0 out of traffic, and refuses what AWS refuses', async () => {
    const { plant, client, change } = await aZone();
    const { ResourceRecordSets = [] } = await list(client);
    const ResourceRecords = ResourceRecordSets[0]?.ResourceRecords;
    const { ChangeInfo } = await change('UPSERT', { ResourceRecords });
    expect(ChangeInfo).toMatchObject({ Status: 'INSYNC', SubmittedAt: new Date(later(0)) });
    plant.advanceTo(later(1));
    const reads = plant.databases.views().instances.map(({ id, inTraffic }) => [id, inTraffic]);
    expect(reads).toEqual([
      ['orders', false],
      ['orders-replica-1', false],
      ['orders-replica-2', true],
    ]);
    const exists = await failureOf(change('CREATE', { ResourceRecords }));
    expect(exists).toBeInstanceOf(route53.InvalidChangeBatch);
    expect(exists).toMatchObject({ message: expect.stringContaining('already exists') });
    const differs = await failureOf(change('DELETE', { ResourceRecords, Weight: 1 }));
    expect(differs).toMatchObject({
      name: 'InvalidChangeBatch',
      message: expect.stringContaining('do not match'),
    });
    await change('DELETE', { ResourceRecords });
    const gone = await failureOf(change('DELETE', { ResourceRecords }));
    expect(gone).toMatchObject({ name: 'InvalidChangeBatch', message: expect.stringContaining('not found') });
    const elsewhere = client.send(new route53.ListResourceRecordSetsCommand({ HostedZoneId: 'ZNOBODY' }));
    expect(await failureOf(elsewhere)).toBeInstanceOf(route53.NoSuchHostedZone);
    const unplayed = client.send(new route53.ListHostedZonesCommand({}));
    expect(await failureOf(unplayed)).toMatchObject({ name: 'UnknownOperationException' });
  });
});

describe('Elastic Load Balancing', () => {
  const aGroup = async () => {
    const { plant, config } = await anAccountBehind({ kind: 'target-group', arn: GROUP, port: 5432 });
    const client = closing(new elbv2.ElasticLoadBalancingV2Client(config));
    const health = async () => {
      const input = { TargetGroupArn: GROUP };
      const { TargetHealthDescriptions = [] } = await client.send(
        new elbv2.DescribeTargetHealthCommand(input),
      );
      return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State);
    };
    return { plant, client, health };
  };

  it('drains a target for as long as its group says, and takes reads away from it at once', async () => {
    const { plant, client, health } = await aGroup();
    const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '60' }];
    await client.send(new elbv2.ModifyTargetGroupAttributesCommand({ TargetGroupArn: GROUP, Attributes }));
    const attributes = await client.send(
      new elbv2.DescribeTargetGroupAttributesCommand({ TargetGroupArn: GROUP }),
    );
    expect(attributes.Attributes).toContainEqual(Attributes[0]);
    expect(await health()).toEqual(['healthy', 'healthy']);
    const Id =
      (await plant.databases.resolve(plant.databases.fleet.instance('orders-replica-1').address.host)) ?? '';
    const Targets = [{ Id, Port: 5432 }];
    await client.send(new elbv2.DeregisterTargetsCommand({ TargetGroupArn: GROUP, Targets }));
    expect(await health()).toEqual(['draining', 'healthy']);
    plant.advanceTo(later(60));
    expect(await health()).toEqual(['healthy']);
    expect(plant.databases.views().instances[1]).toMatchObject({ inTraffic: false, queriesPerSecond: 0 });
    const asked = await client.send(
      new elbv2.DescribeTargetHealthCommand({ TargetGroupArn: GROUP, Targets }),
    );
    expect(asked.TargetHealthDescriptions?.[0]?.TargetHealth).toEqual({
      State: 'unused',
      Reason: 'Target.NotRegistered',
    });
    await client.send(new elbv2.RegisterTargetsCommand({ TargetGroupArn: GROUP, Targets }));
    expect(await health()).toEqual(['healthy', 'initial']);
    plant.advanceTo(later(91));
    expect(await health()).toEqual(['healthy', 'healthy']);
    plant.databases.fault({ kind: 'source-failed', instance: 'orders-replica-1' });
    expect(await health()).toEqual(['healthy', 'unhealthy']);
  });

  it('describes groups, and knows no other', async () => {
    const { client } = await aGroup();
    const { TargetGroups } = await client.send(
      new elbv2.DescribeTargetGroupsCommand({ Names: ['orders-readers'] }),
    );
    expect(TargetGroups).toMatchObject([{ TargetGroupArn: GROUP, TargetType: 'ip', Port: 5432 }]);
    const unknown = client.send(new elbv2.DescribeTargetHealthCommand({ TargetGroupArn: `${GROUP}0` }));
    expect(await failureOf(unknown)).toBeInstanceOf(elbv2.TargetGroupNotFoundException);
    const Attributes = [{ Key: 'no.such', Value: '1' }];
    const odd = client.send(
      new elbv2.ModifyTargetGroupAttributesCommand({ TargetGroupArn: GROUP, Attributes }),
    );
    expect(await failureOf(odd)).toBeInstanceOf(elbv2.InvalidConfigurationRequestException);
  });
});

describe('Secrets Manager', () => {
  it('gives the secrets that the account was given, by name or ARN', async () => {
    const { config } = await aDatabaseAccount({}, { 'orders/reader': '{"password":"p"}' });
    const client = closing(new SecretsManagerClient(config));
    const read = (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId }));
    const { ARN: arn = '', SecretString } = await read('orders/reader');
    expect(SecretString).toBe('{"password":"p"}');
    expect(await read(arn)).toMatchObject({ Name: 'orders/reader' });
    expect(await failureOf(read('nobody'))).toBeInstanceOf(ResourceNotFoundException);
  });
});
