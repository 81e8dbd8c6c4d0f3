import PQueue from 'p-queue';
import type { WarmLimits } from '../../core/warm-plan.ts';
import type { Pace } from '../../ports/pace.ts';

/** Above this rate tasks start in small groups: a timer cannot be woken more often without being late. */
const GROUPS_A_SECOND = 100;

/**
 * A pace kept by p-queue. Starts are spread over the second: `queriesPerSecond` one by one up to 100 a second, in equal groups
 * beyond, so that no single second has more than one group above the rate.
 */
export function queuePace({
  queriesPerSecond,
  concurrency,
}: Pick<WarmLimits, 'queriesPerSecond' | 'concurrency'>): Pace {
  const group = Math.max(1, Math.ceil(queriesPerSecond / GROUPS_A_SECOND));
  const interval = (1000 * group) / queriesPerSecond;
  const queue = new PQueue({ concurrency, intervalCap: group, interval });
  return { run: (task) => queue.add(task, { throwOnTimeout: true }) };
}
