import { type Guard, PASS } from './guard.ts';

/** The policy's author switched a direction off; manual scaling still works. */
export const paused: Guard = {
  name: 'paused',
  judges: ['policy', 'bounds', 'fallback'],
  check: ({ policy, size }, wish) => {
    const off = wish > size ? policy.paused.out : wish < size && policy.paused.in;
    const direction = wish > size ? 'Scale-out' : 'Scale-in';
    return off
      ? { effect: 'hold', reason: 'paused', until: null, detail: `${direction} is paused by the policy.` }
      : PASS;
  },
};
