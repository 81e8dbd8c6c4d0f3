import type { TargetState } from '../ledger-entry.ts';
import { type Instant, plusSeconds, secondsBetween, timeOfDay } from '../time.ts';
import { type Guard, PASS } from './guard.ts';

const FIRST_BACKOFF_SECONDS = 60;
const LONGEST_BACKOFF_SECONDS = 900;

/** When the next attempt after failures comes. */
export const backoffEnds = ({ count, at }: NonNullable<TargetState['failures']>): Instant =>
  plusSeconds(at, Math.min(FIRST_BACKOFF_SECONDS * 2 ** (count - 1), LONGEST_BACKOFF_SECONDS));

/** After a failed resize the next attempt waits: one minute, doubled with every further failure, at most 15 minutes. */
export const failedRecently: Guard = {
  name: 'failed-recently',
  judges: ['policy', 'bounds', 'schedule', 'override', 'fallback', 'plan', 'pin'],
  check: ({ state: { failures }, size, now }, wish) => {
    // That nothing could be taken away says nothing against adding, and the other way round.
    if (failures === null || failures.direction !== (wish > size ? 'out' : 'in')) return PASS;
    const until = backoffEnds(failures);
    if (now >= until) return PASS;
    return {
      effect: 'hold',
      reason: 'failed-recently',
      until,
      detail: `${failures.count} failed in a row to scale ${failures.direction}; the next attempt is at ${timeOfDay(until)}, in ${Math.ceil(secondsBetween(now, until))} s.`,
    };
  },
};
