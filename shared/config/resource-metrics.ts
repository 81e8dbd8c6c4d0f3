import type { MetricScope, MetricStat } from '../core/metric.ts';
import { isVertical, type Target, type TargetKind } from '../core/target.ts';

/** Presets that are metrics of the target itself. */
export type ResourcePreset = 'cpu' | 'memory' | 'connections' | 'replica-lag' | 'hit-rate';

/** A metric of a target. */
export interface ResourceMetric {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly scope: MetricScope;
  readonly stat: MetricStat;
  /** The dimension whose values are the units, where every unit has a metric of its own. */
  readonly unitDimension?: string | undefined;
}

/** What each preset is called in sentences. */
const WORDS: Readonly<
  Record<ResourcePreset, { readonly id: string; readonly label: string; readonly unit: string }>
> = {
  cpu: { id: 'cpu', label: 'CPU', unit: ' %' },
  memory: { id: 'memory', label: 'memory', unit: ' %' },
  connections: { id: 'connections', label: 'connections', unit: '' },
  'replica-lag': { id: 'replica_lag', label: 'replica lag', unit: ' s' },
  'hit-rate': { id: 'hit_rate', label: 'hit rate', unit: ' %' },
};

type Names = Readonly<Partial<Record<ResourcePreset, string>>>;

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html */
const ECS: Names = { cpu: 'CPUUtilization', memory: 'MemoryUtilization' };
/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html */
const RDS: Names = { cpu: 'CPUUtilization', connections: 'DatabaseConnections' };
/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html */
const CACHE: Names = {
  cpu: 'EngineCPUUtilization',
  memory: 'DatabaseMemoryUsageCountedForEvictPercentage',
  connections: 'CurrConnections',
  'hit-rate': 'CacheHitRate',
};

const NAMES: Readonly<Record<TargetKind, Names>> = {
  'ecs-service': ECS,
  'ecs-task-size': ECS,
  'rds-replicas': { ...RDS, 'replica-lag': 'ReplicaLag' },
  'aurora-readers': { ...RDS, 'replica-lag': 'AuroraReplicaLag' },
  'rds-instance-class': RDS,
  'elasticache-replicas': CACHE,
  'elasticache-shards': CACHE,
  'elasticache-node-type': CACHE,
};

/** Whether a preset is a metric of the target itself. */
export const isOfResource = (preset: string): preset is ResourcePreset => Object.hasOwn(WORDS, preset);

/** The presets of a kind that are metrics of the target itself. */
export const resourcePresets = (kind: TargetKind): readonly ResourcePreset[] =>
  Object.keys(NAMES[kind]).filter(isOfResource);

/** The metric behind a preset; null where the target has no such metric. */
export function resourceMetric(preset: ResourcePreset, target: Target): ResourceMetric | null {
  const name = NAMES[target.kind][preset];
  if (name === undefined) return null;
  const { namespace, dimensions, unitDimension } = seriesOf(target);
  // What a larger unit would show is not known, and a lag or a hit rate does not follow the number of units.
  const follows = !isVertical(target) && preset !== 'replica-lag' && preset !== 'hit-rate';
  return {
    ...WORDS[preset],
    ...(preset === 'replica-lag' && target.kind === 'aurora-readers' ? { unit: ' ms' } : {}),
    scope: follows ? 'average' : 'independent',
    stat: { namespace, name, dimensions, stat: 'Average' },
    ...(unitDimension === undefined ? {} : { unitDimension }),
  };
}

interface Series {
  readonly namespace: string;
  readonly dimensions: MetricStat['dimensions'];
  readonly unitDimension?: string | undefined;
}

/**
 * How CloudWatch tells the metrics of a target apart. Replicas of plain RDS and the nodes of a cache have a metric each and
 * none together; Aurora has one over all readers of a cluster:
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
function seriesOf(target: Target): Series {
  switch (target.kind) {
    case 'ecs-service':
    case 'ecs-task-size':
      return {
        namespace: 'AWS/ECS',
        dimensions: { ClusterName: target.cluster, ServiceName: target.service },
      };
    case 'rds-replicas':
      return { namespace: 'AWS/RDS', dimensions: {}, unitDimension: 'DBInstanceIdentifier' };
    case 'aurora-readers':
      return {
        namespace: 'AWS/RDS',
        dimensions: { DBClusterIdentifier: target.cluster, Role: 'READER' },
      };
    case 'rds-instance-class':
      return { namespace: 'AWS/RDS', dimensions: { DBInstanceIdentifier: target.instance } };
    default:
      return { namespace: 'AWS/ElastiCache', dimensions: {}, unitDimension: 'CacheClusterId' };
  }
}
