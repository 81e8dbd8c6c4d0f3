import { describe, expect, it } from 'vitest';
import { followResize } from '../../../functions/runtime/follow-resize.ts';
import { sqsBatch } from '../../../functions/runtime/sqs-batch.ts';
import { handleSignal } from '../../../shared/usecases/handle-signal.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { ARuntime } from '../../support/a-runtime.ts';
import { aSample } from '../../support/a-sample.ts';
import { AWorld } from '../../support/a-world.ts';
import { anSqsEvent } from '../../support/an-sqs-event.ts';
import { databasePolicies } from '../../support/database-policies.ts';

async function aResize() {
  const world = new AWorld([aPolicy()]);
  world.measure('cpu', 100);
  await handleSignal(world.deps, world.alarm());
  const runtime = new ARuntime();
  const tell = (...bodies: unknown[]) =>
    sqsBatch(runtime, anSqsEvent(...bodies), (body) => followResize(world.deps, body));
  return { world, runtime, tell };
}

describe('the settle function', () => {
  it.each([
    'ecs-service-action.steady-state',
    'ecs-deployment-state-change.completed',
    'ecs-service-action.short-arn',
  ])('completes a resize when %s tells of its service', async (sample) => {
    const { world, tell } = await aResize();
    world.pass(40);
    world.settle();
    expect(await tell(aSample(sample))).toEqual({ batchItemFailures: [] });
    expect(await world.history()).toEqual(['ScalingStarted', 'ScalingCompleted']);
    expect(world.durations).toEqual([{ target: world.target, outcome: 'completed', seconds: 40 }]);
  });

  it('believes the service, not the event: a steady state that comes too early completes nothing', async () => {
    const { world, tell } = await aResize();
    await tell(aSample('ecs-service-action.steady-state'));
    expect(await world.history()).toEqual(['ScalingStarted']);
  });

  it('leaves services without a policy alone, without a word', async () => {
    const { world, runtime, tell } = await aResize();
    const sample = aSample('ecs-service-action.steady-state') as { readonly resources: readonly string[] };
    const other = {
      ...sample,
      resources: sample.resources.map((arn) => arn.replace(/[^/]+$/, 'someone-elses')),
    };
    const before = world.calls.length;
    expect(await tell(other)).toEqual({ batchItemFailures: [] });
    expect(world.calls).toHaveLength(before);
    expect(runtime.log.lines).toEqual([]);
  });

  it('sets aside what is no event of an ECS service', async () => {
    const { runtime, tell } = await aResize();
    expect(await tell(aSample('cloudwatch-alarm-state-change.ok'))).toEqual({ batchItemFailures: [] });
    expect(runtime.measured()).toMatchObject({ PoisonMessages: 1 });
  });
});

describe('an event of a database or a cache', () => {
  const policies = [
    ...databasePolicies,
    aPolicy({
      name: 'orders-class',
      target: { kind: 'rds-instance-class', instance: 'orders', ladder: ['db.r6g.large'], immediate: true },
    }),
    aPolicy({ name: 'cache', target: { kind: 'elasticache-replicas', replicationGroup: 'cache' } }),
    aPolicy({
      name: 'cache-shards',
      target: { kind: 'elasticache-shards', replicationGroup: 'cache', maxMemoryPercent: 75 },
    }),
    aPolicy({
      name: 'web-size',
      target: { kind: 'ecs-task-size', cluster: 'prod', service: 'web', ladder: [], immediate: true },
    }),
  ];
  const { deps } = new AWorld(policies);
  const woken = (body: unknown) => followResize(deps, body).map(({ key }) => key);
  const ofInstance = (id: string) => {
    const event = aSample('rds-db-instance-event.created') as { readonly detail: object };
    return { ...event, detail: { ...event.detail, SourceArn: `arn:aws:rds:eu-central-1:1:db:${id}` } };
  };

  it.each([
    ['rds-db-instance-event.created', ['rds-replicas/orders']],
    ['rds-db-instance-event.deleted', ['rds-replicas/orders']],
    ['rds-db-cluster-event.failover-completed', ['aurora-readers/ledger']],
    [
      'elasticache-cloudtrail.increase-replica-count',
      ['elasticache-replicas/cache', 'elasticache-shards/cache'],
    ],
    ['ecs-service-action.steady-state', ['ecs-service/prod/web', 'ecs-task-size/prod/web']],
  ])('%s wakes %s', (sample, targets) => {
    expect(woken(aSample(sample))).toEqual(targets);
  });

  it('of a source concerns its replicas and its class, and of a reader that was made its cluster', () => {
    expect(woken(ofInstance('orders'))).toEqual(['rds-replicas/orders', 'rds-instance-class/orders']);
    expect(woken(ofInstance('ledger-plimsoll-1a2b3c4d-2'))).toEqual(['aurora-readers/ledger']);
  });

  it('of what no policy names concerns nobody', () => {
    for (const id of ['orders-by-hand', 'somebody-elses', 'ledger'])
      expect(woken(ofInstance(id))).toEqual([]);
  });
});
