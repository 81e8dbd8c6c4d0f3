import type { TargetState } from '../ledger-entry.ts';
import { largerStep } from '../strategies/step.ts';
import { earliest, type Instant, plusSeconds, secondsBetween, timeOfDay } from '../time.ts';
import { type Guard, type GuardContext, type GuardVerdict, PASS } from './guard.ts';

function waitUntil(direction: 'out' | 'in', until: Instant | null, now: Instant): GuardVerdict {
  if (until === null || now >= until) return PASS;
  return {
    effect: 'hold',
    reason: `cooldown-${direction}`,
    until,
    detail: `Scale-${direction} cooldown ends at ${timeOfDay(until)}, in ${Math.ceil(secondsBetween(now, until))} s.`,
  };
}

/**
 * From the end of a scale-out to the next one. A resize in flight that is raised has not ended, so it starts none. A step
 * larger than the last one acts all the same, by the difference, as in Application Auto Scaling.
 */
export const cooldownOut: Guard = {
  name: 'cooldown-out',
  judges: ['policy', 'fallback'],
  check: (context, wish) => {
    const { policy, state, size, now } = context;
    if (wish <= size || state.lastOut === null || state.resize !== null) return PASS;
    const until = plusSeconds(state.lastOut.at, policy.cooldownSeconds.out);
    const larger = largerSize(context, state.lastOut);
    if (now >= until || larger <= size) return waitUntil('out', until, now);
    // Below the minimum, coming back from its own zero, the minimum is the least that it takes.
    const to = Math.max(larger, context.bounds.min);
    if (to >= wish) return PASS;
    return {
      effect: 'amend',
      to,
      reason: 'cooldown-out',
      until,
      detail: `Until the scale-out cooldown ends at ${timeOfDay(until)}, a larger step counts from the ${state.lastOut.from} before the last scale-out, so ${to}, not ${wish}.`,
    };
  },
};

/** The size that the largest step leads to when it counts from before the last scale-out. */
function largerSize(
  { policy, proposals }: GuardContext,
  lastOut: NonNullable<TargetState['lastOut']>,
): number {
  const sizes = policy.strategies.flatMap((strategy) => {
    if (strategy.kind !== 'step') return [];
    const asked = proposals.find(({ metric }) => metric === strategy.metric.id);
    if (asked?.strategy !== 'step' || asked.adjustment === null) return [];
    return largerStep({ strategy, adjustment: asked.adjustment, lastOut }) ?? [];
  });
  return Math.max(Number.NEGATIVE_INFINITY, ...sizes);
}

/** From the end of any resize to the next scale-in: what was just added must show its effect first. */
export const cooldownIn: Guard = {
  name: 'cooldown-in',
  judges: ['policy', 'fallback'],
  check: (context, wish) =>
    wish < context.size ? waitUntil('in', scaleInAllowedAt(context), context.now) : PASS,
};

function scaleInAllowedAt({ policy, state }: GuardContext): Instant | null {
  const ends = [state.lastOut, state.lastIn].flatMap((last) =>
    last === null ? [] : [plusSeconds(last.at, policy.cooldownSeconds.in)],
  );
  return ends.length === 2 ? (Math.max(...ends) as Instant) : earliest(...ends);
}
