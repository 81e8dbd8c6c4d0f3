import { isVertical } from '../target.ts';
import { type Guard, PASS } from './guard.ts';

/** A ladder is climbed one rung at a time: every rung replaces what runs, and shows only then what it is worth. */
export const oneStep: Guard = {
  name: 'one-step',
  judges: ['policy', 'schedule', 'fallback', 'plan'],
  check: ({ policy, size }, wish) => {
    if (!isVertical(policy.target) || Math.abs(wish - size) <= 1) return PASS;
    const to = size + Math.sign(wish - size);
    const detail = `A ladder is climbed one rung at a time: from ${size} to ${to}, not ${wish}.`;
    return { effect: 'amend', to, reason: 'one-step', until: null, detail };
  },
};
