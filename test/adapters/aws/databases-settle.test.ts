import { beforeEach, describe, expect, it } from 'vitest';
import { auroraReadersTarget } from '../../../shared/adapters/aws/aurora-readers-target.ts';
import { rdsInstanceClassTarget } from '../../../shared/adapters/aws/rds-instance-class-target.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import { RESOURCE_TAGS, targetId } from '../../../shared/core/target.ts';
import { scaleByHand } from '../../../shared/usecases/scale-by-hand.ts';
import { settleResize } from '../../../shared/usecases/settle-resize.ts';
import { sweepTargets } from '../../../shared/usecases/sweep-targets.ts';
import { FakeRds, instanceReadings } from '../../support/a-cluster.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { AWorld } from '../../support/a-world.ts';

const READERS = aPolicy({
  name: 'shop',
  target: {
    kind: 'aurora-readers',
    cluster: 'shop',
    classes: [],
    zones: [],
    leaving: { connections: 0, drainSeconds: 300 },
  },
  bounds: { min: 0, max: 9 },
});

const CLASS = aPolicy({
  name: 'orders',
  target: {
    kind: 'rds-instance-class',
    instance: 'orders',
    ladder: ['db.t4g.medium', 'db.r6g.large', 'db.r6g.xlarge'],
    immediate: true,
  },
  bounds: { min: 1, max: 3 },
});

let world: AWorld;
let fake: FakeRds;

function open(policy: typeof READERS, rds: FakeRds): void {
  fake = rds;
  world = new AWorld([policy]);
  const client = fake.client();
  Object.assign(world.deps, {
    targets: {
      ...world.deps.targets,
      'aurora-readers': auroraReadersTarget({ client, metrics: instanceReadings({}) }),
      'rds-instance-class': rdsInstanceClassTarget(client),
    },
  });
}

const ask = (instances: number) =>
  scaleByHand(world.deps, {
    service: world.policies[0]?.name ?? '',
    instances,
    reason: 'a test',
    owner: 'ada',
    expiresInSeconds: 86_400,
  });

/** A minute later. */
async function settle() {
  world.pass(60);
  return settleResize(world.deps, targetId((world.policies[0] ?? READERS).target));
}

describe('a resize of Aurora readers', () => {
  beforeEach(() => {
    open(READERS, FakeRds.cluster('shop', 2));
    for (const id of ['shop-1', 'shop-2']) fake.tag(id, RESOURCE_TAGS.managed, 'true');
  });

  it('is done when the new reader serves', async () => {
    expect(await ask(3)).toMatchObject({ kind: 'accepted' });
    expect(await settle()).toBe('in-progress');
    fake.settle();
    expect(await settle()).toBe('settled');
    expect(await world.history()).toEqual(['OverrideSet', 'ScalingStarted', 'ScalingCompleted']);
    expect(fake.changes.filter((line) => line.startsWith('create'))).toHaveLength(1);
  });

  it('is done when the reader that goes is marked; the sweep sees it out', async () => {
    await ask(1);
    expect(await settle()).toBe('settled');
    expect(fake.changes).toEqual([`tag shop-1 ${RESOURCE_TAGS.leaving}`]);
    for (let minute = 0; minute < 7; minute += 1) {
      world.pass(60);
      await sweepTargets(world.deps);
    }
    expect(fake.changes).toEqual([`tag shop-1 ${RESOURCE_TAGS.leaving}`, 'delete shop-1']);
  });

  it('keeps the reader that goes when more are wanted before it is gone', async () => {
    await ask(1);
    await settle();
    await ask(2);
    expect(await settle()).toBe('settled');
    expect(fake.changes).toEqual([
      `tag shop-1 ${RESOURCE_TAGS.leaving}`,
      `untag shop-1 ${RESOURCE_TAGS.leaving}`,
    ]);
  });
});

describe('a change of the class of an instance', () => {
  beforeEach(() => {
    const rds = new FakeRds();
    rds.add('orders');
    rds.orderable = { 'db.r6g.xlarge': [{}], 'db.t4g.medium': [{}] };
    open(CLASS, rds);
  });

  const come = (size: string) =>
    Object.assign(fake.one('orders'), {
      DBInstanceStatus: 'available',
      DBInstanceClass: size,
      PendingModifiedValues: {},
    });

  it.each([
    [3, 'db.r6g.xlarge'],
    [1, 'db.t4g.medium'],
  ])('to rung %i is done when the instance runs as %s', async (rung, size) => {
    expect(await ask(rung)).toMatchObject({ kind: 'accepted' });
    for (let minute = 0; minute < 5; minute += 1) expect(await settle()).toBe('in-progress');
    come(size);
    expect(await settle()).toBe('settled');
    expect((await world.history()).at(-1)).toBe('ScalingCompleted');
  });

  it('that never comes is taken back, and says so', async () => {
    await ask(3);
    // RDS gave up, and keeps the change for the next maintenance window.
    fake.one('orders').DBInstanceStatus = 'available';
    world.pass(3_600);
    expect(await settle()).toBe('settled');
    expect(fake.changes).toEqual(['modify orders db.r6g.xlarge now', 'modify orders db.r6g.large now']);
    await world.relay();
    const { events } = await world.events.list({ order: 'newest-first', limit: 1 });
    expect(events[0]).toMatchObject({
      type: 'ScalingFailed',
      reason: expect.stringContaining(
        'The change to db.r6g.xlarge was taken back: orders keeps db.r6g.large.',
      ),
    });
  });

  it('that can neither come nor be taken back ends as failed, and says both', async () => {
    await ask(3);
    fake.one('orders').DBInstanceStatus = 'available';
    const { targets } = world.deps;
    const refused = new ControllerError('rejected', 'the revision before is gone', { retryable: false });
    const rollBack = () => Promise.reject(refused);
    Object.assign(world.deps, {
      targets: { ...targets, 'rds-instance-class': { ...targets['rds-instance-class'], rollBack } },
    });
    world.pass(3_600);
    expect(await settle()).toBe('settled');
    await world.relay();
    const { events } = await world.events.list({ order: 'newest-first', limit: 1 });
    expect(events[0]).toMatchObject({
      type: 'ScalingFailed',
      reason: expect.stringMatching(/^Not settled .* It stays as it is: the revision before is gone$/),
    });
  });
});
