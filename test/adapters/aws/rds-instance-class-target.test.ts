import { describe, expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { rdsInstanceClassTarget } from '../../../shared/adapters/aws/rds-instance-class-target.ts';
import { awsTargets } from '../../../shared/adapters/aws/targets.ts';
import { type RdsInstanceClassTarget, targetId } from '../../../shared/core/target.ts';
import { FakeRds } from '../../support/a-cluster.ts';
import { anOrder } from '../../support/an-order.ts';
import { anAwsAccount } from '../../support/aws-account.ts';
import { NOW } from '../../support/now.ts';

const LADDER = ['db.t4g.medium', 'db.r6g.large', 'db.r6g.xlarge'];

const target = (instance = 'orders'): RdsInstanceClassTarget => ({
  kind: 'rds-instance-class',
  instance,
  ladder: LADDER,
  immediate: false,
});

/** An instance on the second rung, and an engine that offers every rung in its zone. */
const anInstance = (): FakeRds => {
  const fake = new FakeRds();
  fake.add('orders', { Engine: 'postgres', EngineVersion: '16.4' });
  const offered = [{ AvailabilityZones: [{ Name: 'eu-central-1a' }], MultiAZCapable: true }];
  fake.orderable = Object.fromEntries(LADDER.map((size) => [size, offered]));
  return fake;
};

const look = async (fake: FakeRds, of = target()) =>
  (await rdsInstanceClassTarget(fake.client()).describe([of], NOW)).get(targetId(of));

const resize = (fake: FakeRds, size: number) =>
  rdsInstanceClassTarget(fake.client()).resize(target(), anOrder(size, { from: 2 }));

const rollBack = (fake: FakeRds, to: number, from = 2) =>
  rdsInstanceClassTarget(fake.client()).rollBack?.(target(), anOrder(to, { from }));

describe('looking at the class of an RDS instance', () => {
  it('takes the place of the class on the ladder for the size', async () => {
    expect(await look(anInstance())).toEqual({
      kind: 'present',
      deployment: 'none',
      capacity: { desired: 2, running: 2, ready: 2, pending: 0 },
      limits: [],
    });
  });

  it('wants the class that is on its way, runs the old one, and holds both ways until it is there', async () => {
    const fake = anInstance();
    await resize(fake, 3);
    const detail = 'The instance orders is modifying and on its way from db.r6g.large to db.r6g.xlarge.';
    const limit = { size: 3, reason: 'resource-busy', detail };
    expect(await look(fake)).toMatchObject({
      capacity: { desired: 3, running: 2, ready: 2, pending: 1 },
      limits: [
        { direction: 'out', ...limit },
        { direction: 'in', ...limit },
      ],
    });
    Object.assign(fake.one('orders'), {
      DBInstanceStatus: 'available',
      DBInstanceClass: 'db.r6g.xlarge',
      PendingModifiedValues: {},
    });
    expect(await look(fake)).toMatchObject({
      capacity: { desired: 3, running: 3, ready: 3, pending: 0 },
      limits: [],
    });
  });

  it.each(['storage-full', 'incompatible-parameters', 'stopped'])(
    'serves nobody while it is %s',
    async (status) => {
      const fake = anInstance();
      fake.one('orders').DBInstanceStatus = status;
      expect(await look(fake)).toMatchObject({
        capacity: { desired: 2, running: 2, ready: 0, pending: 1 },
        limits: [{ reason: 'resource-busy', detail: `The instance orders is ${status}.` }, {}],
      });
    },
  );

  it('keeps to the class that runs while somebody goes to one that is not on the ladder', async () => {
    const fake = anInstance();
    fake.one('orders').PendingModifiedValues = { DBInstanceClass: 'db.x2g.large' };
    expect(await look(fake)).toMatchObject({ capacity: { desired: 2, running: 2, pending: 1 } });
  });

  it.each<[string, (fake: FakeRds) => void, string]>([
    [
      'a class that is not on the ladder',
      (fake) => Object.assign(fake.one('orders'), { DBInstanceClass: 'db.m5.large' }),
      'the class db.m5.large of the instance orders is not on the ladder (db.t4g.medium, db.r6g.large, db.r6g.xlarge): add it, or change the class by hand',
    ],
    [
      'an instance that is being deleted',
      (fake) => Object.assign(fake.one('orders'), { DBInstanceStatus: 'deleting' }),
      'the instance orders is being deleted',
    ],
    ['no instance', (fake) => fake.instances.pop(), 'there is no instance orders'],
  ])('has nothing to scale with %s', async (_case, prepare, detail) => {
    const fake = anInstance();
    prepare(fake);
    expect(await look(fake)).toEqual({ kind: 'missing', detail });
    await expect(resize(fake, 3)).rejects.toMatchObject({ code: 'target-missing', retryable: false });
    expect(fake.changes).toEqual([]);
  });

  it('reads every page', async () => {
    const fake = new FakeRds();
    const targets = Array.from({ length: 25 }, (_, n) => target(`i${n}`));
    for (const { instance } of targets) fake.add(instance);
    fake.pageSize = 4;
    const seen = await rdsInstanceClassTarget(fake.client()).describe(targets, NOW);
    expect([...seen.values()].filter(({ kind }) => kind === 'present')).toHaveLength(25);
  });
});

describe('changing the class of an RDS instance', () => {
  it('asks for the class of the rung at once, and once', async () => {
    const fake = anInstance();
    const { options } = await anAwsAccount([fake.service()]);
    const adapter = awsTargets(options)['rds-instance-class'];
    for (const _again of [1, 2, 3]) await adapter.resize(target(), anOrder(3, { from: 2 }));
    expect(fake.changes).toEqual(['modify orders db.r6g.xlarge now']);
  });

  it('applies now what somebody left for the next maintenance window', async () => {
    const fake = anInstance();
    fake.one('orders').PendingModifiedValues = { DBInstanceClass: 'db.r6g.xlarge' };
    await resize(fake, 3);
    expect(fake.changes).toEqual(['modify orders db.r6g.xlarge now']);
  });

  it.each<[string, (fake: FakeRds) => void, string]>([
    [
      'in this region',
      (fake) => Object.assign(fake, { orderable: {} }),
      'postgres 16.4 does not offer it in this region',
    ],
    [
      'in its zone',
      (fake) => Object.assign(fake.one('orders'), { AvailabilityZone: 'eu-central-1c' }),
      'postgres 16.4 does not offer it in eu-central-1c',
    ],
    [
      'for Multi-AZ',
      (fake) => {
        fake.one('orders').MultiAZ = true;
        fake.orderable = { 'db.r6g.xlarge': [{ MultiAZCapable: false }] };
      },
      'postgres 16.4 does not offer it for Multi-AZ instances',
    ],
  ])(
    'refuses a class that the engine does not offer %s, before it asks for it',
    async (_case, prepare, reason) => {
      const fake = anInstance();
      prepare(fake);
      await expect(resize(fake, 3)).rejects.toMatchObject({
        code: 'rejected',
        retryable: false,
        message: `could not change the class of orders to db.r6g.xlarge: ${reason}`,
      });
      expect(fake.changes).toEqual([]);
    },
  );

  it('finds an offer on a later page', async () => {
    const fake = anInstance();
    const elsewhere = Array.from({ length: 5 }, () => ({ AvailabilityZones: [{ Name: 'eu-central-1b' }] }));
    fake.orderable = { 'db.r6g.xlarge': [...elsewhere, { AvailabilityZones: [{ Name: 'eu-central-1a' }] }] };
    fake.pageSize = 2;
    await resize(fake, 3);
    expect(fake.changes).toHaveLength(1);
  });

  it('waits while the instance is busy', async () => {
    const fake = anInstance();
    fake.one('orders').DBInstanceStatus = 'backing-up';
    await expect(resize(fake, 3)).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: 'could not change the class of orders to db.r6g.xlarge: it is backing-up',
    });
  });

  it('refuses a rung that the ladder does not have', async () => {
    await expect(resize(anInstance(), 4)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('3 rungs, not 4'),
    });
  });

  it.each<[string, string, string, boolean]>([
    ['ModifyDBInstance', 'InvalidParameterCombination', 'rejected', false],
    ['ModifyDBInstance', 'InsufficientDBInstanceCapacity', 'unavailable', true],
    ['ModifyDBInstance', 'InvalidDBInstanceState', 'unavailable', true],
    ['ModifyDBInstance', 'DBInstanceNotFound', 'target-missing', false],
    ['DescribeOrderableDBInstanceOptions', 'AccessDenied', 'denied', false],
    ['DescribeDBInstances', 'InternalFailure', 'rejected', false],
  ])('names %s: %s for the caller', async (failing, name, code, retryable) => {
    const fake = anInstance();
    fake.onCall = (operation) => (operation === failing ? awsError(name, 'because') : undefined);
    await expect(resize(fake, 3)).rejects.toMatchObject({ code, retryable });
  });
});

