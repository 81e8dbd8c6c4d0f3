import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { onTestFinished } from 'vitest';
import { awsServices } from '../../functions/local/aws-services/aws-services.ts';
import { awsTargets } from '../../shared/adapters/aws/targets.ts';
import type { Policy } from '../../shared/core/policy.ts';
import type {
  ElastiCacheNodeTypeTarget,
  ElastiCacheReplicasTarget,
  ElastiCacheShardsTarget,
} from '../../shared/core/target.ts';
import { type Instant, instant, plusSeconds } from '../../shared/core/time.ts';
import type { CacheOverrides } from '../../shared/simulation/caches/cache-views.ts';
import { createPlant } from '../../shared/simulation/plant.ts';
import { constantWorkload, type Workload } from '../../shared/simulation/workload.ts';
import { aPolicy, aTargetTracking, type PolicyOverrides } from './a-policy.ts';
import { anAwsAccount } from './aws-account.ts';

/** A target in a replication group. */
export type CacheTarget = ElastiCacheReplicasTarget | ElastiCacheShardsTarget | ElastiCacheNodeTypeTarget;

/** When the simulated account of a cache begins. */
export const CACHE_START = instant(Date.UTC(2026, 10, 20, 10, 0, 0));

/** The replicas of the group `sessions`. */
export const REPLICAS: ElastiCacheReplicasTarget = {
  kind: 'elasticache-replicas',
  replicationGroup: 'sessions',
};

/** The shards of the group `sessions`. */
export const SHARDS: ElastiCacheShardsTarget = {
  kind: 'elasticache-shards',
  replicationGroup: 'sessions',
  maxMemoryPercent: 75,
};

/** The node type of the group `sessions`. */
export const NODE_TYPE: ElastiCacheNodeTypeTarget = {
  kind: 'elasticache-node-type',
  replicationGroup: 'sessions',
  ladder: ['cache.m7g.large', 'cache.m7g.xlarge', 'cache.m7g.2xlarge'],
  immediate: true,
};

/** A policy that keeps the engine CPU of a role of the group at 60 %. */
export function aCachePolicy(target: Policy['target'], overrides: PolicyOverrides = {}): Policy {
  const tracking = aTargetTracking();
  const replicationGroup = 'replicationGroup' in target ? target.replicationGroup : '';
  const Role = target.kind === 'elasticache-replicas' ? 'Replica' : 'Primary';
  const query = {
    kind: 'stat',
    namespace: 'AWS/ElastiCache',
    name: 'EngineCPUUtilization',
    dimensions: { ReplicationGroupId: replicationGroup, Role },
    stat: 'Average',
  } as const;
  const metric = { ...tracking.metric, query };
  const bounds = { min: 1, max: target.kind === 'elasticache-shards' ? 8 : 3 };
  const strategies = [{ ...tracking, metric, target: 60 }];
  return aPolicy({ name: 'sessions', target, bounds, strategies, ...overrides });
}

/** What a simulated account with a cache is made of. */
export interface CacheAccountOptions {
  readonly policies: readonly Policy[];
  readonly cache?: CacheOverrides;
  readonly workload?: Workload;
  readonly seed?: number;
  readonly faults?: Parameters<typeof anAwsAccount>[1];
}

/** A simulated account with the replication groups of policies, behind an endpoint, and the adapters that talk to it. */
export async function aCacheAccount({
  policies,
  cache = {},
  seed = 1,
  faults,
  ...options
}: CacheAccountOptions) {
  const workload = options.workload ?? constantWorkload(1000, CACHE_START, plusSeconds(CACHE_START, 86_400));
  const loadModel = { readsPerLoad: 1, writesPerLoad: 0, connectionsPerTask: 0, queriesPerNode: 1 };
  const ids = policies.flatMap(({ target }) =>
    'replicationGroup' in target ? [target.replicationGroup] : [],
  );
  const caches = Object.fromEntries(ids.map((id) => [id, cache]));
  const plant = createPlant({ policies, workload, seed, start: CACHE_START, loadModel, caches });
  const account = await anAwsAccount(awsServices(plant), faults);
  const client = new ElastiCacheClient(account.options);
  onTestFinished(() => client.destroy());
  return {
    plant,
    client,
    calls: account.calls,
    options: account.options,
    targets: awsTargets(account.options),
  };
}

/** Moves an account on by some seconds, and says what time it is then. */
export function pass(plant: { now(): Instant; advanceTo(now: Instant): unknown }, seconds: number): Instant {
  plant.advanceTo(plusSeconds(plant.now(), seconds));
  return plant.now();
}
