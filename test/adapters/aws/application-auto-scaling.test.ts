import * as scaling from '@aws-sdk/client-application-auto-scaling';
import { describe, expect, it } from 'vitest';
import { modelledService } from '../../../functions/local/aws-endpoint/service.ts';
import { connectApplicationAutoScaling } from '../../../shared/adapters/aws/application-auto-scaling.ts';
import { type Target, targetId } from '../../../shared/core/target.ts';
import { anAwsAccount } from '../../support/aws-account.ts';

const service = (name: string): Target => ({ kind: 'ecs-service', cluster: 'prod', service: name });
const registered = (name: string, suspended: scaling.SuspendedState = {}): scaling.ScalableTarget => ({
  ServiceNamespace: 'ecs',
  ScalableDimension: 'ecs:service:DesiredCount',
  ResourceId: `service/prod/${name}`,
  MinCapacity: 2,
  MaxCapacity: 10,
  RoleARN: 'arn:aws:iam::123456789012:role/x',
  CreationTime: new Date(0),
  SuspendedState: suspended,
});
const ALL = {
  DynamicScalingInSuspended: true,
  DynamicScalingOutSuspended: true,
  ScheduledScalingSuspended: true,
};

/** Plays DescribeScalableTargets over what is registered, `perPage` on a page. */
async function owning(targets: readonly scaling.ScalableTarget[], perPage = 50) {
  const asked: scaling.DescribeScalableTargetsRequest[] = [];
  const played = modelledService({ name: 'application-autoscaling' }, scaling, {
    DescribeScalableTargets: (input) => {
      asked.push(input);
      const found = targets.filter(({ ResourceId = '' }) => input.ResourceIds?.includes(ResourceId));
      const from = Number(input.NextToken ?? 0);
      const next = from + perPage;
      return {
        ScalableTargets: found.slice(from, next),
        ...(next < found.length ? { NextToken: String(next) } : {}),
      };
    },
  });
  const account = await anAwsAccount([played]);
  return { asked, calls: account.calls, ownership: connectApplicationAutoScaling(account.options) };
}

describe('who else scales a target', () => {
  it('is Application Auto Scaling where the size is registered, with the way to hand it over', async () => {
    const { ownership, asked } = await owning([registered('web')]);
    const owners = await ownership.ownersOf([service('web'), service('api')]);
    expect(owners.get(targetId(service('api')))).toBeNull();
    expect(owners.get(targetId(service('web')))).toBe(
      'Application Auto Scaling keeps service/prod/web between 2 and 10 (to hand it over: aws application-autoscaling ' +
        'deregister-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/prod/web)',
    );
    expect(asked).toEqual([
      {
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
        ResourceIds: ['service/prod/web', 'service/prod/api'],
      },
    ]);
  });

  it('is nobody while everything there is suspended, and somebody while anything may act', async () => {
    const { ownership } = await owning([
      registered('web', ALL),
      registered('api', { ...ALL, ScheduledScalingSuspended: false }),
    ]);
    const owners = await ownership.ownersOf([service('web'), service('api')]);
    expect(owners.get(targetId(service('web')))).toBeNull();
    expect(owners.get(targetId(service('api')))).toContain('Application Auto Scaling');
  });

  it('is asked for fifty targets a call, once each, page by page', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `svc-${index}`);
    const { ownership, asked } = await owning(
      names.map((name) => registered(name)),
      20,
    );
    const owners = await ownership.ownersOf([...names, ...names].map(service));
    expect(owners.size).toBe(120);
    expect([...owners.values()].every((owner) => owner !== null)).toBe(true);
    expect(asked.map(({ ResourceIds }) => ResourceIds?.length).sort()).toEqual([20, 50, 50, 50, 50, 50, 50]);
  });

  it('is asked of nobody when there is no target', async () => {
    const { ownership, calls } = await owning([]);
    expect((await ownership.ownersOf([])).size).toBe(0);
    expect(calls).toEqual([]);
  });

  it('is an error in our words when the right to look is missing', async () => {
    const denied = Object.assign(new Error('not authorized'), {
      name: 'AccessDeniedException',
      $fault: 'client',
    });
    const played = modelledService({ name: 'application-autoscaling' }, scaling, {});
    const account = await anAwsAccount([played], () => denied);
    const { ownersOf } = connectApplicationAutoScaling(account.options);
    await expect(ownersOf([service('web')])).rejects.toMatchObject({
      name: 'ControllerError',
      message: expect.stringContaining('could not ask who else scales 1 targets'),
    });
  });
});
