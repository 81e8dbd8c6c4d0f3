import * as ecs from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { type ModelledService, modelledService } from '../../../functions/local/aws-endpoint/service.ts';
import { awsTargets } from '../../../shared/adapters/aws/targets.ts';
import { type EcsTaskSizeTarget, targetId } from '../../../shared/core/target.ts';
import { later } from '../../functions/local/aws-services/an-account.ts';
import { aTaskSize, aTaskSizeAccount } from '../../support/a-task-size.ts';
import { anOrder } from '../../support/an-order.ts';
import { anAwsAccount } from '../../support/aws-account.ts';
import { NOW } from '../../support/now.ts';

const arnOf = (revision: number) => `arn:aws:ecs:us-east-1:123456789012:task-definition/web:${revision}`;
const order = (size: number, from: number, resizeId = 'resize-1') => anOrder(size, { from, resizeId });

/** Carries the account on until its deployment is over. */
const roll = ({ plant }: Awaited<ReturnType<typeof aTaskSizeAccount>>, until: number) =>
  plant.advanceTo(later(until));

describe('the size of tasks, in the simulated account', () => {
  it('goes up and down the ladder with a rolling deployment each, which is followed to its end', async () => {
    const account = await aTaskSizeAccount();
    const { adapter, present, plant } = account;
    await adapter.resize(aTaskSize(), order(2, 1));
    const busy = { size: 2, reason: 'resource-busy', detail: expect.stringContaining('deployment') };
    expect(await present()).toEqual({
      kind: 'present',
      capacity: { desired: 2, running: 1, ready: 1, pending: 1 },
      deployment: 'none',
      failed: null,
      limits: [
        { direction: 'out', ...busy },
        { direction: 'in', ...busy },
      ],
    });
    roll(account, 900);
    expect(await present()).toEqual({
      kind: 'present',
      capacity: { desired: 2, running: 2, ready: 2, pending: 0 },
      deployment: 'none',
      failed: null,
    });
    await adapter.resize(aTaskSize(), order(1, 2, 'resize-2'));
    roll(account, 1800);
    expect((await present()).capacity).toEqual({ desired: 1, running: 1, ready: 1, pending: 0 });
    const sizes = [1, 2, 3].map((revision) => plant.taskDefinitions.find(arnOf(revision))?.settings);
    expect(sizes.map((settings) => settings?.cpu)).toEqual(['512', '1024', '512']);
    // The same everything else.
    expect({ ...sizes[1], cpu: '512', memory: '1024' }).toEqual(sizes[0]);
  });

  it('reuses the revision that a first try registered before its answer was lost', async () => {
    let lost = true;
    const account = await aTaskSizeAccount(({ operation }) =>
      lost && operation === 'UpdateService' ? awsError('ServerException', 'lost', 500) : undefined,
    );
    const { adapter, plant, present } = account;
    await expect(adapter.resize(aTaskSize(), order(2, 1))).rejects.toMatchObject({ retryable: true });
    lost = false;
    await adapter.resize(aTaskSize(), order(2, 1));
    expect((await present()).capacity.desired).toBe(2);
    expect(plant.taskDefinitions.find('web')?.revision).toBe(2);
  });

  it('does not reuse a revision that was made from another one than runs now', async () => {
    let lost = true;
    const account = await aTaskSizeAccount(({ operation }) =>
      lost && operation === 'UpdateService' ? awsError('ServerException', 'lost', 500) : undefined,
    );
    const { adapter, plant } = account;
    const first = plant.taskDefinitions.find('web');
    if (first === null) throw new Error('no revision');
    // A release was registered long before, and is handed to the service between our two tries.
    const release = plant.taskDefinitions.register({ ...first.settings, release: '2' });
    await expect(adapter.resize(aTaskSize(), order(2, 1))).rejects.toMatchObject({ retryable: true });
    lost = false;
    plant.updateService('prod', 'web', { revision: release });
    await adapter.resize(aTaskSize(), order(2, 1));
    expect(plant.taskDefinitions.find('web')).toMatchObject({ revision: 4 });
    expect(plant.describeServices('prod', ['web'])[0]?.deployments[0]?.revision.arn).toBe(arnOf(4));
  });

  it('is busy while somebody else deploys, and its tasks keep their size', async () => {
    const { plant, present } = await aTaskSizeAccount();
    plant.beginDeployment('prod', 'web');
    expect(await present()).toMatchObject({
      capacity: { desired: 1, running: 1, pending: 1 },
      failed: null,
      limits: [{ reason: 'resource-busy', size: 1 }, { reason: 'resource-busy' }],
    });
  });

  it('says that a deployment failed while the circuit breaker goes back, and then that the earlier revision runs', async () => {
    const account = await aTaskSizeAccount();
    const { adapter, plant, present, changes } = account;
    plant.failNextDeployment('prod', 'web');
    await adapter.resize(aTaskSize(), order(2, 1));
    roll(account, 301);
    expect(await present()).toMatchObject({
      capacity: { desired: 1 },
      failed: 'The deployment failed: ECS deployment circuit breaker: tasks failed to start.',
      limits: [{ reason: 'resource-busy' }, { reason: 'resource-busy' }],
    });
    const before = changes().length;
    expect(await adapter.rollBack?.(aTaskSize(), order(2, 1))).toBe('The service runs web:1 again.');
    expect(changes()).toHaveLength(before);
    roll(account, 900);
    expect(await present()).toMatchObject({ capacity: { desired: 1, running: 1, pending: 0 }, failed: null });
  });

  it('goes back to the revision before, once, when a resize is given up', async () => {
    const account = await aTaskSizeAccount();
    const { adapter, plant, changes } = account;
    await adapter.resize(aTaskSize(), order(2, 1));
    expect(await adapter.rollBack?.(aTaskSize(), order(2, 1))).toBe('Rolled back to web:1.');
    expect(plant.describeServices('prod', ['web'])[0]?.deployments[0]?.revision.arn).toBe(arnOf(1));
    expect(await adapter.rollBack?.(aTaskSize(), order(2, 1))).toBe('The service runs web:1 again.');
    expect(changes().map(({ operation }) => operation)).toEqual([
      'RegisterTaskDefinition',
      'UpdateService',
      'UpdateService',
    ]);
  });

  it('puts nothing back where somebody else deployed meanwhile, or nothing was replaced', async () => {
    const { adapter, plant, changes } = await aTaskSizeAccount();
    expect(await adapter.rollBack?.(aTaskSize(), order(2, 1))).toBeNull();
    expect(await adapter.rollBack?.(aTaskSize({ service: 'lost' }), order(2, 1))).toBeNull();
    await adapter.resize(aTaskSize(), order(2, 1));
    const first = plant.taskDefinitions.find('web:1');
    if (first === null) throw new Error('no revision');
    plant.updateService('prod', 'web', {
      revision: plant.taskDefinitions.register({ ...first.settings, release: '2' }),
    });
    const before = changes().length;
    expect(await adapter.rollBack?.(aTaskSize(), order(2, 1))).toBeNull();
    expect(changes()).toHaveLength(before);
  });

  it('is refused with the reason where a container is larger than the task would be', async () => {
    const { adapter, plant, present } = await aTaskSizeAccount();
    const first = plant.taskDefinitions.find('web');
    if (first === null) throw new Error('no revision');
    const containerDefinitions = [{ name: 'web', image: 'web:1', memory: 3000 }];
    const large = plant.taskDefinitions.register({
      ...first.settings,
      cpu: '2048',
      memory: '4096',
      containerDefinitions,
    });
    plant.updateService('prod', 'web', { revision: large });
    plant.advanceTo(later(900));
    await expect(adapter.resize(aTaskSize(), order(2, 3))).rejects.toMatchObject({
      code: 'rejected',
      retryable: false,
      message: expect.stringContaining(
        "The 'memory' setting for container 'web' is greater than for the task.",
      ),
    });
    expect((await present()).capacity.desired).toBe(3);
  });

  it('is missing where the tasks have a size that is no rung, in words that say which', async () => {
    const { look } = await aTaskSizeAccount();
    expect(
      await look(
        aTaskSize({
          ladder: [
            { cpu: 1024, memoryMiB: 2048 },
            { cpu: 2048, memoryMiB: 4096 },
          ],
        }),
      ),
    ).toEqual({
      kind: 'missing',
      detail: 'the tasks of web have 512 CPU units and 1024 MiB, which is no rung of the ladder',
    });
  });

  it('refuses a rung that the ladder does not have, and asks for nothing', async () => {
    const { adapter, calls } = await aTaskSizeAccount();
    await expect(adapter.resize(aTaskSize(), order(4, 3))).rejects.toMatchObject({
      code: 'rejected',
      retryable: false,
    });
    expect(calls).toEqual([]);
  });

  it('reads a revision once, however often it looks', async () => {
    const { look, calls } = await aTaskSizeAccount();
    for (const _again of [1, 2, 3]) await look();
    expect(calls.filter(({ operation }) => operation === 'DescribeTaskDefinition')).toHaveLength(1);
  });
});

