import { ecsServiceEvent } from '../../events/contracts/ecs-service-event.ts';
import { targetId } from '../../shared/core/target.ts';
import type { ControllerDeps } from '../../shared/usecases/deps.ts';
import { settleResize } from '../../shared/usecases/settle-resize.ts';
import type { Job } from './in-groups.ts';
import { parseOrThrow } from './parse.ts';

/**
 * What an event of an ECS service asks for: a look at its resize in flight, a minute before the sweep would. The event
 * itself is not believed: it may be late, or of another deployment. A service without a policy concerns nobody.
 * @throws ControllerError `invalid` when it is no such event.
 */
export function followResize(deps: ControllerDeps, body: unknown): readonly Job[] {
  const { service } = parseOrThrow(ecsServiceEvent, body, 'ECS service event');
  const target = targetId({ kind: 'ecs-service', ...service });
  if (deps.policies.forTarget(target) === null) return [];
  return [
    {
      key: target,
      run: async () => {
        await settleResize(deps, target);
      },
    },
  ];
}
