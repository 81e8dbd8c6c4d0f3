import type { PlantEvent } from '../../shared/simulation/plant-event.ts';
import type { ControllerDeps } from '../../shared/usecases/deps.ts';
import { followResize } from '../runtime/follow-resize.ts';
import { runInGroups } from '../runtime/in-groups.ts';
import { wakeTargets } from '../runtime/wake-targets.ts';

/** Brings an event of the account to the controller, as the rules and queues of a deployment do. */
export async function handleAccountEvent(deps: ControllerDeps, event: PlantEvent): Promise<void> {
  const jobs = event.source === 'aws.cloudwatch' ? wakeTargets(deps, event) : followResize(deps, event);
  for (const { job, error } of await runInGroups(jobs)) {
    // A queue would deliver it again; here the target is asked by the next tick or the next alarm.
    deps.telemetry.problem('An event of the account could not be handled', {
      target: job.key,
      error: String(error),
    });
  }
}
