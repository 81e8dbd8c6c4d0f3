import { stabilize, wishesWithin } from '../hpa/stabilization.ts';
import { timeOfDay } from '../time.ts';
import { type Guard, type GuardContext, type GuardVerdict, PASS } from './guard.ts';

/** The stabilization windows of the behavior block. */
export const stabilization: Guard = {
  name: 'stabilization',
  judges: ['policy'],
  alsoWhenContent: true,
  check: (context, wish) => {
    const { behavior } = context.policy;
    switch (behavior.kind) {
      case 'none':
        return PASS;
      case 'implicit':
        return highestOf(context, wish, behavior.downscaleStabilizationSeconds);
      case 'rules':
        return clampCurrent(
          context,
          wish,
          behavior.scaleUp.stabilizationWindowSeconds,
          behavior.scaleDown.stabilizationWindowSeconds,
        );
    }
  },
};

function clampCurrent(
  context: GuardContext,
  wish: number,
  outSeconds: number,
  inSeconds: number,
): GuardVerdict {
  const { state, size, now } = context;
  const result = stabilize(size, wish, state.recommendations, { outSeconds, inSeconds }, now);
  if (result.limited === null) return PASS;
  const seconds = result.limited === 'out' ? outSeconds : inSeconds;
  return {
    effect: 'amend',
    to: result.size,
    reason: `stabilizing-${result.limited}`,
    until: result.until,
    detail: `The stabilization window of ${seconds} s for scale-${result.limited} allows ${result.size}, not ${wish}. The earlier wish leaves it at ${timeOfDay(result.until)}.`,
  };
}

/** Without a behavior block the highest wish of the window is applied, even above the current size. Here a wish exactly as old as the window still counts. */
function highestOf({ state, now }: GuardContext, wish: number, seconds: number): GuardVerdict {
  const highest = Math.max(wish, ...wishesWithin(state.recommendations, seconds + 0.001, now));
  return highest === wish
    ? PASS
    : {
        effect: 'amend',
        to: highest,
        reason: 'stabilizing-in',
        until: null,
        detail: `The highest wish of the last ${seconds} s, ${highest}, stands against ${wish}.`,
      };
}
