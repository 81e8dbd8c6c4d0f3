import { scheduledSize } from '../open-windows.ts';
import type { Schedule, ScheduleState } from '../schedule.ts';
import { verdictOf } from './change.ts';
import type { Proposal } from './proposal.ts';

/**
 * The desired size of the open windows as one proposal beside those of the metrics, named `schedule:<window>`, which no
 * metric can be; null when no open window sets one.
 */
export function scheduleProposal(
  schedule: Schedule | null,
  state: ScheduleState,
  size: number,
): Proposal | null {
  const asked = scheduledSize(schedule, state);
  if (asked === null) return null;
  const { size: wish, window } = asked;
  const from = `schedule:${window.name}`;
  return {
    kind: 'wish',
    from,
    wish,
    step: {
      step: 'proposal',
      strategy: 'schedule',
      metric: from,
      label: `window ${window.name}`,
      unit: '',
      value: wish,
      size,
      wish,
      verdict: verdictOf(wish, size),
      scope: 'independent',
      carried: null,
      outAbove: null,
      window: window.name,
      until: window.until,
    },
  };
}
