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

/** From the end of a scale-out to the next one. A resize in flight that is raised has not ended, so it starts none. */
export const cooldownOut: Guard = {
  name: 'cooldown-out',
  judges: ['policy', 'fallback'],
  check: ({ policy, state, size, now }, wish) =>
    wish > size && state.lastOut !== null
      ? waitUntil(
          'out',
          state.resize === null ? plusSeconds(state.lastOut.at, policy.cooldownSeconds.out) : null,
          now,
        )
      : PASS,
};

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
