import { activePause } from '../overrides.ts';
import { secondsBetween, timeOfDay } from '../time.ts';
import { type Guard, PASS } from './guard.ts';

/** The policy's author switched a direction off, or an operator did for a time; manual scaling still works. */
export const paused: Guard = {
  name: 'paused',
  judges: ['policy', 'bounds', 'schedule', 'fallback', 'plan'],
  check: ({ policy, state, size, now }, wish) => {
    if (wish === size) return PASS;
    const direction = wish > size ? 'out' : 'in';
    if (policy.paused[direction]) {
      const detail = `Scale-${direction} is paused by the policy.`;
      return { effect: 'hold', reason: 'paused', until: null, detail };
    }
    const pause = activePause(state.overrides, direction, now);
    if (pause === null) return PASS;
    const left = Math.ceil(secondsBetween(now, pause.expiresAt));
    return {
      effect: 'hold',
      reason: 'paused',
      until: pause.expiresAt,
      detail: `${pause.owner} paused scale-${direction} ("${pause.reason}"); the pause ends at ${timeOfDay(pause.expiresAt)}, in ${left} s.`,
    };
  },
};
