import { activePin } from '../overrides.ts';
import { secondsBetween, timeOfDay } from '../time.ts';
import { type Guard, PASS } from './guard.ts';

/** An operator's size stands until its override expires. */
export const pinned: Guard = {
  name: 'pinned',
  judges: ['policy', 'fallback'],
  alsoWhenContent: true,
  check: ({ state, now }) => {
    const pin = activePin(state, now);
    if (pin === null) return PASS;
    const left = Math.ceil(secondsBetween(now, pin.expiresAt));
    return {
      effect: 'hold',
      reason: 'pinned',
      until: pin.expiresAt,
      detail: `${pin.owner} pinned the size to ${pin.size} ("${pin.reason}"); the override ends at ${timeOfDay(pin.expiresAt)}, in ${left} s.`,
    };
  },
};
