import {
  ClusterNotFoundException,
  DescribeClustersCommand,
  DescribeServicesCommand,
  InvalidParameterException,
  ListServicesCommand,
  ServiceNotActiveException,
  ServiceNotFoundException,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../aws-endpoint/support.ts';
import { anAccount, later } from './an-account.ts';

const ARN = 'arn:aws:ecs:us-east-1:123456789012';

describe('DescribeServices', () => {
  it('tells sizes and deployments, by name or by ARN, and which services are missing', async () => {
    const { ecs } = await anAccount(['web', 'api']);
    const services = ['web', `${ARN}:service/prod/api`, 'nobody'];
    const answer = await ecs.send(new DescribeServicesCommand({ cluster: 'prod', services }));
    expect(answer.services).toMatchObject(
      ['web', 'api'].map((name) => ({
        serviceName: name,
        serviceArn: `${ARN}:service/prod/${name}`,
        clusterArn: `${ARN}:cluster/prod`,
        status: 'ACTIVE',
        desiredCount: 5,
        runningCount: 5,
        pendingCount: 0,
        deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', desiredCount: 5, runningCount: 5 }],
      })),
    );
    expect(answer.failures).toEqual([{ arn: `${ARN}:service/prod/nobody`, reason: 'MISSING' }]);
  });

  it('takes ten services a call, and at least one', async () => {
    const { ecs } = await anAccount();
    const describing = (count: number) =>
      ecs.send(
        new DescribeServicesCommand({
          cluster: 'prod',
          services: Array.from({ length: count }, (_, index) => `service-${index}`),
        }),
      );
    expect((await describing(10)).failures).toHaveLength(10);
    for (const count of [0, 11]) {
      expect(await failureOf(describing(count))).toBeInstanceOf(InvalidParameterException);
    }
  });

  it('knows no other cluster, not even the default one', async () => {
    const { ecs } = await anAccount();
    const failure = await failureOf(ecs.send(new DescribeServicesCommand({ services: ['web'] })));
    expect(failure).toBeInstanceOf(ClusterNotFoundException);
  });

  it('shows an inactive service as such', async () => {
    const { ecs, plant } = await anAccount();
    plant.deleteService('prod', 'web');
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'prod', services: ['web'] }));
    expect(services).toMatchObject([{ status: 'INACTIVE', desiredCount: 0, runningCount: 0 }]);
  });
});

describe('UpdateService', () => {
  it('sets the desired count at once, and tasks follow', async () => {
    const { ecs, plant } = await anAccount();
    const update = new UpdateServiceCommand({ cluster: 'prod', service: 'web', desiredCount: 8 });
    const { service } = await ecs.send(update);
    expect(service).toMatchObject({ desiredCount: 8, runningCount: 5, pendingCount: 3 });
    plant.advanceTo(later(90));
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'prod', services: ['web'] }));
    expect(services).toMatchObject([{ desiredCount: 8, runningCount: 8, pendingCount: 0 }]);
  });

  it('leaves the size alone when it is not given', async () => {
    const { ecs } = await anAccount();
    const { service } = await ecs.send(new UpdateServiceCommand({ cluster: 'prod', service: 'web' }));
    expect(service).toMatchObject({ desiredCount: 5 });
  });

  it.each([
    ['an unknown service', { cluster: 'prod', service: 'nobody', desiredCount: 3 }, ServiceNotFoundException],
    ['an unknown cluster', { cluster: 'test', service: 'web', desiredCount: 3 }, ClusterNotFoundException],
    ['a negative size', { cluster: 'prod', service: 'web', desiredCount: -1 }, InvalidParameterException],
    ['no service', { cluster: 'prod', service: '', desiredCount: 1 }, InvalidParameterException],
  ])('refuses %s', async (_, input, error) => {
    const { ecs } = await anAccount();
    expect(await failureOf(ecs.send(new UpdateServiceCommand(input)))).toBeInstanceOf(error);
  });

  it('refuses an inactive service', async () => {
    const { ecs, plant } = await anAccount();
    plant.deleteService('prod', 'web');
    const update = new UpdateServiceCommand({ cluster: 'prod', service: 'web', desiredCount: 3 });
    expect(await failureOf(ecs.send(update))).toBeInstanceOf(ServiceNotActiveException);
  });
});

describe('ListServices and DescribeClusters', () => {
  it('list services page by page', async () => {
    const { ecs } = await anAccount(['web', 'api', 'jobs']);
    const first = await ecs.send(new ListServicesCommand({ cluster: 'prod', maxResults: 2 }));
    expect(first.serviceArns).toEqual([`${ARN}:service/prod/api`, `${ARN}:service/prod/jobs`]);
    const { nextToken } = first;
    const rest = await ecs.send(new ListServicesCommand({ cluster: 'prod', maxResults: 2, nextToken }));
    expect(rest).toMatchObject({ serviceArns: [`${ARN}:service/prod/web`] });
    expect(rest.nextToken).toBeUndefined();
    const bad = ecs.send(new ListServicesCommand({ cluster: 'prod', nextToken: 'x' }));
    expect(await failureOf(bad)).toBeInstanceOf(InvalidParameterException);
  });

  it('sum up clusters', async () => {
    const { ecs } = await anAccount(['web', 'api']);
    const answer = await ecs.send(new DescribeClustersCommand({ clusters: ['prod', 'test'] }));
    expect(answer.clusters).toMatchObject([
      { clusterName: 'prod', status: 'ACTIVE', activeServicesCount: 2, runningTasksCount: 10 },
    ]);
    expect(answer.failures).toEqual([{ arn: `${ARN}:cluster/test`, reason: 'MISSING' }]);
  });
});
