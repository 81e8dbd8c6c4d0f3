import { ecsServiceEvent } from '../../events/contracts/ecs-service-event.ts';
import { elastiCacheCall } from '../../events/contracts/elasticache-call.ts';
import { type RdsSource, rdsEvent } from '../../events/contracts/rds-event.ts';
import { isCreatedFor } from '../../shared/core/created-units.ts';
import { type Target, targetId } from '../../shared/core/target.ts';
import type { ControllerDeps } from '../../shared/usecases/deps.ts';
import { settleResize } from '../../shared/usecases/settle-resize.ts';
import type { Job } from './in-groups.ts';
import { parseOrThrow } from './parse.ts';

/** Whether an event concerns a target. */
type Concerns = (target: Target) => boolean;

/**
 * What an event of an ECS service, a database or a cache asks for: a look at the resizes in flight that it may be of, a minute before the
 * sweep would. The event itself is not believed: it may be late, or of another change. What no policy names concerns nobody.
 * @throws ControllerError `invalid` when it is no such event.
 */
export function followResize(deps: ControllerDeps, body: unknown): readonly Job[] {
  const concerns = subjectOf(body);
  return deps.policies
    .all()
    .filter(({ target }) => concerns(target))
    .map((policy) => {
      const target = targetId(policy.target);
      return {
        key: target,
        run: async () => {
          await settleResize(deps, target);
        },
      };
    });
}

function subjectOf(body: unknown): Concerns {
  switch (sourceOf(body)) {
    case 'aws.rds':
      return isOfDatabase(parseOrThrow(rdsEvent, body, 'RDS event').database);
    case 'aws.elasticache': {
      const { detail } = parseOrThrow(elastiCacheCall, body, 'ElastiCache call');
      const { replicationGroupId } = detail.requestParameters;
      return (target) =>
        'replicationGroup' in target && target.replicationGroup === replicationGroupId.toLowerCase();
    }
    default: {
      const { service } = parseOrThrow(ecsServiceEvent, body, 'ECS service event');
      return (target) =>
        'service' in target && target.service === service.service && target.cluster === service.cluster;
    }
  }
}

const sourceOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'source' in body ? body.source : null;

/** A replica or a reader that Plimsoll made is known by its name; of any other, the sweep finds out. */
function isOfDatabase({ kind, id }: RdsSource): Concerns {
  const isInstance = kind === 'instance';
  return (target) => {
    switch (target.kind) {
      case 'rds-replicas':
        return isInstance && (target.source === id || isCreatedFor(target.source, id));
      case 'aurora-readers':
        return isInstance ? isCreatedFor(target.cluster, id) : target.cluster === id;
      case 'rds-instance-class':
        return isInstance && target.instance === id;
      default:
        return false;
    }
  };
}
