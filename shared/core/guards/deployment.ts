import { policyMetrics } from '../policy-metrics.ts';
import { plusSeconds } from '../time.ts';
import { type Guard, PASS } from './guard.ts';

/** A datapoint can be read this long after its period has ended. */
const PUBLISHED_WITHIN_SECONDS = 60;

/**
 * While a deployment runs, old and new tasks serve side by side: growing is safe, shrinking is not. The same goes for as long
 * afterwards as the newest datapoint may still describe both.
 */
export const deployment: Guard = {
  name: 'deployment',
  judges: ['policy', 'schedule', 'fallback'],
  check: ({ policy, snapshot, state, size, now }, wish) => {
    if (wish >= size) return PASS;
    const reason = 'deployment-in-progress';
    if (snapshot.deployment === 'in-progress') {
      const detail = 'A deployment is in progress, so scale-in waits.';
      return { effect: 'hold', reason, until: null, detail };
    }
    if (state.deployedAt === undefined) return PASS;
    const period = Math.max(0, ...policyMetrics(policy).map(({ periodSeconds }) => periodSeconds));
    // The period in which it ended, and a whole one after it.
    const until = plusSeconds(state.deployedAt, 2 * period + PUBLISHED_WITHIN_SECONDS);
    if (now >= until) return PASS;
    const detail =
      'A deployment has just ended, and the metrics still describe its old and new tasks together.';
    return { effect: 'hold', reason, until, detail };
  },
};
