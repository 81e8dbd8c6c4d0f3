import * as rds from '@aws-sdk/client-rds';
import { describe, expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { auroraReadersTarget } from '../../../shared/adapters/aws/aurora-readers-target.ts';
import { awsTargets } from '../../../shared/adapters/aws/targets.ts';
import { type AuroraReadersTarget, RESOURCE_TAGS, targetId } from '../../../shared/core/target.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import type { Observation, PresentResource } from '../../../shared/ports/capacity-target.ts';
import { FakeRds, instanceReadings } from '../../support/a-cluster.ts';
import { anOrder } from '../../support/an-order.ts';
import { anAwsAccount } from '../../support/aws-account.ts';
import { NOW } from '../../support/now.ts';

const { managed, protected: isProtected, leaving } = RESOURCE_TAGS;

const target = (overrides: Partial<AuroraReadersTarget> = {}): AuroraReadersTarget => ({
  kind: 'aurora-readers',
  cluster: 'shop',
  classes: [],
  zones: [],
  leaving: { connections: 2, drainSeconds: 300 },
  ...overrides,
});

const adapterOver = (fake: FakeRds, values: Parameters<typeof instanceReadings>[0] = {}) =>
  auroraReadersTarget({ client: fake.client(), metrics: instanceReadings(values) });

const look = async (fake: FakeRds, of = target(), at = NOW): Promise<Observation | undefined> =>
  (await adapterOver(fake).describe([of], at)).get(targetId(of));

const present = async (fake: FakeRds): Promise<PresentResource> => {
  const seen = await look(fake);
  if (seen?.kind !== 'present') throw new Error(`not present: ${JSON.stringify(seen)}`);
  return seen;
};

/** A cluster whose readers `shop-1` … Plimsoll made. */
const ours = (readers: number): FakeRds => {
  const fake = FakeRds.cluster('shop', readers);
  for (let n = 1; n <= readers; n += 1) fake.tag(`shop-${n}`, managed, 'true');
  return fake;
};

const minutesAgo = (minutes: number): string => new Date(plusSeconds(NOW, -60 * minutes)).toISOString();

describe('looking at the readers of an Aurora cluster', () => {
  it('counts readers by what they do, and never the writer', async () => {
    const fake = FakeRds.cluster('shop', 3);
    fake.one('shop-2').DBInstanceStatus = 'creating';
    fake.one('shop-3').DBInstanceStatus = 'rebooting';
    expect((await present(fake)).capacity).toEqual({ desired: 3, running: 2, ready: 1, pending: 1 });
  });

  it('counts neither who is on its way out nor who is being deleted, and says the one is unfinished', async () => {
    const fake = ours(4);
    fake.tag('shop-2', leaving, minutesAgo(1));
    fake.one('shop-3').DBInstanceStatus = 'deleting';
    const { capacity, unfinished, units, limits } = await present(fake);
    expect(capacity).toEqual({ desired: 2, running: 2, ready: 2, pending: 0 });
    expect(unfinished).toBe('On its way out: shop-2.');
    expect(units?.map(({ id, deleting }) => `${id} ${deleting}`)).toEqual([
      'shop-1 false',
      'shop-2 true',
      'shop-3 true',
      'shop-4 false',
    ]);
    expect(limits).toEqual([
      {
        direction: 'out',
        size: 14,
        reason: 'resource-limit',
        detail:
          'An Aurora cluster takes 15 readers; shop has 4, and 1 of them are being deleted or have failed.',
      },
      {
        direction: 'in',
        size: 2,
        reason: 'resource-busy',
        detail: 'On its way out and still serving: shop-2. What the others carry is seen when it is gone.',
      },
    ]);
  });

  it('tells each reader apart, with its age', async () => {
    const fake = FakeRds.cluster('shop', 1);
    fake.one('shop-1').DBInstanceStatus = 'incompatible-network';
    const { capacity, units } = await present(fake);
    expect(capacity).toEqual({ desired: 0, running: 0, ready: 0, pending: 0 });
    expect(units).toMatchObject([{ id: 'shop-1', phase: 'failed', ready: false, startedSecondsAgo: 3600 }]);
  });

  it('lets a size shrink only by the readers that Plimsoll made and that are not protected', async () => {
    const fake = ours(4);
    fake.tag('shop-1', managed, 'false');
    fake.tag('shop-2', isProtected, 'true');
    expect((await present(fake)).limits?.find(({ direction }) => direction === 'in')).toEqual({
      direction: 'in',
      size: 2,
      reason: 'resource-limit',
      detail: '2 of the 4 readers of shop were created by Plimsoll and are not protected: the others stay.',
    });
  });

  it.each<[string, (fake: FakeRds) => void, RegExp]>([
    [
      'the cluster fails over',
      (fake) => Object.assign(fake.clusters[0] ?? {}, { Status: 'failing-over' }),
      /failing over/,
    ],
    [
      'the cluster is stopped',
      (fake) => Object.assign(fake.clusters[0] ?? {}, { Status: 'stopped' }),
      /is stopped/,
    ],
    ['there is no writer', (fake) => fake.makeWriter('shop-1-and-nobody'), /single writer/],
    [
      'there are two writers',
      (fake) => {
        for (const member of fake.clusters[0]?.DBClusterMembers ?? []) member.IsClusterWriter = true;
      },
      /single writer/,
    ],
    [
      'the writer is not available',
      (fake) => Object.assign(fake.one('shop-w'), { DBInstanceStatus: 'rebooting' }),
      /writer shop-w .* is rebooting/,
    ],
  ])('holds both ways while %s', async (_case, prepare, detail) => {
    const fake = ours(2);
    prepare(fake);
    if (_case === 'there is no writer')
      for (const member of fake.clusters[0]?.DBClusterMembers ?? []) member.IsClusterWriter = false;
    const { limits, capacity } = await present(fake);
    expect(limits).toEqual(
      (['out', 'in'] as const).map((direction) => ({
        direction,
        size: capacity.desired,
        reason: 'resource-busy',
        detail: expect.stringMatching(detail),
      })),
    );
    const changes = fake.changes.length;
    for (const size of [1, 3]) {
      await expect(adapterOver(fake).resize(target(), anOrder(size))).rejects.toMatchObject({
        code: 'unavailable',
        retryable: true,
      });
    }
    expect(fake.changes).toHaveLength(changes);
  });

  it.each<[Partial<rds.DBCluster>, RegExp]>([
    [{ EngineMode: 'serverless' }, /Serverless v1 .* it has no readers/],
    [{ EngineMode: 'multimaster' }, /multi-master/],
    [{ Engine: 'postgres' }, /Multi-AZ DB cluster .* exactly two readers/],
    [{ Engine: 'neptune' }, /no Aurora cluster \(engine neptune\)/],
    [{ Status: 'deleting' }, /is being deleted/],
  ])('has nothing to scale in a cluster with %j', async (cluster, detail) => {
    const fake = FakeRds.cluster('shop', 2);
    Object.assign(fake.clusters[0] ?? {}, cluster);
    expect(await look(fake)).toEqual({ kind: 'missing', detail: expect.stringMatching(detail) });
    await expect(adapterOver(fake).resize(target(), anOrder(3))).rejects.toMatchObject({
      code: 'target-missing',
    });
  });

  it('reads every page of clusters and of instances', async () => {
    const fake = new FakeRds();
    const targets = Array.from({ length: 7 }, (_, n) => target({ cluster: `c${n}` }));
    for (const { cluster } of targets) {
      fake.addCluster({ DBClusterIdentifier: cluster });
      fake.add(`${cluster}-w`, { DBClusterIdentifier: cluster }, true);
      for (const n of [1, 2, 3]) fake.add(`${cluster}-${n}`, { DBClusterIdentifier: cluster });
    }
    fake.pageSize = 3;
    const seen = await adapterOver(fake).describe(targets, NOW);
    expect([...seen.values()].map((one) => (one.kind === 'present' ? one.capacity.ready : one.kind))).toEqual(
      Array.from({ length: 7 }, () => 3),
    );
  });

  it('finds the one that may not be described, and sees the others', async () => {
    const fake = ours(1);
    fake.addCluster({ DBClusterIdentifier: 'secret' });
    fake.onCall = (_operation, input) =>
      JSON.stringify(input).includes('secret') ? awsError('AccessDenied', 'not yours', 403) : undefined;
    const [shop, secret] = [target(), target({ cluster: 'secret' })];
    const seen = await adapterOver(fake).describe([shop, secret], NOW);
    expect(seen.get(targetId(shop))).toMatchObject({ kind: 'present' });
    expect(seen.get(targetId(secret))).toMatchObject({ kind: 'unknown', error: { code: 'denied' } });
  });

  it('knows a cluster whatever case its name is written in', async () => {
    expect(await look(FakeRds.cluster('shop', 1), target({ cluster: 'Shop' }))).toMatchObject({
      kind: 'missing',
    });
    const fake = FakeRds.cluster('shop', 1);
    fake.onCall = () => undefined;
    const { handlers } = fake;
    Object.assign(handlers, {
      DescribeDBInstances: () => ({ DBInstances: fake.instances }),
      DescribeDBClusters: () => ({ DBClusters: fake.clusters }),
    });
    expect(await look(fake, target({ cluster: 'Shop' }))).toMatchObject({ kind: 'present' });
  });
});

describe('adding readers to an Aurora cluster', () => {
  it('creates readers like the writer, last in line for a failover, spread over the zones', async () => {
    const fake = FakeRds.cluster('shop', 1);
    const inputs: object[] = [];
    fake.onCall = (operation, input) => {
      if (operation === 'CreateDBInstance') inputs.push(input);
      return undefined;
    };
    const { options } = await anAwsAccount([fake.service()]);
    await awsTargets(options)['aurora-readers'].resize(target(), anOrder(3, { from: 1 }));
    expect(fake.changes).toEqual([
      'create shop-plimsoll-88acbacf-1 db.r6g.large eu-central-1b',
      'create shop-plimsoll-88acbacf-2 db.r6g.large eu-central-1c',
    ]);
    expect(inputs[0]).toEqual({
      DBInstanceIdentifier: 'shop-plimsoll-88acbacf-1',
      DBClusterIdentifier: 'shop',
      Engine: 'aurora-postgresql',
      DBInstanceClass: 'db.r6g.large',
      PromotionTier: 15,
      AvailabilityZone: 'eu-central-1b',
      DBParameterGroupName: 'shop-parameters',
      Tags: [
        { Key: 'plimsoll:managed', Value: 'true' },
        { Key: 'plimsoll:policy', Value: 'web' },
        { Key: 'plimsoll:resize', Value: 'resize-1' },
      ],
    });
  });

  it('makes none twice, whether they are seen already or not', async () => {
    const fake = FakeRds.cluster('shop', 1);
    const order = anOrder(3, { from: 1 });
    await adapterOver(fake).resize(target(), order);
    const made = fake.changes.length;
    await adapterOver(fake).resize(target(), order);
    const hidden = fake.instances.splice(2);
    // The description is older than the calls: RDS knows the names all the same.
    fake.onCall = (operation) =>
      operation === 'CreateDBInstance'
        ? new rds.DBInstanceAlreadyExistsFault({ message: 'exists', $metadata: {} })
        : undefined;
    await adapterOver(fake).resize(target(), order);
    fake.instances.push(...hidden);
    expect(fake.changes).toHaveLength(made);
    expect((await present(fake)).capacity.desired).toBe(3);
  });

  it('goes on where a try broke off', async () => {
    const fake = FakeRds.cluster('shop', 0);
    let calls = 0;
    fake.onCall = (operation) => {
      calls += operation === 'CreateDBInstance' ? 1 : 0;
      return operation === 'CreateDBInstance' && calls === 2
        ? awsError('InternalFailure', 'a bad moment', 500)
        : undefined;
    };
    const order = anOrder(3, { from: 0 });
    await expect(adapterOver(fake).resize(target(), order)).rejects.toMatchObject({ retryable: true });
    await adapterOver(fake).resize(target(), order);
    expect(fake.instances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier?.slice(-2))).toEqual([
      '-w',
      '-1',
      '-2',
      '-3',
    ]);
  });

  it('takes the next zone, and then the next class, where there is no room', async () => {
    const fake = FakeRds.cluster('shop', 0);
    for (const zone of ['a', 'b']) fake.full.add(`db.r6g.large eu-central-1${zone}`);
    const of = target({
      classes: ['db.r6g.large', 'db.r5.large'],
      zones: ['eu-central-1a', 'eu-central-1b'],
    });
    await adapterOver(fake).resize(of, anOrder(1, { from: 0 }));
    expect(fake.changes).toEqual(['create shop-plimsoll-88acbacf-1 db.r5.large eu-central-1b']);
  });

  it('says which classes and zones have no room, and may try again later', async () => {
    const fake = FakeRds.cluster('shop', 0);
    fake.full.add('db.r6g.large eu-central-1a');
    await expect(
      adapterOver(fake).resize(target({ zones: ['eu-central-1a'] }), anOrder(1)),
    ).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message:
        'could not create the reader shop-plimsoll-88acbacf-1 of the cluster shop: AWS has no capacity for db.r6g.large in eu-central-1a now',
    });
  });

  it('leaves out zones in which the cluster has no subnet', async () => {
    const fake = FakeRds.cluster('shop', 0);
    const zones = ['eu-central-1a', 'eu-central-1c'];
    fake.one('shop-w').DBSubnetGroup = {
      Subnets: zones.map((Name) => ({ SubnetAvailabilityZone: { Name } })),
    };
    await adapterOver(fake).resize(target(), anOrder(2, { from: 0 }));
    expect(fake.changes.map((line) => line.slice(-1))).toEqual(['c', 'a']);
  });

  it('leaves the zone to AWS where none is known', async () => {
    const fake = FakeRds.cluster('shop', 0);
    Object.assign(fake.clusters[0] ?? {}, { AvailabilityZones: [] });
    await adapterOver(fake).resize(target(), anOrder(1, { from: 0 }));
    expect(fake.changes).toEqual(['create shop-plimsoll-88acbacf-1 db.r6g.large undefined']);
  });

  it('cuts a long name to the 63 characters of an identifier', async () => {
    const cluster = `${'a-'.repeat(31)}b`;
    const fake = FakeRds.cluster(cluster, 0);
    await adapterOver(fake).resize(target({ cluster }), anOrder(1, { from: 0 }));
    const made = fake.instances[1]?.DBInstanceIdentifier ?? '';
    expect(made.length).toBeLessThanOrEqual(63);
    expect(made).not.toContain('--');
    expect(made).toMatch(/-plimsoll-88acbacf-1$/);
  });

  it('keeps readers that were about to go before it creates new ones, the youngest mark first', async () => {
    const fake = ours(3);
    fake.tag('shop-1', leaving, minutesAgo(3));
    fake.tag('shop-2', leaving, minutesAgo(1));
    await adapterOver(fake).resize(target(), anOrder(2, { from: 1 }));
    expect(fake.changes).toEqual([`untag shop-2 ${leaving}`]);
    await adapterOver(fake).resize(target(), anOrder(4, { from: 2 }));
    expect(fake.changes.slice(1)).toEqual([
      `untag shop-1 ${leaving}`,
      'create shop-plimsoll-88acbacf-1 db.r6g.large eu-central-1b',
    ]);
  });
});

