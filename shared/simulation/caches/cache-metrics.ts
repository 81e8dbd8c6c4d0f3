import { type Instant, plusSeconds } from '../../core/time.ts';
import type { MetricSeries } from '../metric-series.ts';
import type { PlantMetrics } from '../plant-metrics.ts';

const NAMESPACE = 'AWS/ElastiCache';
const SECONDS_A_MINUTE = 60;

/** What one node did in a second. */
export interface NodeReading {
  readonly id: string;
  readonly role: 'primary' | 'replica';
  /** Percent. */
  readonly cpu: number;
  /** Percent of the memory for data. */
  readonly memory: number;
  readonly connections: number;
  /** Reads a second that were answered, and that were not. */
  readonly hits: number;
  readonly misses: number;
  /** Keys a second that had to go for want of memory. */
  readonly evictions: number;
}

type Values = Readonly<Record<string, number | null>>;

/**
 * The metrics of one replication group: of each node by `CacheClusterId`, alone and with `CacheNodeId`, and over all nodes of a
 * role by `ReplicationGroupId` and `Role`, as those that Application Auto Scaling follows.
 * Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html
 */
export class CacheMetrics {
  readonly #metrics: PlantMetrics;
  readonly #groupId: string;
  readonly #series = new Map<string, MetricSeries>();

  constructor(metrics: PlantMetrics, groupId: string) {
    this.#metrics = metrics;
    this.#groupId = groupId;
  }

  /** Takes what every node that answers did in a second. `isFirst`: it has been so all the time before. */
  record(nodes: readonly NodeReading[], now: Instant, isFirst = false): void {
    for (const node of nodes) {
      this.#put(node.id, nodeDimensions(node.id), valuesOf([node]), now, isFirst);
    }
    const group = { ReplicationGroupId: this.#groupId };
    for (const [role, dimension] of [
      ['primary', 'Primary'],
      ['replica', 'Replica'],
    ] as const) {
      const ofRole = nodes.filter((node) => node.role === role);
      if (ofRole.length > 0) {
        this.#put(dimension, [{ ...group, Role: dimension }], valuesOf(ofRole), now, isFirst);
      }
    }
    if (nodes.length > 0) this.#put('', [group], valuesOf(nodes), now, isFirst);
  }

  #put(
    owner: string,
    dimensions: readonly Readonly<Record<string, string>>[],
    values: Values,
    now: Instant,
    isFirst: boolean,
  ): void {
    for (const [name, value] of Object.entries(values)) {
      const key = `${owner}\n${name}`;
      let series = this.#series.get(key);
      if (series === undefined) {
        const names = dimensions.map((each) => ({ namespace: NAMESPACE, name, dimensions: each }));
        // The second that ends now belongs to the minute in which it began.
        series = this.#metrics.open(names, plusSeconds(now, isFirst ? 0 : -1), isFirst ? value : null);
        this.#series.set(key, series);
      }
      if (!isFirst) series.record(value);
    }
  }
}

const nodeDimensions = (id: string): readonly Readonly<Record<string, string>>[] => [
  { CacheClusterId: id },
  { CacheClusterId: id, CacheNodeId: '0001' },
];

/** Means over nodes; counts are of a whole minute, so that their sum over a minute is right. */
function valuesOf(nodes: readonly NodeReading[]): Values {
  const mean = (value: (node: NodeReading) => number): number =>
    nodes.reduce((sum, node) => sum + value(node), 0) / nodes.length;
  const hits = mean((node) => node.hits);
  const misses = mean((node) => node.misses);
  const memory = mean((node) => node.memory);
  const cpu = mean((node) => node.cpu);
  return {
    EngineCPUUtilization: cpu,
    CPUUtilization: cpu / 2, // a node has two cores, and the engine one thread
    DatabaseMemoryUsagePercentage: memory,
    DatabaseMemoryUsageCountedForEvictPercentage: memory,
    CurrConnections: mean((node) => node.connections),
    CacheHits: hits * SECONDS_A_MINUTE,
    CacheMisses: misses * SECONDS_A_MINUTE,
    CacheHitRate: hits + misses === 0 ? null : (100 * hits) / (hits + misses),
    Evictions: mean((node) => node.evictions) * SECONDS_A_MINUTE,
  };
}
