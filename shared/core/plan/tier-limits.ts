import type { SizeLimit, Snapshot } from '../capacity.ts';
import type { Decision } from '../decision.ts';
import { type Instant, secondsBetween, timeOfDay } from '../time.ts';
import { clientLimit, databaseLimit } from './budget.ts';
import { tiersAfter, tiersBefore } from './order.ts';
import {
  type ApplicationView,
  goalOf,
  isMoving,
  movesOf,
  type TierView,
  tierOf,
  units,
} from './tier-view.ts';
import { coldUntil, floorOf, hasFailed, wants, wishOf } from './wishes.ts';

/** What the plan of an application says of one tier now. */
export interface TierPlan {
  readonly limits: readonly SizeLimit[];
  readonly floor: Snapshot['floor'];
}

/**
 * How far a tier may go now, and how far it has to: out, tiers that it comes after first; in, those that come after it; and
 * never more connections than the ready nodes take. A step of its own that led to nothing does not bind it.
 */
export function tierPlan(given: ApplicationView, name: string): TierPlan {
  const tiers = given.tiers.map((view) => (view.tier.name === name ? { ...view, steps: [] } : view));
  const application = { ...given, tiers };
  const view = tierOf(application, name);
  const { budget } = application.application;
  const need = floorOf(application, view);
  const limits = [
    waitsOut(application, view),
    waitsIn(application, view),
    budget && clientLimit(application, budget, name),
    budget && databaseLimit(application, budget, view, (client) => wishOf(application, client) ?? 0),
  ];
  return {
    limits: limits.filter((limit) => limit !== null),
    floor: need === null ? undefined : { size: need.nodes, detail: need.detail },
  };
}

/**
 * What keeps a tier from shrinking in the first look at all tiers: whether those that come after it want to shrink as well, or
 * grow, is known only when they have been asked, too. Null for a tier that nobody comes after.
 */
export function untilAllAreAsked(application: ApplicationView, name: string): SizeLimit | null {
  const size = goalOf(tierOf(application, name));
  const [first] = tiersAfter(application.application, name);
  if (size === null || first === undefined) return null;
  return { direction: 'in', size, reason: 'tier-order', detail: FIRST_LOOK };
}

const FIRST_LOOK = 'It waits until all tiers that come after it have been asked.';

/** Whether a decision to shrink waits for nothing but the looks at other tiers. */
export const waitsForLooks = ({ trace }: Decision): boolean =>
  trace.some((step) => step.step === 'guard' && step.detail === FIRST_LOOK);

/** Why a tier may not grow yet, by the order of tiers; null = nothing stands before it. */
function waitsOut(application: ApplicationView, view: TierView): SizeLimit | null {
  const size = goalOf(view);
  if (size === null) return null;
  const before = tiersBefore(application.application, view.tier.name).map((name) =>
    tierOf(application, name),
  );
  const failed = before.find((each) => hasFailed(application, each));
  if (failed !== undefined) {
    return {
      direction: 'out',
      size,
      reason: 'plan-stopped',
      detail: `The plan stands still: ${failure(failed)}.`,
    };
  }
  for (const each of before) {
    const why = notThere(application, each);
    if (why !== null)
      return {
        direction: 'out',
        size,
        reason: 'tier-order',
        detail: `It waits for ${each.tier.name}: ${why}.`,
      };
  }
  return null;
}

/** How a tier failed, with the reason of its service. */
export function failure({ tier, state }: TierView): string {
  const { failures } = state ?? { failures: null };
  if (failures === null) return `${tier.name} is well`;
  const { count, at, why } = failures;
  const times = count === 1 ? 'once, at' : `${count} times in a row, last at`;
  const reason = why === undefined ? '' : ` (${why.replace(/\.$/, '')})`;
  return `${tier.name} failed to scale out ${times} ${timeOfDay(at)}${reason}`;
}

/** Why those that come after a tier must wait for it; null = they need not. */
function notThere(application: ApplicationView, view: TierView): string | null {
  const { seen } = view;
  if (seen.kind === 'unseen') return `it cannot be seen (${seen.detail})`;
  const { ready } = seen.capacity;
  // What grows for the budget alone lets the others take at once what the budget allows.
  const moving = movesOf(view).find(({ from, to, cause }) => to > from && cause !== 'plan');
  if (moving !== undefined) {
    return isOverdue(view, application.now) ? null : `${ready} of ${units(view, moving.to)} are ready`;
  }
  if (wants(application, view, 'out')) {
    return `it has to grow from ${goalOf(view)} to ${wishOf(application, view)} first`;
  }
  const until = coldUntil(view, application.now);
  return until === null
    ? null
    : `its warm plan ${view.tier.warm?.plan} has not run since it grew; it is waited for until ${timeOfDay(until)}`;
}

/**
 * How long a tier that grows is waited for. A replica takes a quarter of an hour; one that is stuck must not keep the load of
 * those behind it waiting until its resize has failed. What the ready nodes do not carry the budget holds all the same.
 */
const LONGEST_WAIT_SECONDS = 1200;

const isOverdue = ({ state }: TierView, now: Instant): boolean =>
  state !== null &&
  state.resize !== null &&
  secondsBetween(state.resize.startedAt, now) >= LONGEST_WAIT_SECONDS;

/** Why a tier may not shrink yet, by the order of tiers; null = nothing comes after it that must go first. */
function waitsIn(application: ApplicationView, view: TierView): SizeLimit | null {
  const size = goalOf(view);
  if (size === null) return null;
  for (const name of tiersAfter(application.application, view.tier.name)) {
    const why = notGone(application, tierOf(application, name));
    if (why !== null)
      return { direction: 'in', size, reason: 'tier-order', detail: `It waits for ${name}: ${why}.` };
  }
  return null;
}

function notGone(application: ApplicationView, view: TierView): string | null {
  const { seen } = view;
  if (seen.kind === 'unseen') return `it cannot be seen (${seen.detail})`;
  if (isMoving(view, 'out'))
    return `it grows to ${units(view, Math.max(...movesOf(view).map(({ to }) => to)))}`;
  if (isMoving(view, 'in'))
    return `it shrinks to ${units(view, Math.min(...movesOf(view).map(({ to }) => to)))} first`;
  const wish = wishOf(application, view);
  if (wants(application, view, 'out')) return `it has to grow from ${goalOf(view)} to ${wish}`;
  if (wants(application, view, 'in')) return `it shrinks from ${goalOf(view)} to ${wish} first`;
  return null;
}
