import { plusSeconds, timeOfDay } from '../time.ts';
import { type Guard, isOutside, PASS } from './guard.ts';

/**
 * At most so many units in so many seconds over all targets. Automation's wishes are cut to what is left, or held; what an
 * operator asks for and the way back into the bounds are matters of safety, which are counted but never stopped.
 */
export const changeBudget: Guard = {
  name: 'change-budget',
  judges: ['policy', 'schedule', 'fallback', 'plan'],
  check: (context, wish) => {
    const { policy, snapshot, size, now } = context;
    const budget = policy.guardrails.changeBudget;
    if (budget === null || isOutside(context)) return PASS;
    const { units, seconds } = budget;
    const recent = snapshot.account.changes.filter(({ at }) => plusSeconds(at, seconds) > now);
    const used = recent.reduce((sum, change) => sum + change.units, 0);
    const left = Math.max(0, units - used);
    const wanted = Math.abs(wish - size);
    if (wanted <= left) return PASS;
    const said = `All targets together may change by ${units} units in ${seconds} s, and ${used} are used`;
    const until = freeAgain(recent, used - units, seconds);
    if (left === 0) {
      const when = until === null ? '' : `; the first is free again at ${timeOfDay(until)}`;
      return { effect: 'hold', reason: 'change-budget', until, detail: `${said}${when}.` };
    }
    const to = wish > size ? size + left : size - left;
    const detail = `${said}, which leaves ${left}: so ${to}, not ${wish}.`;
    return { effect: 'amend', to, reason: 'change-budget', until: null, detail };
  },
};

/** When so many changes will have aged out that less than the budget is used. `over`: units used beyond the budget. */
function freeAgain(
  recent: readonly { readonly at: number; readonly units: number }[],
  over: number,
  seconds: number,
) {
  let left = over;
  for (const { at, units } of recent) {
    left -= units;
    if (left < 0) return plusSeconds(at as Parameters<typeof plusSeconds>[0], seconds);
  }
  return null; // a budget of no unit at all
}
