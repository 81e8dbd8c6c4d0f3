import { type Guard, PASS } from './guard.ts';

/** While a deployment runs, old and new tasks serve side by side: growing is safe, shrinking is not. */
export const deployment: Guard = {
  name: 'deployment',
  judges: ['policy', 'schedule', 'fallback'],
  check: ({ snapshot, size }, wish) =>
    snapshot.deployment === 'in-progress' && wish < size
      ? {
          effect: 'hold',
          reason: 'deployment-in-progress',
          until: null,
          detail: 'A deployment is in progress, so scale-in waits.',
        }
      : PASS,
};
