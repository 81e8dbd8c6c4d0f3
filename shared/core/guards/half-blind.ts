import { type Guard, PASS } from './guard.ts';

/** A metric that cannot be seen may be the one that is high: half-blind may grow, may not shrink. */
export const halfBlind: Guard = {
  name: 'half-blind',
  judges: ['policy'],
  check: ({ blind, size }, wish) =>
    blind.length > 0 && wish < size
      ? {
          effect: 'hold',
          reason: 'metric-missing',
          until: null,
          detail: `No scale-in while a metric is missing (${blind.join(', ')}).`,
        }
      : PASS,
};
