import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { Snapshot } from '../../core/capacity.ts';
import type { Observation } from '../../ports/capacity-target.ts';

/**
 * What a description of an ECS service says about its size.
 *
 * `ready` is the running count: ECS does not tell how many tasks pass the health check of a load balancer.
 */
export function observationOf(service: Service): Observation {
  const unusable = whyUnusable(service);
  if (unusable !== null) return { kind: 'missing', detail: unusable };
  const running = service.runningCount ?? 0;
  const capacity = {
    desired: service.desiredCount ?? 0,
    running,
    ready: running,
    pending: service.pendingCount ?? 0,
  };
  return { kind: 'present', capacity, deployment: deploymentOf(service) };
}

function whyUnusable({ serviceName, status, schedulingStrategy }: Service): string | null {
  if (schedulingStrategy === 'DAEMON') {
    return `the service ${serviceName} runs one task per container instance (scheduling strategy DAEMON), so it has no desired count to scale`;
  }
  if (status === undefined || status === 'ACTIVE') return null;
  const why = status === 'DRAINING' ? 'it is being deleted' : 'it was deleted';
  return `the service ${serviceName} is ${status}: ${why}`;
}

/**
 * Whether old and new tasks run side by side.
 *
 * A change of the desired count alone starts no deployment (UpdateService, parameter `desiredCount`), so our own
 * resizes do not show here. `rolloutState` is absent behind a Classic Load Balancer and under the CODE_DEPLOY and
 * EXTERNAL controllers (Deployment, field `rolloutState`): there, a second deployment or task set is the only sign.
 */
function deploymentOf({ deployments = [], taskSets = [] }: Service): Snapshot['deployment'] {
  const moving = deployments.some(isMoving) || taskSets.some(({ status }) => status !== 'PRIMARY');
  return moving ? 'in-progress' : 'none';
}

const isMoving = ({ status, rolloutState }: Deployment): boolean =>
  status === 'PRIMARY' ? rolloutState === 'IN_PROGRESS' : status === 'ACTIVE';
