import { describe, expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { rdsReplicasTarget } from '../../../shared/adapters/aws/rds-replicas-target.ts';
import { RESOURCE_TAGS, targetId } from '../../../shared/core/target.ts';
import type { PresentResource } from '../../../shared/ports/capacity-target.ts';
import { type SeededRandom, seededRandom } from '../../../shared/simulation/seeded-random.ts';
import { A_RECORD, aReplicasTarget } from '../../support/a-replicas-target.ts';
import { TinyTraffic } from '../../support/a-traffic.ts';
import { anOrder } from '../../support/an-order.ts';
import { type Database, TinyRds } from '../../support/an-rds.ts';

const RUNS = 1_000;
/** Minutes with faults, and then as many as the slowest way takes: a stuck one to be drained, others to be made. */
const STORMY = 40;
const CALM = 40;

/** One run: a seeded mix of orders and faults over a source with replicas of ours and of others. */
class Run {
  readonly rds = new TinyRds();
  readonly traffic = new TinyTraffic();
  readonly random: SeededRandom;
  readonly target = aReplicasTarget({ endpoint: A_RECORD });
  readonly foreign: readonly string[];
  readonly adapter;
  size: number;
  resizes = 0;
  stormy = true;
  admittedUnready: string[] = [];

  constructor(seed: number) {
    this.random = seededRandom(seed, 'rds');
    const { rds } = this;
    rds.source('orders', { Engine: this.chance(0.5) ? 'postgres' : 'mysql' });
    rds.source('other');
    rds.replica('other-1', 'other');
    const count = this.below(3);
    this.foreign = Array.from({ length: count }, (_, index) => `by-hand-${index}`);
    for (const id of this.foreign) rds.replica(id, 'orders', { managed: false });
    if (this.chance(0.3)) rds.replica('kept', 'orders', { tags: { [RESOURCE_TAGS.protected]: 'true' } });
    for (let index = this.below(4); index > 0; index -= 1) rds.replica(`ours-${index}`, 'orders');
    this.size = rds.replicasOf('orders').length;
    const client = rds.client((operation, when, id) => this.fault(operation, when, id));
    this.traffic.fault = () => this.passing(0.03);
    this.adapter = rdsReplicasTarget({ client, metrics: rds, traffic: this.traffic });
    const { admit } = this.traffic;
    this.traffic.admit = (endpoint, units) => {
      this.admittedUnready.push(...units.map(({ unit }) => unit).filter((unit) => !this.fitsNow(unit)));
      return admit(endpoint, units);
    };
  }

  below = (limit: number): number => this.random.between(0, limit - 1);
  chance = (probability: number): boolean => this.random.between(1, 1000) <= 1000 * probability;

  passing(probability: number): Error | undefined {
    if (!this.stormy || !this.chance(probability)) return undefined;
    return this.chance(0.5)
      ? awsError('Throttling', 'Rate exceeded')
      : awsError('InternalFailure', 'lost', 500);
  }

  fault(operation: string, when: 'before' | 'after', _id: string): Error | undefined {
    if (this.stormy && operation === 'DeleteDBInstance' && when === 'before' && this.chance(0.4))
      return awsError('InvalidDBInstanceState', 'busy');
    return this.passing(operation.startsWith('Describe') ? 0.03 : 0.15);
  }

  /** The truth, not what the adapter thinks. */
  fitsNow(unit: string): boolean {
    const database = this.rds.databases.get(unit);
    if (database === undefined) return false;
    const { lag, instance } = database;
    const idle =
      instance.Engine === 'postgres' && (this.rds.wal ?? 1e9) < 1000 && lag !== undefined && lag <= 300;
    const caughtUp = lag !== undefined && lag >= 0 && (lag <= 30 || idle);
    return (
      instance.DBInstanceStatus === 'available' && caughtUp && !this.rds.tag(unit, RESOURCE_TAGS.leaving)
    );
  }

  least(): number {
    return this.rds.replicasOf('orders').filter(({ instance }) => {
      const id = instance.DBInstanceIdentifier ?? '';
      return !id.includes('plimsoll') && !id.startsWith('ours');
    }).length;
  }

  weather(): void {
    const { rds } = this;
    rds.stuck = this.stormy && this.chance(0.15);
    rds.wal = this.chance(0.5) ? 50 : 50_000;
    rds.full.clear();
    const crowded = this.stormy && this.chance(0.3) ? ['a', 'b', 'c'].filter(() => this.chance(0.7)) : [];
    for (const zone of crowded) rds.full.add(`db.r6g.large eu-central-1${zone}`);
    for (const database of rds.replicasOf('orders')) {
      if (database.instance.DBInstanceStatus === 'available') this.metricsOf(database);
    }
  }

  metricsOf(database: Database): void {
    const lags = [0, 0, 5, 40, 290, -1, undefined];
    const isLost = this.stormy && this.chance(0.1);
    database.lag = this.stormy ? lags[this.below(lags.length)] : 0;
    database.connections = isLost ? undefined : this.clientsOf(database.instance.DBInstanceIdentifier ?? '');
  }

  /** Clients leave only who is out of traffic, and some never do. */
  clientsOf(id: string): number {
    if (this.traffic.inTraffic.includes(id)) return 20 + this.below(80);
    return this.chance(0.3) ? this.below(6) : 20;
  }

  async minute(): Promise<void> {
    this.rds.advance(60);
    this.weather();
    if (this.stormy && this.chance(0.25)) {
      this.size = Math.max(this.least(), Math.min(15, this.below(8)));
      this.resizes += 1;
    }
    const before = this.rds.created.length;
    const staying = this.staying();
    const order = anOrder(this.size, { now: this.rds.now, resizeId: `resize-${this.resizes}` });
    const done = await this.adapter.resize(this.target, order).then(
      () => true,
      (error: { retryable?: boolean }) => {
        expect(error.retryable).toBe(true);
        return false;
      },
    );
    expect(this.rds.created.length - before).toBeLessThanOrEqual(Math.max(0, this.size - staying));
    expect(this.rds.replicasOf('orders').length).toBeLessThanOrEqual(15);
    if (done) expect(this.traffic.inTraffic.filter((unit) => !this.fitsNow(unit))).toEqual([]);
  }

  staying = (): number =>
    this.rds
      .replicasOf('orders')
      .filter(
        ({ instance }) =>
          instance.DBInstanceStatus !== 'deleting' &&
          !this.rds.tag(instance.DBInstanceIdentifier ?? '', RESOURCE_TAGS.leaving),
      ).length;

  async live(): Promise<PresentResource> {
    for (let minute = 0; minute < STORMY; minute += 1) await this.minute();
    this.stormy = false;
    // What never came up is for the operator, or for a scale-in; here somebody helps it.
    for (const database of this.rds.databases.values())
      if (database.instance.DBInstanceStatus === 'creating') database.until = this.rds.now;
    this.size = Math.max(this.least(), this.size);
    for (let minute = 0; minute < CALM; minute += 1) await this.minute();
    const seen = (await this.adapter.describe([this.target], this.rds.now)).get(targetId(this.target));
    if (seen?.kind !== 'present') throw new Error('not present');
    return seen;
  }

  /** Deletes of what we did not make, or that came too early. */
  wrongDeletes(): readonly string[] {
    return this.rds.deleted
      .filter(({ database, at }) => {
        const tag = (key: string) => database.instance.TagList?.find(({ Key }) => Key === key)?.Value;
        const ours = tag(RESOURCE_TAGS.managed) === 'true' && tag(RESOURCE_TAGS.protected) !== 'true';
        const source = database.instance.ReadReplicaSourceDBInstanceIdentifier === 'orders';
        const since = Date.parse(tag(RESOURCE_TAGS.leaving) ?? '');
        const { connections: most, drainSeconds } = this.target.leaving;
        const neverServed = database.instance.DBInstanceStatus === 'creating';
        const empty = (database.connections ?? Number.POSITIVE_INFINITY) <= most && at - since >= 60_000;
        return !(ours && source && (neverServed || empty || at - since >= drainSeconds * 1000));
      })
      .map(({ id }) => id);
  }
}

describe('read replicas among faults', () => {
  it(`deletes nothing wrongly, never makes too many, and comes to the size, in ${RUNS} runs`, async () => {
    const sums = { created: 0, deleted: 0, resizes: 0 };
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const run = new Run(seed);
      const { capacity, unfinished } = await run.live();
      const where = `seed ${seed}`;
      expect(run.wrongDeletes(), where).toEqual([]);
      expect(run.admittedUnready, where).toEqual([]);
      expect(
        run.foreign.filter((id) => !run.rds.databases.has(id)),
        where,
      ).toEqual([]);
      expect(run.rds.status('other-1'), where).toBe('available');
      expect({ capacity, unfinished }, where).toEqual({
        capacity: { desired: run.size, running: run.size, ready: run.size, pending: 0 },
        unfinished: null,
      });
      expect(run.traffic.inTraffic, where).toHaveLength(run.size);
      sums.created += run.rds.created.length;
      sums.deleted += run.rds.deleted.length;
      sums.resizes += run.resizes;
    }
    // The runs are worth something only if much happens in them.
    expect(sums.created).toBeGreaterThan(RUNS);
    expect(sums.deleted).toBeGreaterThan(RUNS);
    expect(sums.resizes).toBeGreaterThan(5 * RUNS);
  }, 180_000);
});
