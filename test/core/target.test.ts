import { describe, expect, it } from 'vitest';
import { isVertical, type Target, targetId } from '../../shared/core/target.ts';
import { aReplicasTarget } from '../support/database-policies.ts';

const ladder = { ladder: ['a', 'b'], immediate: false } as const;
const leaving = { connections: 0, drainSeconds: 300 };
const replicationGroup = 'sessions';

describe('a target', () => {
  it.each<[string, Target]>([
    ['ecs-service/prod/web', { kind: 'ecs-service', cluster: 'prod', service: 'web' }],
    [
      'ecs-task-size/prod/web',
      { kind: 'ecs-task-size', cluster: 'prod', service: 'web', ladder: [], immediate: true },
    ],
    ['rds-replicas/orders', aReplicasTarget()],
    ['aurora-readers/shop', { kind: 'aurora-readers', cluster: 'shop', classes: [], zones: [], leaving }],
    ['rds-instance-class/orders', { kind: 'rds-instance-class', instance: 'orders', ...ladder }],
    ['elasticache-replicas/sessions', { kind: 'elasticache-replicas', replicationGroup }],
    ['elasticache-shards/sessions', { kind: 'elasticache-shards', replicationGroup, maxMemoryPercent: 75 }],
    ['elasticache-node-type/sessions', { kind: 'elasticache-node-type', replicationGroup, ...ladder }],
  ])('is called %s, and is a ladder where it has one', (id, target) => {
    expect(targetId(target)).toBe(id);
    expect(isVertical(target)).toBe('ladder' in target);
  });
});
