import * as ecs from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { modelledService } from '../../../functions/local/aws-endpoint/service.ts';
import { awsTargets } from '../../../shared/adapters/aws/targets.ts';
import type { EcsServiceTarget, TargetId } from '../../../shared/core/target.ts';
import type { Observation } from '../../../shared/ports/capacity-target.ts';
import { anOrder } from '../../support/an-order.ts';
import { anAwsAccount } from '../../support/aws-account.ts';
import { NOW } from '../../support/now.ts';

const target = (service: string, cluster = 'prod'): EcsServiceTarget => ({
  kind: 'ecs-service',
  cluster,
  service,
});
const id = (service: string, cluster = 'prod') => `ecs-service/${cluster}/${service}` as TargetId;
const aService = (serviceName: string, overrides: Partial<ecs.Service> = {}): ecs.Service => ({
  serviceName,
  status: 'ACTIVE',
  schedulingStrategy: 'REPLICA',
  desiredCount: 4,
  runningCount: 3,
  pendingCount: 1,
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
  ...overrides,
});

/** An ECS with the given services in every cluster but `gone`; others are reported MISSING. */
const anEcs = (
  services: readonly ecs.Service[] | ((name: string) => ecs.Service),
  batches: string[][] = [],
) =>
  modelledService({ name: 'ecs' }, ecs, {
    DescribeServices: ({ cluster, services: names = [] }) => {
      batches.push([cluster ?? '', ...names]);
      if (cluster === 'gone')
        throw new ecs.ClusterNotFoundException({ message: 'Cluster not found.', $metadata: {} });
      const found = names.flatMap((name) =>
        typeof services === 'function'
          ? [services(name)]
          : services.filter((one) => one.serviceName === name),
      );
      const missing = names.filter((name) => !found.some(({ serviceName }) => serviceName === name));
      const arn = (name: string) => `arn:aws:ecs:eu-central-1:123456789012:service/${cluster}/${name}`;
      return { services: found, failures: missing.map((name) => ({ arn: arn(name), reason: 'MISSING' })) };
    },
    UpdateService: ({ service = '', desiredCount = 0 }) => ({ service: aService(service, { desiredCount }) }),
  });

const describing = async (service: Partial<ecs.Service>): Promise<Observation | undefined> => {
  const { options } = await anAwsAccount([anEcs([aService('web', service)])]);
  return (await awsTargets(options)['ecs-service'].describe([target('web')], NOW)).get(id('web'));
};

