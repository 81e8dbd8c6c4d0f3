import * as ecs from '@aws-sdk/client-ecs';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { modelledService } from '../../../functions/local/aws-endpoint/service.ts';
import { awsTargets } from '../../../shared/adapters/aws/targets.ts';
import type { EcsServiceTarget } from '../../../shared/core/target.ts';
import { capacityTargetContract } from '../../contracts/capacity-target.contract.ts';
import { anAwsAccount } from '../../support/aws-account.ts';

const target = (service: string): EcsServiceTarget => ({ kind: 'ecs-service', cluster: 'prod', service });

const anEcs = (sizes: Map<string, number>) =>
  modelledService({ name: 'ecs' }, ecs, {
    DescribeServices: ({ services = [] }) => ({
      services: services.flatMap((serviceName) => {
        const count = sizes.get(serviceName);
        return count === undefined
          ? []
          : [{ serviceName, status: 'ACTIVE', desiredCount: count, runningCount: count, pendingCount: 0 }];
      }),
      failures: services
        .filter((name) => !sizes.has(name))
        .map((name) => ({ arn: `arn:aws:ecs:eu-central-1:1:service/prod/${name}`, reason: 'MISSING' })),
    }),
    UpdateService: ({ service = '', desiredCount = 0 }) => {
      if (!sizes.has(service))
        throw new ecs.ServiceNotFoundException({ message: 'Service not found.', $metadata: {} });
      sizes.set(service, desiredCount);
      return {};
    },
  });

capacityTargetContract('ecs-service', async () => {
  const sizes = new Map([['web', 2]]);
  let fault: Error | undefined;
  const { options, calls } = await anAwsAccount([anEcs(sizes)], () => fault);
  return {
    adapter: awsTargets({ ...options, maxAttempts: 1 })['ecs-service'],
    present: target('web'),
    size: 2,
    absent: target('lost'),
    changes: () => calls.filter(({ operation }) => !operation.startsWith('Describe')).length,
    failWith: (name, status = 400) => {
      fault = name === undefined ? undefined : awsError(name, 'as the test wants it', status);
    },
  };
});
