import type { NodeGroup } from '@aws-sdk/client-elasticache';
import type { MetricReading } from '../../../core/capacity.ts';
import { ControllerError } from '../../../core/controller-error.ts';
import type { MetricSpec } from '../../../core/metric.ts';
import type { Instant } from '../../../core/time.ts';
import type { MetricSource } from '../../../ports/metric-source.ts';
import type { SeenGroup } from './describe-groups.ts';
import { nodesOf } from './units.ts';

/** How full the fullest shard is, in percent of its memory for data; or why that is not known. */
export type MemoryUse =
  | { readonly kind: 'known'; readonly percent: number; readonly shard: string }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Reads how full every shard is. A group in cluster mode does not tell which node is the primary, so the fullest node of a shard
 * counts. A shard of which nothing is known makes the whole unknown: missing is never zero.
 */
export async function memoryUseOf(
  { group }: SeenGroup,
  metrics: MetricSource,
  now: Instant,
): Promise<MemoryUse> {
  const shards = group.NodeGroups ?? [];
  const requests = shards.flatMap(nodesOf).map((node) => ({ key: node, metric: memoryOf(node) }));
  try {
    return fullest(shards, await metrics.read(requests, now));
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    return { kind: 'unknown', why: error.message };
  }
}

function fullest(shards: readonly NodeGroup[], readings: ReadonlyMap<string, MetricReading>): MemoryUse {
  let worst: MemoryUse = { kind: 'unknown', why: 'there are no shards' };
  for (const shard of shards) {
    const id = shard.NodeGroupId ?? '';
    const values = nodesOf(shard).flatMap((node) => {
      const reading = readings.get(node);
      return reading?.kind === 'value' ? [reading.value] : [];
    });
    if (values.length === 0) {
      return { kind: 'unknown', why: `no node of shard ${id} reports ${METRIC}` };
    }
    const percent = Math.max(...values);
    if (worst.kind === 'unknown' || percent > worst.percent) worst = { kind: 'known', percent, shard: id };
  }
  return worst;
}

/** Used memory over maxmemory. Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html */
const METRIC = 'DatabaseMemoryUsagePercentage';

const memoryOf = (node: string): MetricSpec => ({
  id: 'memory',
  label: 'memory',
  unit: ' %',
  query: {
    kind: 'stat',
    namespace: 'AWS/ElastiCache',
    name: METRIC,
    dimensions: { CacheClusterId: node },
    stat: 'Maximum',
  },
  periodSeconds: 60,
  staleAfterSeconds: 300,
  whenMissing: 'missing',
  historySeconds: 0,
});