describe('looking at ECS services', () => {
  it('reads desired, running and pending counts; ready are the running ones', async () => {
    expect(await describing({})).toEqual({
      kind: 'present',
      capacity: { desired: 4, running: 3, ready: 3, pending: 1 },
      deployment: 'none',
    });
  });

  it('asks for ten services of one cluster at a time, and for each service once', async () => {
    const batches: string[][] = [];
    const { options, calls } = await anAwsAccount([anEcs((name) => aService(name), batches)]);
    const targets = Array.from({ length: 21 }, (_, index) => target(`s${index}`));

    const seen = await awsTargets(options)['ecs-service'].describe(
      [...targets, ...targets, target('s0', 'test')],
      NOW,
    );

    expect(batches.map(([cluster, ...names]) => `${cluster} ${names.length}`).sort()).toEqual([
      'prod 1',
      'prod 10',
      'prod 10',
      'test 1',
    ]);
    expect(calls).toHaveLength(4);
    expect(seen.size).toBe(22);
    expect([...seen.values()].every(({ kind }) => kind === 'present')).toBe(true);
  });

  it.each<[string, Partial<ecs.Service>, 'none' | 'in-progress']>([
    ['a primary deployment that is complete', {}, 'none'],
    [
      'a primary deployment on its way',
      { deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }] },
      'in-progress',
    ],
    [
      'an older deployment that still has tasks',
      {
        deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }, { status: 'ACTIVE' }],
      },
      'in-progress',
    ],
    [
      'an older deployment that is replaced',
      {
        deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }, { status: 'INACTIVE' }],
      },
      'none',
    ],
    ['a deployment without a rollout state', { deployments: [{ status: 'PRIMARY' }] }, 'none'],
    [
      'a failed deployment that nothing runs beside',
      { deployments: [{ status: 'PRIMARY', rolloutState: 'FAILED' }] },
      'none',
    ],
    [
      'one task set (CodeDeploy at rest)',
      { deployments: [], deploymentController: { type: 'CODE_DEPLOY' }, taskSets: [{ status: 'PRIMARY' }] },
      'none',
    ],
    [
      'two task sets (CodeDeploy at work)',
      {
        deployments: [],
        deploymentController: { type: 'CODE_DEPLOY' },
        taskSets: [{ status: 'PRIMARY' }, { status: 'ACTIVE' }],
      },
      'in-progress',
    ],
    [
      'a task set that drains',
      { deployments: [], taskSets: [{ status: 'PRIMARY' }, { status: 'DRAINING' }] },
      'in-progress',
    ],
  ])('takes %s for deployment %#', async (_case, service, deployment) => {
    expect(await describing(service)).toMatchObject({ kind: 'present', deployment });
  });

  it.each<[Partial<ecs.Service>, string]>([
    [{ status: 'DRAINING' }, 'the service web is DRAINING: it is being deleted'],
    [{ status: 'INACTIVE' }, 'the service web is INACTIVE: it was deleted'],
    [{ schedulingStrategy: 'DAEMON' }, 'scheduling strategy DAEMON'],
  ])('has nothing to scale in a service with %j', async (service, detail) => {
    expect(await describing(service)).toEqual({ kind: 'missing', detail: expect.stringContaining(detail) });
  });

  it('reports a service that ECS does not know, beside one that it knows', async () => {
    const { options } = await anAwsAccount([anEcs([aService('web')])]);
    const seen = await awsTargets(options)['ecs-service'].describe([target('web'), target('lost')], NOW);
    expect(seen.get(id('web'))).toMatchObject({ kind: 'present' });
    expect(seen.get(id('lost'))).toEqual({
      kind: 'missing',
      detail: 'there is no service lost in the cluster prod',
    });
  });

  it('sees the services of other clusters when one cluster does not exist', async () => {
    const { options } = await anAwsAccount([anEcs([aService('web')])]);
    const seen = await awsTargets(options)['ecs-service'].describe(
      [target('web', 'gone'), target('web')],
      NOW,
    );
    expect(seen.get(id('web', 'gone'))).toEqual({
      kind: 'missing',
      detail: 'the cluster gone does not exist',
    });
    expect(seen.get(id('web'))).toMatchObject({ kind: 'present' });
  });

  it('calls what a refused call asked for unknown, never missing', async () => {
    const ecsOf = modelledService({ name: 'ecs' }, ecs, {
      DescribeServices: ({ cluster, services = [] }) => {
        if (cluster === 'secret')
          throw awsError('AccessDeniedException', 'not authorized to perform ecs:DescribeServices');
        return { services: services.map((name) => aService(name)), failures: [] };
      },
    });
    const { options } = await anAwsAccount([ecsOf]);
    const seen = await awsTargets(options)['ecs-service'].describe(
      [target('web', 'secret'), target('web')],
      NOW,
    );
    expect(seen.get(id('web', 'secret'))).toMatchObject({
      kind: 'unknown',
      error: { code: 'denied', message: expect.stringContaining('cluster secret') },
    });
    expect(seen.get(id('web'))).toMatchObject({ kind: 'present' });
  });

  it.each(['AccessDeniedException', 'InvalidParameterException'])(
    'finds the one service that a call is refused for (%s), and sees the others',
    async (fault) => {
      let calls = 0;
      const picky = modelledService({ name: 'ecs' }, ecs, {
        DescribeServices: ({ services = [] }) => {
          calls += 1;
          if (services.includes('s3')) throw awsError(fault, 's3 will not do');
          return { services: services.map((name) => aService(name)), failures: [] };
        },
      });
      const { options } = await anAwsAccount([picky]);
      const targets = Array.from({ length: 10 }, (_, index) => target(`s${index}`));
      const seen = await awsTargets(options)['ecs-service'].describe(targets, NOW);
      const unknown = [...seen].filter(([, { kind }]) => kind === 'unknown').map(([name]) => name);
      expect(unknown).toEqual([id('s3')]);
      expect(calls).toBeLessThanOrEqual(9);
    },
  );

  it('does not take a denied account apart service by service', async () => {
    let calls = 0;
    const closed = modelledService({ name: 'ecs' }, ecs, {
      DescribeServices: () => {
        calls += 1;
        throw awsError('AccessDeniedException', 'no');
      },
    });
    const { options } = await anAwsAccount([closed]);
    const targets = Array.from({ length: 500 }, (_, index) => target(`s${index}`));
    await expect(awsTargets(options)['ecs-service'].describe(targets, NOW)).rejects.toMatchObject({
      code: 'denied',
    });
    expect(calls).toBeLessThanOrEqual(50 + 2 * 20);
  });

  it('calls a service that the answer leaves out unknown', async () => {
    const forgetful = modelledService({ name: 'ecs' }, ecs, {
      DescribeServices: ({ services = [] }) => ({ services: [aService(services[0] ?? '')], failures: [] }),
    });
    const { options } = await anAwsAccount([forgetful]);
    const seen = await awsTargets(options)['ecs-service'].describe([target('a'), target('b')], NOW);
    expect(seen.get(id('b'))).toMatchObject({
      kind: 'unknown',
      error: { code: 'unavailable', retryable: true },
    });
  });

  it('throws when it saw nothing at all', async () => {
    const { options } = await anAwsAccount([anEcs([])], () => awsError('AccessDeniedException', 'no'));
    await expect(awsTargets(options)['ecs-service'].describe([target('web')], NOW)).rejects.toMatchObject({
      code: 'denied',
      retryable: false,
    });
  });

  it('waits and asks again when it is throttled, and gives up as retryable', async () => {
    const throttled = awsError('ThrottlingException', 'Rate exceeded');
    let left = 2;
    const account = await anAwsAccount([anEcs([aService('web')])], () =>
      left-- > 0 ? throttled : undefined,
    );
    const ecsService = awsTargets(account.options)['ecs-service'];

    expect((await ecsService.describe([target('web')], NOW)).get(id('web'))).toMatchObject({
      kind: 'present',
    });
    expect(account.calls.map(({ outcome }) => outcome)).toEqual([
      'ThrottlingException',
      'ThrottlingException',
      'ok',
    ]);

    left = Number.POSITIVE_INFINITY;
    await expect(ecsService.describe([target('web')], NOW)).rejects.toMatchObject({
      code: 'throttled',
      retryable: true,
    });
    expect(account.calls).toHaveLength(3 + 4);
  });

  it('asks nothing when there is nothing to look at', async () => {
    const { options, calls } = await anAwsAccount([anEcs([])]);
    expect((await awsTargets(options)['ecs-service'].describe([], NOW)).size).toBe(0);
    expect(calls).toEqual([]);
  });
});

