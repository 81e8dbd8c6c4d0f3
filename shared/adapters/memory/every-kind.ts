import type { CapacityTarget, CapacityTargets } from '../../ports/capacity-target.ts';

/** One adapter for targets of every kind. */
export const everyKind = (adapter: CapacityTarget): CapacityTargets => ({
  'ecs-service': adapter,
  'rds-replicas': adapter,
  'aurora-readers': adapter,
  'elasticache-replicas': adapter,
  'elasticache-shards': adapter,
  'ecs-task-size': adapter,
  'rds-instance-class': adapter,
  'elasticache-node-type': adapter,
});
