import type { EcsTaskSizeTarget, Target } from '../../../shared/core/target.ts';
import type { DatabasesView } from '../../../shared/simulation/databases/database-views.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { cacheSizes } from '../scenario/cache-measures.ts';
import { instanceSizes } from '../scenario/database-measures.ts';
import type { Sizes } from '../scenario/measure-names.ts';

/** The size of any target but a service, from a look at all databases; null for a service, and for what is gone. */
export function tierSizes(target: Target, plant: Plant, databases: DatabasesView): Sizes | null {
  if (target.kind === 'ecs-task-size') return taskSizes(target, plant);
  return instanceSizes(target, databases) ?? cacheSizes(target, plant.caches);
}

/** The rung of the revision that a service was last asked to run; not running while old tasks are beside the new ones. */
export function taskSizes({ cluster, service, ladder }: EcsTaskSizeTarget, plant: Plant): Sizes | null {
  const [view = null] = plant.describeServices(cluster, [service]);
  const [primary, ...others] = view?.deployments ?? [];
  if (primary === undefined) return null;
  const { cpu, memory } = primary.revision.settings;
  const rung = ladder.findIndex((each) => String(each.cpu) === cpu && String(each.memoryMiB) === memory) + 1;
  const isRolling = others.length > 0;
  return { desired: rung, running: rung, ready: isRolling ? 0 : rung, pending: isRolling ? 1 : 0 };
}