describe('taking readers away from an Aurora cluster', () => {
  it('marks the least used of ours, those that serve nobody yet first, and deletes none at once', async () => {
    const fake = ours(4);
    fake.one('shop-3').DBInstanceStatus = 'creating';
    const used = { 'DatabaseConnections shop-1': 40, 'DatabaseConnections shop-4': 7 };
    await adapterOver(fake, used).resize(target(), anOrder(2, { from: 4 }));
    expect(fake.changes).toEqual([`tag shop-3 ${leaving}`, `tag shop-4 ${leaving}`]);
    expect(fake.tagged('shop-4', leaving)).toBe(new Date(NOW).toISOString());
    // RDS deletes none that it is still creating: asked again, it refuses, and no other is marked instead.
    await expect(adapterOver(fake, used).resize(target(), anOrder(2, { from: 4 }))).rejects.toMatchObject({
      message: expect.stringContaining('could not delete the reader shop-3'),
      retryable: true,
    });
    expect(fake.changes).toHaveLength(2);
  });

  it('refuses before the first mark what would need a reader that Plimsoll did not make', async () => {
    const fake = ours(3);
    fake.tag('shop-1', managed, 'false');
    fake.tag('shop-2', isProtected, 'true');
    await expect(adapterOver(fake).resize(target(), anOrder(1, { from: 3 }))).rejects.toMatchObject({
      code: 'rejected',
      retryable: false,
      message: expect.stringContaining('only 1 of its readers were created by Plimsoll'),
    });
    expect(fake.changes).toEqual([]);
  });

  it.each<[string, number | readonly [number, typeof NOW] | undefined, number, boolean]>([
    ['its clients have left', 2, 1, true],
    ['it has more clients than the limit', 3, 1, false],
    ['the count is older than the mark', [0, plusSeconds(NOW, -120)], 1, false],
    ['nobody knows its clients', undefined, 1, false],
    ['nobody knows its clients, but the drain time is over', undefined, 5, true],
    ['it has clients, but the drain time is over', 90, 5, true],
  ])('of a reader on its way out: %s', async (_case, connections, minutes, isDeleted) => {
    const fake = ours(2);
    fake.tag('shop-1', leaving, minutesAgo(minutes));
    const values = connections === undefined ? {} : { 'DatabaseConnections shop-1': connections };
    await adapterOver(fake, values).resize(target(), anOrder(1, { from: 1 }));
    expect(fake.changes).toEqual(isDeleted ? ['delete shop-1'] : []);
  });

  it('replaces a reader of ours that will never serve, and lets that of somebody else be', async () => {
    const fake = ours(3);
    for (const id of ['shop-1', 'shop-2']) fake.one(id).DBInstanceStatus = 'incompatible-network';
    fake.tag('shop-2', managed, 'false');
    fake.one('shop-3').DeletionProtection = true;
    expect(await present(fake)).toMatchObject({
      capacity: { desired: 1, running: 1, pending: 0 },
      unfinished: 'On its way out: shop-1.',
      limits: [
        { direction: 'out', size: 13 },
        { direction: 'in', size: 1 },
      ],
    });
    await adapterOver(fake).resize(target(), anOrder(2, { from: 1 }));
    expect(fake.changes).toEqual([
      'create shop-plimsoll-88acbacf-1 db.r6g.large eu-central-1b',
      'delete shop-1',
    ]);
  });

  it('does not take the minute of a failover, which cuts every connection, for clients that have left', async () => {
    const fake = ours(2);
    fake.tag('shop-1', leaving, minutesAgo(3));
    const at = plusSeconds(NOW, -60);
    const before = [{ at: plusSeconds(NOW, -120), value: 90 }];
    const adapter = (earlier: typeof before) =>
      auroraReadersTarget({
        client: fake.client(),
        metrics: {
          read: async (requests) =>
            new Map(requests.map(({ key }) => [key, { kind: 'value', value: 0, at, earlier }])),
        },
      });
    await adapter(before).resize(target(), anOrder(1, { from: 1 }));
    expect(fake.changes).toEqual([]);
    await adapter([{ at: plusSeconds(NOW, -120), value: 0 }]).resize(target(), anOrder(1, { from: 1 }));
    expect(fake.changes).toEqual(['delete shop-1']);
  });

  it('gives one in a state that nobody knows its drain time', async () => {
    const fake = ours(2);
    fake.tag('shop-1', leaving, minutesAgo(1));
    fake.one('shop-1').DBInstanceStatus = 'configuring-something-new';
    await adapterOver(fake, { 'DatabaseConnections shop-1': 90 }).resize(target(), anOrder(1, { from: 1 }));
    expect(fake.changes).toEqual([]);
  });

  it('neither marks nor adds one when it only carries on what is left', async () => {
    const fake = ours(2);
    await adapterOver(fake).resize(target(), anOrder(1, { from: 1, keepsSize: true }));
    await adapterOver(fake).resize(target(), anOrder(3, { from: 3, keepsSize: true }));
    expect(fake.changes).toEqual([]);
  });

  it('takes a mark that nobody can read for one that was just made', async () => {
    const fake = ours(2);
    fake.tag('shop-1', leaving, 'yesterday');
    await adapterOver(fake).resize(target(), anOrder(1, { from: 1 }));
    expect(fake.changes).toEqual([]);
    expect((await present(fake)).unfinished).toBe('On its way out: shop-1.');
  });

  it('takes the mark off a reader that a failover made the writer, and deletes it not', async () => {
    const fake = ours(2);
    fake.tag('shop-1', leaving, minutesAgo(9));
    fake.makeWriter('shop-1');
    expect((await present(fake)).unfinished).toContain('shop-1 was on its way out and is the writer now');
    await adapterOver(fake).resize(target(), anOrder(2, { from: 2 }));
    expect(fake.changes).toEqual([`untag shop-1 ${leaving}`]);
  });

  it.each<[string, (fake: FakeRds) => void, readonly string[]]>([
    ['was promoted', (fake) => fake.makeWriter('shop-1'), [`untag shop-1 ${leaving}`]],
    ['is no longer ours', (fake) => fake.tag('shop-1', managed, 'false'), [`untag shop-1 ${leaving}`]],
    ['was protected', (fake) => fake.tag('shop-1', isProtected, 'true'), [`untag shop-1 ${leaving}`]],
    ['is being deleted', (fake) => Object.assign(fake.one('shop-1'), { DBInstanceStatus: 'deleting' }), []],
    [
      'begins to serve',
      (fake) => {
        Object.assign(fake.one('shop-1'), { DBInstanceStatus: 'available' });
        fake.tag('shop-1', leaving, minutesAgo(1));
      },
      [],
    ],
    ['is to stay after all', (fake) => Object.assign(fake.one('shop-1'), { TagList: [] }), []],
  ])(
    'looks once more before it deletes: a reader that %s meanwhile stays',
    async (_case, meanwhile, changes) => {
      const fake = ours(2);
      fake.tag('shop-1', leaving, minutesAgo(9));
      if (_case === 'begins to serve') fake.one('shop-1').DBInstanceStatus = 'creating';
      let looks = 0;
      fake.onCall = (operation) => {
        looks += operation === 'DescribeDBInstances' ? 1 : 0;
        if (looks === 2) meanwhile(fake);
        return undefined;
      };
      await adapterOver(fake).resize(target(), anOrder(1, { from: 1 }));
      expect(fake.changes.filter((line) => !line.startsWith('tag'))).toEqual(changes);
    },
  );

  it('deletes nothing in a cluster that begins to fail over, and asks again later', async () => {
    const fake = ours(2);
    fake.tag('shop-1', leaving, minutesAgo(9));
    let looks = 0;
    fake.onCall = (operation) => {
      looks += operation === 'DescribeDBInstances' ? 1 : 0;
      if (looks === 2) Object.assign(fake.clusters[0] ?? {}, { Status: 'failing-over' });
      return undefined;
    };
    await expect(adapterOver(fake).resize(target(), anOrder(1, { from: 1 }))).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
    expect(fake.changes).toEqual([]);
  });

  it('tries a refused deletion again, and does not keep the others for it', async () => {
    const fake = ours(3);
    for (const id of ['shop-1', 'shop-2']) fake.tag(id, leaving, minutesAgo(9));
    let refused = 0;
    fake.onCall = (operation, input) => {
      if (operation !== 'DeleteDBInstance' || !JSON.stringify(input).includes('shop-1')) return undefined;
      refused += 1;
      return refused === 1
        ? new rds.InvalidDBInstanceStateFault({ message: 'backing up', $metadata: {} })
        : undefined;
    };
    const order = anOrder(1, { from: 1 });
    await expect(adapterOver(fake).resize(target(), order)).rejects.toMatchObject({ retryable: true });
    expect(fake.changes).toEqual(['delete shop-2']);
    expect((await present(fake)).unfinished).toBe('On its way out: shop-1.');
    await adapterOver(fake).resize(target(), order);
    expect(fake.changes).toEqual(['delete shop-2', 'delete shop-1']);
  });

  it.each(['AddTagsToResource', 'RemoveTagsFromResource', 'CreateDBInstance'])(
    'names a fault of %s for the caller',
    async (failing) => {
      const fake = ours(3);
      fake.tag('shop-1', leaving, minutesAgo(1));
      fake.onCall = (operation) =>
        operation === failing ? awsError('AccessDenied', 'not allowed', 403) : undefined;
      const size = failing === 'AddTagsToResource' ? 1 : failing === 'CreateDBInstance' ? 4 : 3;
      await expect(adapterOver(fake).resize(target(), anOrder(size))).rejects.toMatchObject({
        code: 'denied',
      });
    },
  );
});