describe('resizing an ECS service', () => {
  it('sets the desired count with one call, and forces no deployment', async () => {
    const updates: ecs.UpdateServiceCommandInput[] = [];
    const recording = modelledService({ name: 'ecs' }, ecs, {
      UpdateService: (input) => {
        updates.push(input as ecs.UpdateServiceCommandInput);
        return {};
      },
    });
    const { options, calls } = await anAwsAccount([recording]);
    await awsTargets(options)['ecs-service'].resize(target('web'), anOrder(5));
    expect(updates).toEqual([{ cluster: 'prod', service: 'web', desiredCount: 5 }]);
    expect(calls).toHaveLength(1);
  });

  it.each([
    [
      new ecs.ServiceNotFoundException({ message: 'Service not found.', $metadata: {} }),
      'target-missing',
      false,
    ],
    [
      new ecs.ServiceNotActiveException({ message: 'Service was not ACTIVE.', $metadata: {} }),
      'target-missing',
      false,
    ],
    [
      new ecs.ClusterNotFoundException({ message: 'Cluster not found.', $metadata: {} }),
      'target-missing',
      false,
    ],
    [new ecs.InvalidParameterException({ message: 'desiredCount', $metadata: {} }), 'rejected', false],
    [new ecs.AccessDeniedException({ message: 'no', $metadata: {} }), 'denied', false],
    [awsError('ServerException', 'oh', 500), 'unavailable', true],
  ] as const)('names %s for the caller', async (fault, code, retryable) => {
    const { options } = await anAwsAccount([anEcs([])], () => fault);
    await expect(awsTargets(options)['ecs-service'].resize(target('web'), anOrder(5))).rejects.toMatchObject({
      code,
      retryable,
      message: expect.stringMatching(
        new RegExp(`^could not resize ecs-service/prod/web to 5: ${fault.name}: ${fault.message}`),
      ),
    });
  });
});
