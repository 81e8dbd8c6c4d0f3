import type { Direction } from '../decision.ts';
import { frozenBy } from '../open-windows.ts';
import { activePause } from '../overrides.ts';
import { type Instant, secondsBetween, timeOfDay } from '../time.ts';
import { type Guard, type GuardContext, type GuardVerdict, PASS } from './guard.ts';

/** Every target rests while an operator has frozen the account, and one target while a freeze window is open. */
export const frozen: Guard = {
  name: 'frozen',
  judges: ['policy', 'bounds', 'schedule', 'fallback', 'plan'],
  check: (context, wish) => {
    const direction = wish > context.size ? 'out' : 'in';
    return byOperator(context, direction) ?? byWindow(context, direction) ?? PASS;
  },
};

function byOperator({ snapshot, now }: GuardContext, direction: Direction): GuardVerdict | null {
  const freeze = activePause(snapshot.account.overrides, direction, now);
  if (freeze === null) return null;
  const { owner, reason, expiresAt } = freeze;
  return held(
    expiresAt,
    `${owner} froze every target ("${reason}"); the freeze ends ${endOf(expiresAt, now)}.`,
  );
}

// The bounds of a window are its own word: a freeze beside them, in this window or another, rests upon them.
function byWindow({ policy, snapshot, cause, now }: GuardContext, direction: Direction): GuardVerdict | null {
  const window = cause === 'schedule' ? null : frozenBy(policy.schedule, snapshot.schedule, direction);
  if (window === null) return null;
  const { name, until } = window;
  const end = until === null ? 'never closes' : `closes ${endOf(until, now)}`;
  return held(until, `The window ${name} freezes scale-${direction}; it ${end}.`);
}

const endOf = (until: Instant, now: Instant): string =>
  `at ${timeOfDay(until)}, in ${Math.ceil(secondsBetween(now, until))} s`;

const held = (until: Instant | null, detail: string): GuardVerdict => ({
  effect: 'hold',
  reason: 'frozen',
  until,
  detail,
});
