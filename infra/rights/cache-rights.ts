import type { Target } from '../../shared/core/target.ts';
import { type Arns, distinct, written } from '../named-arn.ts';
import { type Right, readMetrics } from './right.ts';

type CacheTarget = Extract<Target, { readonly replicationGroup: string }>;

const ACTIONS: Readonly<Record<CacheTarget['kind'], readonly string[]>> = {
  'elasticache-replicas': ['elasticache:DecreaseReplicaCount', 'elasticache:IncreaseReplicaCount'],
  'elasticache-shards': ['elasticache:ModifyReplicationGroupShardConfiguration'],
  'elasticache-node-type': [
    'elasticache:ListAllowedNodeTypeModifications',
    'elasticache:ModifyReplicationGroup',
  ],
};

/**
 * What looking at replication groups and resizing them takes. ElastiCache makes nodes and their network interfaces under its
 * service-linked role: the policy that AWS itself scales groups with has no right to EC2 either.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html,
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSApplicationAutoscalingElastiCacheRGPolicy.html
 */
export function cacheRights(targets: readonly CacheTarget[], { here }: Arns): readonly Right[] {
  if (targets.length === 0) return [];
  const looking: Right = {
    actions: ['elasticache:DescribeCacheClusters', 'elasticache:DescribeReplicationGroups'],
    resources: [here('elasticache', 'cluster:*'), here('elasticache', 'replicationgroup:*')],
    why: 'A listing is authorized on all groups and nodes of the region. Looking changes nothing.',
  };
  const kinds = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];
  const resizing = kinds.flatMap((kind): readonly Right[] => {
    const groups = targets.flatMap((target) => (target.kind === kind ? [target.replicationGroup] : []));
    const resources = distinct(groups.map((group) => here('elasticache', `replicationgroup:${group}`)));
    return resources.length === 0 ? [] : [{ actions: ACTIONS[kind], resources }];
  });
  const measures = targets.some(({ kind }) => kind === 'elasticache-shards');
  return [looking, ...resizing, ...(measures ? [readMetrics(written('*'))] : [])];
}
