import { holdEndsAt, incidentAfter, incidentSign, rampEndsAt } from '../incidents.ts';
import { plainNumber } from '../plain-number.ts';
import type { IncidentGuard } from '../policy.ts';
import { timeOfDay } from '../time.ts';
import { type Guard, type GuardContext, PASS } from './guard.ts';

/** A load that collapses while errors rise comes back: capacity is held for a bounded time, and then given back in steps. */
export const incident: Guard = {
  name: 'incident',
  judges: ['policy', 'fallback'],
  check: (context, wish) => {
    const { policy, snapshot, state, size, now } = context;
    const guard = policy.incident;
    const standing = incidentAfter(state, policy, snapshot, now);
    if (guard === null || standing === null || wish >= size) return PASS;
    const until = holdEndsAt(guard, standing);
    if (now < until) {
      const detail = `${signOf(guard, context)}No scale-in until ${timeOfDay(until)}.`;
      return { effect: 'hold', reason: 'incident', until, detail };
    }
    const step = Math.max(1, Math.floor((size * guard.rampPercent) / 100));
    const to = size - step;
    if (to <= wish) return PASS;
    const ends = rampEndsAt(guard, standing);
    return {
      effect: 'amend',
      to,
      reason: 'incident',
      until: ends,
      detail: `After the incident at most ${step} of ${size} go at once until ${timeOfDay(ends)}, so ${to}, not ${wish}.`,
    };
  },
};

function signOf(guard: IncidentGuard, { snapshot }: GuardContext): string {
  const sign = incidentSign(guard, snapshot);
  if (sign === null) return 'The load fell while errors rose. ';
  const fall = `${guard.load.label} fell to ${plainNumber(sign.load)} from ${plainNumber(sign.usual)}`;
  return `${fall} while ${guard.errors.label} rose to ${plainNumber(sign.errors)}${guard.errors.unit}: an incident, not a quiet hour. `;
}
