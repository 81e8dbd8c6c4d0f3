import { type Guard, PASS } from './guard.ts';

/** Never below min, never above max. A manual wish outside is refused, not bent: the operator must know. */
export const bounds: Guard = {
  name: 'bounds',
  judges: ['policy', 'fallback', 'pin', 'manual'],
  alsoWhenContent: true, // an operator may ask for the size that is there, and it may be outside
  check: ({ policy, cause, bounds: { min, max } }, wish) => {
    if (wish >= min && wish <= max) return PASS;
    const [to, bound, reason] =
      wish < min ? ([min, 'minimum', 'at-minimum'] as const) : ([max, 'maximum', 'at-maximum'] as const);
    return cause === 'manual'
      ? {
          effect: 'hold',
          reason: 'outside-bounds',
          until: null,
          detail: `${wish} is outside the ${bound} of ${to} of policy ${policy.name}.`,
        }
      : { effect: 'amend', to, reason, until: null, detail: `The ${bound} is ${to}, so ${to}, not ${wish}.` };
  },
};
