import type { PlantEvent } from '../../shared/simulation/plant-event.ts';
import type { ControllerDeps } from '../../shared/usecases/deps.ts';
import { followResize } from '../runtime/follow-resize.ts';
import { runInGroups } from '../runtime/in-groups.ts';
import { wakeTargets } from '../runtime/wake-targets.ts';

/** What the rules of a deployment route, and where to; of other events nobody hears. */
const ROUTES: Readonly<Record<string, typeof wakeTargets>> = {
  'aws.cloudwatch': wakeTargets,
  'aws.ecs': followResize,
  'aws.rds': followResize,
  'aws.elasticache': followResize,
};

/**
 * Brings an event of the account to the controller, as the rules and queues of a deployment do.
 * @returns whether it was handled; what was not, a queue would deliver again.
 */
export async function handleAccountEvent(deps: ControllerDeps, event: PlantEvent): Promise<boolean> {
  const jobs = ROUTES[event.source]?.(deps, event) ?? [];
  const failed = await runInGroups(jobs);
  for (const { job, error } of failed) {
    deps.telemetry.problem('An event of the account could not be handled', {
      target: job.key,
      error: String(error),
    });
  }
  return failed.length === 0;
}
