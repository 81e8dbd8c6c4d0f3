import type { Decision } from '../decision.ts';

/**
 * Guards after which a wish waits and is not given up: what a tier wants is the wish that they met. Guards before them say
 * what it should want: a wish that its own history or its bounds bend is none.
 */
const WAITING: readonly string[] = [
  'resize-in-flight',
  'limits',
  'failed-recently',
  'deployment',
  'cooldown-out',
  'cooldown-in',
  'quota',
  'change-budget',
];

/**
 * The size that a tier wants by itself: what it would go to if no other tier, cooldown or failure were in its way. Null where
 * it said nothing of its own: it sees no metric, or the plan moved it.
 */
export function ownWish(decision: Decision): number | null {
  const { trace } = decision;
  const size = decision.kind === 'resize' ? decision.from : decision.size;
  const guards = trace.flatMap((step) => (step.step === 'guard' ? [step] : []));
  const met = guards.find(({ guard }) => WAITING.includes(guard));
  const asked = askedFor(trace);
  if (asked === null) return null;
  if (met !== undefined) return met.from;
  const last = guards.at(-1);
  if (last === undefined) return asked;
  return last.effect === 'hold' ? size : last.to;
}

/** What the strategies wished together, or what was asked for in their place; the plan's own request is no wish. */
function askedFor(trace: Decision['trace']): number | null {
  const [last] = trace.filter(({ step }) => step === 'merge' || step === 'request').slice(-1);
  if (last?.step === 'request') return last.cause === 'plan' ? null : last.wish;
  return last?.step === 'merge' ? last.wish : null;
}
