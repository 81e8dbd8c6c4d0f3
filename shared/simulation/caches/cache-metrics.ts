import type { MetricStat } from '../../core/metric.ts';
import type { Instant } from '../../core/time.ts';
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

type Dimensions = Readonly<Record<string, string>>;

/** The samples of one minute of something that reports. */
interface Reporter {
  readonly dimensions: readonly Dimensions[];
  readonly samples: Values[];
}

/**
 * The metrics of one replication group: of each node by `CacheClusterId`, alone and with `CacheNodeId`, and over all nodes of a
 * role by `ReplicationGroupId` and `Role`, as those that Application Auto Scaling follows.
 * Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html
 */
export class CacheMetrics {
  readonly #metrics: PlantMetrics;
  readonly #groupId: string;
  #minute = new Map<string, Reporter>();

  constructor(metrics: PlantMetrics, groupId: string) {
    this.#metrics = metrics;
    this.#groupId = groupId;
  }

  /** What every node that answers has been doing all the time before `start`. */
  begin(nodes: readonly NodeReading[], start: Instant): void {
    for (const { dimensions, nodes: own } of this.#reporters(nodes)) {
      each(dimensions, valuesOf(own), (metric, value) => this.#metrics.open(metric, start, value));
    }
  }

  /** Takes what every node that answers did in a second. */
  record(nodes: readonly NodeReading[]): void {
    for (const { key, dimensions, nodes: own } of this.#reporters(nodes)) {
      const reporter: Reporter = this.#minute.get(key) ?? { dimensions, samples: [] };
      reporter.samples.push(valuesOf(own));
      this.#minute.set(key, reporter);
    }
  }

  /** Publishes the means of the minute that began at `at`. */
  publish(at: Instant): void {
    for (const { dimensions, samples } of this.#minute.values()) {
      each(dimensions, meansOf(samples), (metric, value) => {
        if (value !== null) this.#metrics.publish(metric, at, value);
      });
    }
    this.#minute = new Map();
  }

  #reporters(nodes: readonly NodeReading[]) {
    const group = { ReplicationGroupId: this.#groupId };
    const ofRole = (role: NodeReading['role'], Role: string) => ({
      key: Role,
      dimensions: [{ ...group, Role }],
      nodes: nodes.filter((node) => node.role === role),
    });
    return [
      ...nodes.map((node) => ({ key: node.id, dimensions: nodeDimensions(node.id), nodes: [node] })),
      ofRole('primary', 'Primary'),
      ofRole('replica', 'Replica'),
      { key: '', dimensions: [group], nodes },
    ].filter((reporter) => reporter.nodes.length > 0);
  }
}

/** The mean of every value over the samples that have it. */
function meansOf(samples: readonly Values[]): Values {
  const names = Object.keys(samples[0] ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const values = samples.flatMap((sample) => sample[name] ?? []);
      return [
        name,
        values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
      ];
    }),
  );
}

function each(
  dimensions: readonly Dimensions[],
  values: Values,
  visit: (metric: MetricStat, value: number | null) => void,
): void {
  for (const [name, value] of Object.entries(values)) {
    for (const own of dimensions) {
      visit({ namespace: NAMESPACE, name, dimensions: own, stat: 'Average' }, value);
    }
  }
}

const nodeDimensions = (id: string): readonly Dimensions[] => [
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
