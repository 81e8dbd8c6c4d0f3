import {
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  InvalidNextTokenException,
  ObjectNotFoundException,
  RegisterScalableTargetCommand,
  ValidationException,
} from '@aws-sdk/client-application-auto-scaling';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../aws-endpoint/support.ts';
import { anAccount } from './an-account.ts';

const size = (service = 'web') =>
  ({
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceId: `service/prod/${service}`,
  }) as const;
const register = (service = 'web', more: object = { MinCapacity: 2, MaxCapacity: 9 }) =>
  new RegisterScalableTargetCommand({ ...size(service), ...more });

describe('Application Auto Scaling in the simulated account', () => {
  it('describes what was registered, by resource', async () => {
    const { scaling } = await anAccount(['web', 'api']);
    const { ScalableTargetARN } = await scaling.send(register());
    await scaling.send(register('api'));
    const { ServiceNamespace, ScalableDimension, ResourceId } = size();
    const { ScalableTargets } = await scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace, ScalableDimension, ResourceIds: [ResourceId] }),
    );
    expect(ScalableTargets).toMatchObject([
      {
        ...size(),
        ScalableTargetARN,
        MinCapacity: 2,
        MaxCapacity: 9,
        SuspendedState: { DynamicScalingInSuspended: false, ScheduledScalingSuspended: false },
      },
    ]);
  });

  it('keeps what a second registration does not say', async () => {
    const { scaling } = await anAccount();
    await scaling.send(register());
    await scaling.send(register('web', { SuspendedState: { ScheduledScalingSuspended: true } }));
    const { ScalableTargets } = await scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }),
    );
    expect(ScalableTargets).toMatchObject([
      {
        MaxCapacity: 9,
        SuspendedState: { ScheduledScalingSuspended: true, DynamicScalingInSuspended: false },
      },
    ]);
  });

  it('turns pages', async () => {
    const { scaling } = await anAccount(['a', 'b', 'c']);
    for (const name of ['a', 'b', 'c']) await scaling.send(register(name));
    const page = (NextToken?: string) =>
      scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs', MaxResults: 2, NextToken }));
    const first = await page();
    expect(first.ScalableTargets).toHaveLength(2);
    expect((await page(first.NextToken)).ScalableTargets).toHaveLength(1);
    expect(await failureOf(page('nonsense'))).toBeInstanceOf(InvalidNextTokenException);
  });

  it('lets go', async () => {
    const { scaling } = await anAccount();
    await scaling.send(register());
    await scaling.send(new DeregisterScalableTargetCommand(size()));
    const failure = await failureOf(scaling.send(new DeregisterScalableTargetCommand(size())));
    expect(failure).toBeInstanceOf(ObjectNotFoundException);
  });

  it.each([
    ['a service that is not there', register('nobody')],
    ['a registration without bounds', register('web', {})],
    [
      'a dimension without a resource',
      new DescribeScalableTargetsCommand({
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
      }),
    ],
    ['too large a page', new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs', MaxResults: 51 })],
  ])('refuses %s', async (_, command) => {
    const { scaling } = await anAccount();
    const failure = await failureOf(scaling.send(command as Parameters<typeof scaling.send>[0]));
    expect(failure).toBeInstanceOf(ValidationException);
  });
});
