import type { Instant } from '../core/time.ts';
import type { TaskRevision } from './task-definitions.ts';

/** A deployment as ECS reports it. */
export interface SimulatedDeployment {
  readonly id: string;
  readonly revision: TaskRevision;
  readonly status: 'PRIMARY' | 'ACTIVE';
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly rolloutStateReason: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A deployment as the account keeps it. */
export interface Deployment {
  readonly id: string;
  readonly revision: TaskRevision;
  /** Whether its tasks never become healthy: the circuit breaker then goes back to the deployment before. */
  readonly fails: boolean;
  /** Why it is there, where the circuit breaker began it, or ended it. */
  readonly reason?: string;
  readonly createdAt: Instant;
  readonly endsAt: Instant;
}

/** What ECS reports of deployments, the primary one first: `own` are its tasks, `old` those of the one that it replaces. */
export function viewsOf(
  [primary, ...replaced]: readonly Deployment[],
  own: Pick<SimulatedDeployment, 'desired' | 'running' | 'pending'>,
  old: number,
): readonly SimulatedDeployment[] {
  if (primary === undefined) return [];
  const view = replaced.length === 0 ? completed(primary) : inProgress(primary);
  return [
    { ...view, ...own, status: 'PRIMARY' },
    ...replaced.map((each) => ({
      ...(each.fails ? failed(each) : completed(each)),
      ...{ desired: old, running: old, pending: 0 },
      status: 'ACTIVE' as const,
    })),
  ];
}

const inProgress = ({ id, revision, reason, createdAt }: Deployment) => ({
  ...{ id, revision, createdAt, updatedAt: createdAt },
  rolloutState: 'IN_PROGRESS' as const,
  rolloutStateReason: reason ?? 'ECS deployment in progress.',
});

const completed = ({ id, revision, createdAt, endsAt }: Deployment) => ({
  ...{ id, revision, createdAt, updatedAt: endsAt },
  rolloutState: 'COMPLETED' as const,
  rolloutStateReason: 'ECS deployment completed.',
});

const failed = (deployment: Deployment) => ({
  ...completed(deployment),
  rolloutState: 'FAILED' as const,
  rolloutStateReason: deployment.reason ?? 'ECS deployment failed.',
});
