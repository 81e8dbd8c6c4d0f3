import { activePause } from '../overrides.ts';
import { secondsBetween, timeOfDay } from '../time.ts';
import { type Guard, PASS } from './guard.ts';

/** Every target rests while an operator has frozen the account, and one target while a freeze window is open. */
export const frozen: Guard = {
  name: 'frozen',
  judges: ['policy', 'bounds', 'schedule', 'fallback'],
  check: ({ snapshot, size, now }, wish) => {
    const direction = wish > size ? 'out' : 'in';
    const freeze = activePause(snapshot.account.overrides, direction, now);
    if (freeze === null) return PASS;
    const left = Math.ceil(secondsBetween(now, freeze.expiresAt));
    return {
      effect: 'hold',
      reason: 'frozen',
      until: freeze.expiresAt,
      detail: `${freeze.owner} froze every target ("${freeze.reason}"); the freeze ends at ${timeOfDay(freeze.expiresAt)}, in ${left} s.`,
    };
  },
};