const aService = (overrides: Partial<ecs.Service> = {}): ecs.Service => ({
  serviceName: 'web',
  status: 'ACTIVE',
  desiredCount: 2,
  runningCount: 2,
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition: 'web:1' }],
  ...overrides,
});

const SIZES: Readonly<Record<string, ecs.TaskDefinition>> = {
  'web:1': {
    family: 'web',
    containerDefinitions: [],
    taskDefinitionArn: 'web:1',
    cpu: '512',
    memory: '1024',
  },
  'web:2': {
    family: 'web',
    containerDefinitions: [],
    taskDefinitionArn: 'web:2',
    cpu: '1024',
    memory: '2048',
  },
};

const serving = (
  services: (name: string) => ecs.Service | Error,
  definition: (name: string) => ecs.TaskDefinition | Error = (name) => SIZES[name] ?? SIZES['web:1'] ?? {},
) =>
  modelledService({ name: 'ecs' }, ecs, {
    DescribeServices: ({ services: names = [] }) => {
      const found = names.map(services);
      for (const each of found) if (each instanceof Error) throw each;
      return { services: found as ecs.Service[], failures: [] };
    },
    DescribeTaskDefinition: ({ taskDefinition = '' }) => {
      const found = definition(taskDefinition);
      if (found instanceof Error) throw found;
      return { taskDefinition: found };
    },
    RegisterTaskDefinition: () => ({ taskDefinition: {} }),
    UpdateService: () => ({}),
  });

