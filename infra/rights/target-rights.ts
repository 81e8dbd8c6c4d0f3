import type { Stack } from 'aws-cdk-lib';
import type { Policy } from '../../shared/core/policy.ts';
import type { Target } from '../../shared/core/target.ts';
import { arnsOf } from '../named-arn.ts';
import { serviceArns } from '../service-arns.ts';
import { cacheRights } from './cache-rights.ts';
import { databaseRights, promotionRights } from './database-rights.ts';
import type { Right, TargetRights } from './right.ts';
import { serviceRights, taskSizeRights } from './service-rights.ts';
import { trafficRights } from './traffic-rights.ts';

/** What looking at, resizing and promoting exactly the targets of the policies takes. */
export function targetRights(stack: Stack, policies: readonly Policy[]): TargetRights {
  const arns = arnsOf(stack);
  const targets = policies.map(({ target }) => target);
  const of = <K extends Target['kind']>(...kinds: readonly K[]) =>
    targets.filter((target): target is Extract<Target, { kind: K }> =>
      (kinds as readonly string[]).includes(target.kind),
    );
  const databases = of('rds-replicas', 'aurora-readers', 'rds-instance-class');
  const caches = of('elasticache-replicas', 'elasticache-shards', 'elasticache-node-type');
  const endpoints = of('rds-replicas').flatMap(({ endpoint }) => (endpoint === null ? [] : [endpoint]));
  return {
    resizing: once([
      ...serviceRights(serviceArns(stack, policies)),
      ...taskSizeRights(of('ecs-task-size'), arns),
      ...databaseRights(databases, arns),
      ...trafficRights(endpoints, arns),
      ...cacheRights(caches, arns),
    ]),
    promoting: promotionRights(databases, arns),
  };
}

/** Several kinds read metrics. */
const once = (rights: readonly Right[]): readonly Right[] => {
  const known = new Map(rights.map((right) => [`${right.actions} ${JSON.stringify(right)}`, right]));
  return [...known.values()];
};
