import type { MetricStat } from '../../core/metric.ts';
import { type Instant, plusSeconds, secondsBetween } from '../../core/time.ts';
import type { PlantMetrics } from '../plant-metrics.ts';
import type { DatabaseFleet } from './database-fleet.ts';
import { type DatabaseGroup, readersOf, writerOf } from './database-group.ts';
import type { DatabaseInstance } from './database-instance.ts';

/** CPU of a database that does nothing, in percent. */
const IDLE_CPU = 3;
/** Bytes of transaction log that one write makes. */
const LOG_BYTES_PER_WRITE = 1024;
/** Milliseconds that an Aurora reader is behind, at rest and at full CPU. */
const AURORA_LAG_MILLIS = { rest: 15, full: 85 } as const;
const AGGREGATED = ['CPUUtilization', 'DatabaseConnections', 'AuroraReplicaLag', 'FreeableMemory'] as const;

type Values = ReadonlyMap<string, number>;

interface Minute {
  readonly sums: Map<string, number>;
  seconds: number;
}

/** What CloudWatch shows of databases: each metric once a minute. */
export class DatabaseMetrics {
  readonly #fleet: DatabaseFleet;
  readonly #groups: readonly DatabaseGroup[];
  readonly #metrics: PlantMetrics;
  #minutes = new Map<DatabaseInstance, Minute>();

  constructor(fleet: DatabaseFleet, groups: readonly DatabaseGroup[], metrics: PlantMetrics) {
    this.#fleet = fleet;
    this.#groups = groups;
    this.#metrics = metrics;
  }

  /** Before the start everything stood as it stands now. */
  begin(start: Instant): void {
    this.#publish(this.#now(start), (metric, value) => this.#metrics.open(metric, start, value));
  }

  /** Takes the second that ends at `now`, and publishes when a minute is over. */
  step(now: Instant): void {
    const endsMinute = now % 60_000 === 0;
    for (const instance of this.#fleet.instances.values()) {
      if (!instance.reachable) continue;
      const minute = this.#minutes.get(instance) ?? { sums: new Map<string, number>(), seconds: 0 };
      this.#minutes.set(instance, minute);
      for (const [name, value] of loadValues(instance)) {
        minute.sums.set(name, (minute.sums.get(name) ?? 0) + value);
      }
      minute.seconds += 1;
    }
    if (!endsMinute) return;
    const at = plusSeconds(now, -60);
    const states = this.#now(now);
    const means = new Map(
      [...this.#minutes].map(([instance, { sums, seconds }]) => {
        const loads = [...sums].map(([name, sum]) => [name, sum / seconds] as const);
        return [instance, new Map([...(states.get(instance) ?? []), ...loads])] as const;
      }),
    );
    this.#publish(means, (metric, value) => this.#metrics.publish(metric, at, value));
    this.#minutes = new Map();
  }

  /** The state of every instance that reports, by metric. */
  #now(now: Instant): ReadonlyMap<DatabaseInstance, Values> {
    return new Map(
      [...this.#fleet.instances.values()]
        .filter(({ reachable }) => reachable)
        .map((instance) => [instance, new Map([...loadValues(instance), ...this.#lagValues(instance, now)])]),
    );
  }

  #lagValues(instance: DatabaseInstance, now: Instant): readonly (readonly [string, number])[] {
    const group = this.#groups.find(({ id }) => id === (instance.replicaOf ?? instance.id));
    if (group === undefined || group.kind === 'cluster') return [];
    if (instance.replicaOf !== null) {
      const broken = writerOf(group, this.#fleet)?.reachable !== true;
      const idle = isPostgres(instance) ? secondsBetween(group.lastWriteAt, now) : 0;
      return [['ReplicaLag', broken ? -1 : instance.lag.reported(idle)]];
    }
    const replicas = readersOf(group, this.#fleet).filter(({ availableAt }) => availableAt !== null);
    if (!isPostgres(instance) || replicas.length === 0) return [];
    const behind = Math.max(...replicas.map(({ lag }) => lag.real ?? 0));
    const logRate = Math.max(1, instance.queries.writes) * LOG_BYTES_PER_WRITE;
    return [['OldestReplicationSlotLag', behind * logRate]];
  }

  #publish(
    values: ReadonlyMap<DatabaseInstance, Values>,
    tell: (metric: MetricStat, value: number) => void,
  ): void {
    for (const [instance, own] of values) {
      const dimensions = { DBInstanceIdentifier: instance.id };
      for (const [name, value] of own) {
        tell({ namespace: 'AWS/RDS', name, dimensions, stat: 'Average' }, value);
      }
    }
    for (const group of this.#groups) {
      if (group.kind === 'cluster') this.#publishCluster(group, values, tell);
    }
  }

  #publishCluster(
    group: DatabaseGroup,
    values: ReadonlyMap<DatabaseInstance, Values>,
    tell: (metric: MetricStat, value: number) => void,
  ): void {
    const writer = writerOf(group, this.#fleet);
    const roles = { READER: readersOf(group, this.#fleet), WRITER: writer === null ? [] : [writer] };
    for (const [Role, members] of Object.entries(roles)) {
      const dimensions = { DBClusterIdentifier: group.id, Role };
      for (const name of AGGREGATED) {
        const own = members.flatMap((member) => values.get(member)?.get(name) ?? []);
        if (own.length === 0) continue;
        const sum = own.reduce((total, value) => total + value, 0);
        const stats = {
          Average: sum / own.length,
          Sum: sum,
          Maximum: Math.max(...own),
          Minimum: Math.min(...own),
        };
        for (const [stat, value] of Object.entries(stats)) {
          tell({ namespace: 'AWS/RDS', name, dimensions, stat }, value);
        }
      }
    }
  }
}

const isPostgres = ({ engine }: DatabaseInstance): boolean => engine === 'postgres';

/** What is a mean over the minute. */
function loadValues(instance: DatabaseInstance): readonly (readonly [string, number])[] {
  const { queries, connections, maxConnections, memoryBytes } = instance;
  const utilization = Math.min(1, queries.utilization);
  const inUse = Math.min(1, connections.exact / Math.max(1, maxConnections));
  return [
    ['CPUUtilization', IDLE_CPU + (100 - IDLE_CPU) * utilization],
    ['DatabaseConnections', connections.count],
    ['FreeableMemory', memoryBytes * (0.5 - 0.35 * inUse)],
    ['ReadIOPS', queries.reads / 10],
    ['WriteIOPS', queries.writes * 2],
    ...(isPostgres(instance) && instance.replicaOf === null
      ? [['TransactionLogsGeneration', queries.writes * LOG_BYTES_PER_WRITE] as const]
      : []),
    ...(instance.cluster === null
      ? []
      : [['AuroraReplicaLag', AURORA_LAG_MILLIS.rest + AURORA_LAG_MILLIS.full * utilization] as const]),
  ];
}
