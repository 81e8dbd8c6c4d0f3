import { type Instant, plusSeconds } from '../../core/time.ts';
import type { Demand } from '../demand.ts';
import { type AccountIdentity, arnOf } from '../plant-event.ts';
import type { PlantMetrics } from '../plant-metrics.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { CacheData, type CacheRoom } from './cache-data.ts';
import { CacheMetrics, type NodeReading } from './cache-metrics.ts';
import type { GroupView } from './cache-views.ts';
import type { GroupPlan } from './group-plan.ts';
import { answering } from './shards.ts';
import { SimulatedGroup } from './simulated-group.ts';

/** Reads that a client has to ask again while slots move: it is sent from one shard to the other. */
const ANSWERED_WHILE_MIGRATING = 0.97;
/** Metrics are samples: one in ten seconds is enough for the mean of a minute. */
const SAMPLE_SECONDS = 10;
const SECONDS_A_MINUTE = 60;
const BYTES_A_GIB = 2 ** 30;

/** A replication group of the simulated account with its data and metrics. */
export class HostedGroup {
  readonly plan: GroupPlan;
  readonly group: SimulatedGroup;
  readonly data: CacheData;
  readonly #metrics: CacheMetrics;
  readonly #createdAt: Instant;

  constructor(
    plan: GroupPlan,
    { metrics, random }: { readonly metrics: PlantMetrics; readonly random: SeededRandom },
    start: Instant,
    demand: Demand,
  ) {
    const { keys, warmShare, usedMemoryShare, memoryGiB, shards } = plan;
    this.plan = plan;
    this.group = new SimulatedGroup({ ...plan, random });
    this.data = new CacheData({ keys, warmShare, bytes: usedMemoryShare * memoryGiB * BYTES_A_GIB * shards });
    this.#metrics = new CacheMetrics(metrics, plan.id);
    this.#createdAt = start;
    this.#metrics.begin(this.#readings(demand, this.data.hitRate(), 0), start);
  }

  /** Share (0..1) of the reads that are answered at an instant. */
  hitRate(now: Instant): number {
    if (this.group.isFailingOver(now)) return 0;
    return this.data.hitRate() * (this.group.isMigrating ? ANSWERED_WHILE_MIGRATING : 1);
  }

  /** The memory that holds data now. */
  room(): CacheRoom {
    return { shards: this.group.serving.length, memoryGiB: this.memoryOf(this.group.nodeType) };
  }

  /** Memory for data of a node of a type: twice as much with each rung. */
  memoryOf(nodeType: string): number {
    return this.plan.memoryGiB * this.#strength(nodeType);
  }

  /** Carries it through the second that ends at `end`. */
  step(demand: Demand, end: Instant): void {
    const hitRate = this.hitRate(end);
    // A miss in a failover brings nothing in: there is nobody to write to.
    const missed = this.group.isFailingOver(end) ? 0 : demand.reads * (1 - this.data.hitRate());
    const evicted = this.data.step(missed, this.room());
    if ((end / 1000) % SAMPLE_SECONDS === 0) {
      this.#metrics.record(this.#readings(demand, hitRate, evicted));
    }
    if ((end / 1000) % SECONDS_A_MINUTE === 0) this.#metrics.publish(plusSeconds(end, -SECONDS_A_MINUTE));
    this.group.advanceTo(end);
  }

  view(identity: AccountIdentity): GroupView {
    const { id, engine, clusterMode, multiAz } = this.plan;
    const { status, nodeType, slotMigrationPercent, pendingNodeType } = this.group;
    return {
      id,
      arn: arnOf(identity, 'elasticache', `replicationgroup:${id}`),
      engine,
      status,
      nodeType,
      clusterMode,
      multiAz,
      createdAt: this.#createdAt,
      shards: this.group.views(),
      slotMigrationPercent,
      pendingNodeType,
    };
  }

  #readings({ reads, writes, tasks }: Demand, hitRate: number, evicted: number): readonly NodeReading[] {
    const { serving } = this.group;
    const used = this.data.usedShare(this.room());
    const full = this.plan.readsPerNode * this.#strength(this.group.nodeType);
    return serving.flatMap((shard) => {
      const nodes = answering(shard);
      const asked = reads / serving.length / Math.max(1, nodes.length);
      return nodes.map((node) => ({
        id: node.id,
        role: node === shard.nodes[0] ? 'primary' : 'replica',
        cpu: Math.min(100, (100 * (asked + writes / serving.length)) / full),
        memory: Math.min(100, 100 * used * shard.skew),
        connections: tasks,
        hits: asked * hitRate,
        misses: asked * (1 - hitRate),
        evictions: evicted / serving.length,
      }));
    });
  }

  #strength(nodeType: string): number {
    const { ladder } = this.plan;
    const [from, to] = [ladder.indexOf(this.plan.nodeType), ladder.indexOf(nodeType)];
    return from < 0 || to < 0 ? 1 : 2 ** (to - from);
  }
}
