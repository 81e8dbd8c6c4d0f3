import type { ResizeCause } from '../decision.ts';
import { timeOfDay } from '../time.ts';
import { type Guard, PASS } from './guard.ts';

const MAY_RAISE: readonly ResizeCause[] = ['policy', 'schedule', 'override'];

/**
 * One resize at a time. The exception is a policy, a schedule or an operator's floor that needs still more during a
 * scale-out: waiting for units that will not be enough helps nobody, so the larger size supersedes the resize in flight.
 */
export const resizeInFlight: Guard = {
  name: 'resize-in-flight',
  judges: ['policy', 'bounds', 'schedule', 'override', 'fallback', 'plan', 'pin', 'manual'],
  alsoWhenContent: true,
  check: ({ state: { resize }, cause }, wish) => {
    if (resize === null) return PASS;
    const raises =
      MAY_RAISE.includes(cause) && resize.acceptedAt !== null && resize.to > resize.from && wish > resize.to;
    return raises
      ? PASS
      : {
          effect: 'hold',
          reason: 'resize-in-flight',
          until: null,
          detail: `The resize from ${resize.from} to ${resize.to} of ${timeOfDay(resize.startedAt)} has not settled yet.`,
        };
  },
};