const looking = async (service: ModelledService, ...targets: readonly EcsTaskSizeTarget[]) => {
  const { options } = await anAwsAccount([service]);
  return awsTargets({ ...options, maxAttempts: 1 })['ecs-task-size'].describe(targets, NOW);
};

describe('the size of tasks, in what ECS may say', () => {
  it('reports a failed deployment that the circuit breaker leaves in place', async () => {
    const failed = aService({
      deployments: [
        {
          status: 'PRIMARY',
          rolloutState: 'FAILED',
          rolloutStateReason: 'tasks failed to start.',
          taskDefinition: 'web:2',
        },
        { status: 'ACTIVE', rolloutState: 'COMPLETED', taskDefinition: 'web:1' },
      ],
    });
    const seen = await looking(
      serving(() => failed),
      aTaskSize(),
    );
    expect(seen.get(targetId(aTaskSize()))).toMatchObject({
      capacity: { desired: 2, running: 1, pending: 1 },
      failed: 'The deployment failed: tasks failed to start.',
    });
  });

  it('does not report an older deployment that failed before the one on its way', async () => {
    const moving = aService({
      deployments: [
        {
          status: 'PRIMARY',
          rolloutState: 'IN_PROGRESS',
          rolloutStateReason: 'in progress.',
          taskDefinition: 'web:2',
        },
        {
          status: 'ACTIVE',
          rolloutState: 'FAILED',
          rolloutStateReason: 'tasks failed to start.',
          taskDefinition: 'web:1',
        },
      ],
    });
    const seen = await looking(
      serving(() => moving),
      aTaskSize(),
    );
    expect(seen.get(targetId(aTaskSize()))).toMatchObject({ failed: null });
  });

  it.each(['CODE_DEPLOY', 'EXTERNAL'] as const)(
    'has nothing to do with a service that %s deploys',
    async (type) => {
      const seen = await looking(
        serving(() => aService({ deploymentController: { type } })),
        aTaskSize(),
      );
      expect(seen.get(targetId(aTaskSize()))).toEqual({
        kind: 'missing',
        detail: `the service web is deployed by ${type}, which alone may give it another task definition`,
      });
    },
  );

  it('is missing while the service is being deleted', async () => {
    const seen = await looking(
      serving(() => aService({ status: 'DRAINING' })),
      aTaskSize(),
    );
    expect(seen.get(targetId(aTaskSize()))).toMatchObject({
      kind: 'missing',
      detail: expect.stringContaining('DRAINING'),
    });
  });

  it('finds the one service that a call is refused for, and sees the others', async () => {
    const picky = serving((name) =>
      name === 's3' ? awsError('AccessDeniedException', 'no') : aService({ serviceName: name }),
    );
    const targets = Array.from({ length: 10 }, (_, index) => aTaskSize({ service: `s${index}` }));
    const unknown = [...(await looking(picky, ...targets))].filter(([, { kind }]) => kind === 'unknown');
    expect(unknown.map(([id]) => id)).toEqual(['ecs-task-size/prod/s3']);
  });

  it('does not know the size of tasks whose definition it cannot read, and sees the others', async () => {
    const gone = serving(
      (name) =>
        aService({ serviceName: name, deployments: [{ status: 'PRIMARY', taskDefinition: `${name}:1` }] }),
      (name) =>
        name === 'api:1'
          ? new ecs.ClientException({ message: 'Unable to describe task definition.', $metadata: {} })
          : (SIZES[name] ?? {}),
    );
    const seen = await looking(gone, aTaskSize(), aTaskSize({ service: 'api' }));
    expect(seen.get(targetId(aTaskSize()))).toMatchObject({ kind: 'present' });
    expect(seen.get(targetId(aTaskSize({ service: 'api' })))).toMatchObject({
      kind: 'unknown',
      error: { code: 'rejected', message: expect.stringContaining('the task definition api:1') },
    });
  });

  it('hands no revision to a service whose registration was answered without one', async () => {
    const { options, calls } = await anAwsAccount([serving(() => aService())]);
    const adapter = awsTargets({ ...options, maxAttempts: 1 })['ecs-task-size'];
    await expect(adapter.resize(aTaskSize(), order(2, 1))).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
    expect(calls.map(({ operation }) => operation)).not.toContain('UpdateService');
  });
});
