import { plainNumber } from '../plain-number.ts';
import { type Guard, isOutside, PASS } from './guard.ts';

// What is reserved is a sum of products of fractions such as 0.1 vCPU.
const ROUNDING = 1e-9;

/**
 * What the units of all targets reserve never grows beyond the quota. Automation's scale-out is cut to what fits, or held;
 * what an operator asks for and the way back into the bounds are counted, but never stopped.
 */
export const quota: Guard = {
  name: 'quota',
  judges: ['policy', 'schedule', 'fallback', 'plan'],
  check: (context, wish) => {
    const { policy, snapshot, size } = context;
    const { guardrails, unitResources } = policy;
    const { reserved } = snapshot.account;
    if (guardrails.quota === null || unitResources === null || reserved === null) return PASS;
    if (wish <= size || isOutside(context)) return PASS;
    const rooms = [
      roomIn('vCPU', guardrails.quota.cpu, reserved.cpu, unitResources.cpu),
      roomIn('MiB of memory', guardrails.quota.memoryMiB, reserved.memoryMiB, unitResources.memoryMiB),
    ];
    const { units, detail } = rooms.reduce((one, other) => (other.units < one.units ? other : one));
    if (wish <= units) return PASS;
    return units <= size
      ? { effect: 'hold', reason: 'quota', until: null, detail: `${detail}, and there are ${size}.` }
      : {
          effect: 'amend',
          to: units,
          reason: 'quota',
          until: null,
          detail: `${detail}: so ${units}, not ${wish}.`,
        };
  },
};

/** How many units fit, and the arithmetic. */
function roomIn(what: string, limit: number | null, reserved: number, each: number) {
  if (limit === null || each === 0) return { units: Number.POSITIVE_INFINITY, detail: '' };
  const units = Math.max(0, Math.floor((limit - reserved) / each + ROUNDING));
  const detail = `The quota is ${plainNumber(limit)} ${what}, the other targets reserve ${plainNumber(reserved)}, and one unit takes ${plainNumber(each)}: room for ${units}`;
  return { units, detail };
}