describe('an instance with other changes pending', () => {
  const PendingModifiedValues = { EngineVersion: '17.2', ProcessorFeatures: [] };
  const why =
    'The instance orders has other changes pending (EngineVersion), which a change of its class would apply at once.';

  it('is held both ways, and its class is not changed', async () => {
    const fake = anInstance();
    Object.assign(fake.one('orders'), { PendingModifiedValues });
    expect(await look(fake)).toMatchObject({
      limits: ['out', 'in'].map((direction) => ({
        ...{ direction, size: 2, reason: 'resource-busy', detail: why },
      })),
    });
    await expect(resize(fake, 3)).rejects.toMatchObject({
      ...{ code: 'unavailable', retryable: true, message: expect.stringContaining('EngineVersion') },
    });
    expect(fake.changes).toEqual([]);
  });

  it('keeps them waiting when the change of its class is given up', async () => {
    const fake = anInstance();
    const pending = { ...PendingModifiedValues, DBInstanceClass: 'db.r6g.xlarge' };
    Object.assign(fake.one('orders'), { PendingModifiedValues: pending });
    expect(await rollBack(fake, 3)).toBe(`The change to db.r6g.xlarge was not taken back. ${why}`);
    expect(fake.changes).toEqual([]);
  });
});

describe('taking a failed change of class back', () => {
  it('asks for the class that runs, which clears the pending one', async () => {
    const fake = anInstance();
    fake.one('orders').PendingModifiedValues = { DBInstanceClass: 'db.r6g.xlarge' };
    expect(await rollBack(fake, 3)).toBe(
      'The change to db.r6g.xlarge was taken back: orders keeps db.r6g.large.',
    );
    expect(fake.changes).toEqual(['modify orders db.r6g.large now']);
    expect(await rollBack(fake, 3)).toBeNull();
    expect(await look(fake)).toMatchObject({ capacity: { desired: 2, running: 2, pending: 0 } });
  });

  it('is met again later while RDS carries the change out', async () => {
    const fake = anInstance();
    await resize(fake, 3);
    await expect(rollBack(fake, 3)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('leaves a class that has come through', async () => {
    const fake = anInstance();
    fake.one('orders').DBInstanceClass = 'db.r6g.xlarge';
    expect(await rollBack(fake, 3)).toBeNull();
    expect(fake.changes).toEqual([]);
  });

  it('says what to look at when RDS refuses for good', async () => {
    const fake = anInstance();
    fake.one('orders').PendingModifiedValues = { DBInstanceClass: 'db.r6g.xlarge' };
    fake.onCall = (operation) =>
      operation === 'ModifyDBInstance' ? awsError('InvalidParameterCombination', 'never') : undefined;
    expect(await rollBack(fake, 3)).toMatch(
      /could not be taken back .*never.* look at orders, which runs as db.r6g.large/,
    );
  });
});
