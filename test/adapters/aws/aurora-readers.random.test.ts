import { expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { auroraReadersTarget } from '../../../shared/adapters/aws/aurora-readers-target.ts';
import type { MetricReading } from '../../../shared/core/capacity.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import { type AuroraReadersTarget, RESOURCE_TAGS, targetId } from '../../../shared/core/target.ts';
import { type Instant, plusSeconds } from '../../../shared/core/time.ts';
import { type SeededRandom, seededRandom } from '../../../shared/simulation/seeded-random.ts';
import { FakeRds } from '../../support/a-cluster.ts';
import { anOrder } from '../../support/an-order.ts';
import { NOW } from '../../support/now.ts';

const RUNS = 1_000;
const STEPS = 30;

const TARGET: AuroraReadersTarget = {
  kind: 'aurora-readers',
  cluster: 'shop',
  classes: ['db.r6g.large', 'db.r5.large'],
  zones: [],
  leaving: { connections: 2, drainSeconds: 240 },
};

const chance = (random: SeededRandom, percent: number): boolean => random.between(1, 100) <= percent;

const pick = <T>(random: SeededRandom, from: readonly T[]): T | undefined =>
  from[random.between(0, from.length - 1)];

/** A cluster that lives by itself: readers come up, clients come and go, failovers and hands of people meddle between any two calls. */
class Restless {
  readonly fake = FakeRds.cluster('shop', 2);
  readonly connections = new Map<string, number>();
  readonly wrongs: string[] = [];
  deletes = 0;
  failovers = 0;
  now: Instant = NOW;
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = seededRandom(seed, 'restless');
    if (chance(this.#random, 30)) this.fake.tag('shop-1', RESOURCE_TAGS.managed, 'true');
    this.fake.onCall = (operation, input) =>
      this.#meddle(operation, input as { DBInstanceIdentifier?: string });
  }

  #meddle(operation: string, { DBInstanceIdentifier: id = '' }: { DBInstanceIdentifier?: string }) {
    if (operation === 'DeleteDBInstance') return this.#judge(id);
    if (chance(this.#random, 6)) this.failOver();
    // Between the last description of the tags and the deletion stands one call; there the condition in IAM is what holds.
    if (operation !== 'DescribeDBClusters' && chance(this.#random, 3)) this.#takeOver();
    return chance(this.#random, 5) ? this.#fault(operation) : undefined;
  }

  /** Whoever can be the writer next becomes it; some of the time the cluster says for a while that it fails over. */
  failOver(): void {
    const next = pick(
      this.#random,
      this.fake.instances.filter(({ DBInstanceStatus }) => DBInstanceStatus === 'available'),
    );
    if (next?.DBInstanceIdentifier === undefined) return;
    this.failovers += 1;
    this.fake.makeWriter(next.DBInstanceIdentifier);
    Object.assign(this.fake.clusters[0] ?? {}, {
      Status: chance(this.#random, 50) ? 'failing-over' : 'available',
    });
  }

  /** A person protects a reader, or takes it over for good. */
  #takeOver(): void {
    const id = pick(this.#random, this.fake.instances)?.DBInstanceIdentifier;
    if (id === undefined) return;
    if (chance(this.#random, 50)) this.fake.tag(id, RESOURCE_TAGS.protected, 'true');
    else this.fake.tag(id, RESOURCE_TAGS.managed, 'false');
  }

  #fault(operation: string) {
    const isCreating = operation === 'CreateDBInstance' && chance(this.#random, 60);
    return isCreating
      ? awsError('InsufficientDBInstanceCapacity', 'no capacity')
      : awsError('InternalFailure', 'a bad moment', 500);
  }

  /** AWS has no conditional delete: what is judged is what the last description could tell. */
  #judge(id: string) {
    this.deletes += 1;
    const since = Date.parse(this.fake.tagged(id, RESOURCE_TAGS.leaving) ?? '');
    const connections = this.connections.get(id) ?? 0;
    const isServing = this.fake.one(id).DBInstanceStatus === 'available';
    const isEarly = isServing && (this.now - since) / 1000 < TARGET.leaving.drainSeconds;
    if (this.fake.writerOf('shop') === id) this.wrongs.push(`deleted the writer ${id}`);
    if (this.fake.tagged(id, RESOURCE_TAGS.managed) !== 'true') this.wrongs.push(`deleted ${id}, not ours`);
    if (this.fake.tagged(id, RESOURCE_TAGS.protected) === 'true')
      this.wrongs.push(`deleted ${id}, protected`);
    if (isEarly && connections > TARGET.leaving.connections)
      this.wrongs.push(`deleted ${id} with ${connections} connections`);
    return chance(this.#random, 20) ? awsError('InvalidDBInstanceState', 'backing up') : undefined;
  }

  pass(): void {
    this.now = plusSeconds(this.now, 60);
    if (chance(this.#random, 60)) this.fake.settle();
    if (chance(this.#random, 60)) Object.assign(this.fake.clusters[0] ?? {}, { Status: 'available' });
    for (const { DBInstanceIdentifier = '' } of this.fake.instances)
      this.connections.set(DBInstanceIdentifier, chance(this.#random, 40) ? 0 : this.#random.between(0, 90));
  }

  adapter() {
    return auroraReadersTarget({
      client: this.fake.client(),
      metrics: {
        read: async (requests, now) =>
          new Map(
            requests.map(({ key }): [string, MetricReading] => {
              const value = this.connections.get(key);
              return value === undefined || chance(this.#random, 10)
                ? [key, { kind: 'missing', reason: 'no-data', detail: 'no datapoint' }]
                : [key, { kind: 'value', value, at: now }];
            }),
          ),
      },
    });
  }
}

/** One life of a cluster under orders that change their mind. */
async function live(seed: number): Promise<Restless> {
  const world = new Restless(seed);
  const random = seededRandom(seed, 'orders');
  const adapter = world.adapter();
  let size = 2;
  let resizeId = 'resize-0';
  for (let step = 1; step <= STEPS; step += 1) {
    if (chance(random, 40)) {
      size = random.between(0, 6);
      resizeId = `resize-${seed}-${step}`;
    }
    await adapter.describe([TARGET], world.now).catch(passing);
    await adapter.resize(TARGET, anOrder(size, { resizeId, now: world.now })).catch(passing);
    if (world.fake.instances.length > 16) world.wrongs.push('more than 15 readers');
    world.pass();
  }
  return world;
}

function passing(error: unknown): void {
  if (!(error instanceof ControllerError)) throw error;
}

it(`deletes neither the writer nor what Plimsoll did not make, over ${RUNS} lives with failovers at any call`, async () => {
  let deletes = 0;
  let failovers = 0;
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const world = await live(seed);
    expect({ seed, wrongs: world.wrongs }).toEqual({ seed, wrongs: [] });
    deletes += world.deletes;
    failovers += world.failovers;
  }
  // A run in which nothing happens proves nothing.
  expect(deletes).toBeGreaterThan(RUNS);
  expect(failovers).toBeGreaterThan(RUNS);
}, 60_000);

it('comes to the size that was asked for once the cluster is left alone', async () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const world = await live(seed);
    const { fake } = world;
    fake.onCall = () => undefined;
    Object.assign(fake.clusters[0] ?? {}, { Status: 'available' });
    const adapter = auroraReadersTarget({ client: fake.client(), metrics: { read: async () => new Map() } });
    for (let look = 0; look < 12; look += 1) {
      fake.settle();
      world.now = plusSeconds(world.now, 60);
      await adapter.resize(TARGET, anOrder(9, { resizeId: 'the-last', now: world.now })).catch(passing);
    }
    fake.settle();
    const seen = (await adapter.describe([TARGET], world.now)).get(targetId(TARGET));
    expect({ seed, seen }).toMatchObject({
      seed,
      seen: { kind: 'present', capacity: { desired: 9, running: 9, pending: 0 }, unfinished: null },
    });
  }
});
