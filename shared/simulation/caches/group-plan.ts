import type { Policy } from '../../core/policy.ts';
import type {
  ElastiCacheNodeTypeTarget,
  ElastiCacheReplicasTarget,
  ElastiCacheShardsTarget,
} from '../../core/target.ts';
import { NO_TIERS } from '../demand.ts';
import { metricAims } from '../metric-aims.ts';
import type { PlantOptions } from '../plant-views.ts';
import type { CacheOverrides } from './cache-views.ts';

/** Policies of replication groups. */
export type CachePolicy = Policy & {
  readonly target: ElastiCacheReplicasTarget | ElastiCacheShardsTarget | ElastiCacheNodeTypeTarget;
};

/** Whether a policy is of a replication group. */
export const isOfCache = (policy: Policy): policy is CachePolicy =>
  policy.target.kind === 'elasticache-replicas' ||
  policy.target.kind === 'elasticache-shards' ||
  policy.target.kind === 'elasticache-node-type';

/** What a replication group begins as, nothing left open. */
export interface GroupPlan extends Required<CacheOverrides> {
  readonly id: string;
  /** Node types in order of size, the smallest first; each has twice the memory and speed of the one before. */
  readonly ladder: readonly string[];
}

const DEFAULT_TYPE = 'cache.m7g.large';
/** At 80 % of the maximum the load at its heaviest is carried, as for services. */
const SHARE_OF_MAXIMUM = 0.8;
const ASSUMED_CPU = 60;

/** Plans a group from all policies of it: in a steady state, at the size that the load at the start needs. */
export function groupPlan(id: string, policies: readonly CachePolicy[], options: PlantOptions): GroupPlan {
  const overrides = options.caches?.[id] ?? {};
  const [shards, replicas, vertical] = [
    policies.find(({ target }) => target.kind === 'elasticache-shards'),
    policies.find(({ target }) => target.kind === 'elasticache-replicas'),
    policies.find(({ target }) => target.kind === 'elasticache-node-type'),
  ];
  const clusterMode = overrides.clusterMode ?? shards !== undefined;
  const share = shareOfLoad(options);
  const shardCount = overrides.shards ?? (clusterMode ? needed(shards, share, 2) : 1);
  const replicaCount = overrides.replicas ?? needed(replicas, share, 1);
  const ladder = vertical?.target.kind === 'elasticache-node-type' ? vertical.target.ladder : [];
  const nodeType = overrides.nodeType ?? ladder[Math.max(0, (vertical?.bounds.min ?? 1) - 1)] ?? DEFAULT_TYPE;
  return {
    id,
    engine: 'valkey',
    memoryGiB: 6.38,
    usedMemoryShare: 0.5,
    multiAz: replicaCount > 0,
    keys: 100_000,
    warmShare: 1,
    readsPerNode: speedOf(shards ?? replicas ?? vertical, options, { shardCount, replicaCount }),
    ...overrides,
    clusterMode,
    shards: shardCount,
    replicas: replicaCount,
    nodeType,
    ladder: ladder.length > 0 ? ladder : [nodeType],
  };
}

/** The load at the start as a share of the heaviest. */
function shareOfLoad({ workload, start }: PlantOptions): number {
  const heavy = workload.percentile(0.999);
  return heavy > 0 ? workload.loadAt(start) / heavy : 1;
}

function needed(policy: CachePolicy | undefined, share: number, otherwise: number): number {
  if (policy === undefined) return otherwise;
  const { min, max } = policy.bounds;
  return Math.min(max, Math.max(min, 1, Math.ceil(share * SHARE_OF_MAXIMUM * max)));
}

/** Reads a second of one node at full CPU, so that the policy meets its target at 80 % of its maximum. */
function speedOf(
  policy: CachePolicy | undefined,
  { workload, loadModel = NO_TIERS }: PlantOptions,
  { shardCount, replicaCount }: { readonly shardCount: number; readonly replicaCount: number },
): number {
  const reads = workload.percentile(0.999) * loadModel.readsPerLoad * (1 - (loadModel.pastCaches ?? 0));
  if (policy === undefined || reads === 0) return 100_000;
  const [aim] = metricAims(policy);
  const cpu = aim !== undefined && aim.metric.unit.trim() === '%' ? aim.aim : ASSUMED_CPU;
  const units = Math.max(1, SHARE_OF_MAXIMUM * policy.bounds.max);
  const nodes =
    policy.target.kind === 'elasticache-replicas' ? shardCount * (units + 1) : units * (1 + replicaCount);
  return reads / nodes / (cpu / 100);
}
