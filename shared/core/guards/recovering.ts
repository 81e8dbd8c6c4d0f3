import { type Guard, PASS } from './guard.ts';

/** After a fallback one good reading is no proof that the metrics are back: scale-in waits for as many as the policy says. */
export const recovering: Guard = {
  name: 'recovering',
  judges: ['policy'],
  check: ({ policy, state, size }, wish) =>
    policy.fallback !== null && state.recovering > 1 && wish < size
      ? {
          effect: 'hold',
          reason: 'recovering',
          until: null,
          detail: `Metrics are back after a fallback; scale-in waits for ${state.recovering - 1} more good ${state.recovering === 2 ? 'reading' : 'readings'}.`,
        }
      : PASS,
};
