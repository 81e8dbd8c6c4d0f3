import { backoffEnds } from '../guards/failed-recently.ts';
import { type Instant, plusSeconds } from '../time.ts';
import { clientReach, nodesNeeded } from './budget.ts';
import { type ApplicationView, goalOf, isMoving, type TierView } from './tier-view.ts';

/**
 * The size that a tier wants and could have: within its bounds, what its own service allows, and what the budget could ever
 * carry. Its size where it wants nothing. A wish that can never come true must not hold others up.
 */
export function wishOf(application: ApplicationView, view: TierView): number | null {
  const goal = goalOf(view);
  const wish = view.state?.ownWish ?? null;
  if (goal === null || wish === null) return goal;
  const { min, max } = view.policy.bounds;
  const own = view.seen.kind === 'present' ? view.seen.limits : [];
  const hard = (direction: 'out' | 'in') =>
    own.filter((limit) => limit.direction === direction && limit.reason === 'resource-limit');
  const { budget } = application.application;
  const reach = budget === null ? Number.POSITIVE_INFINITY : clientReach(application, budget, view.tier.name);
  const least = Math.max(min, ...hard('in').map(({ size }) => size));
  const most = Math.min(max, reach, ...hard('out').map(({ size }) => size));
  if (wish > goal) return Math.max(goal, Math.min(wish, most));
  return Math.min(goal, Math.max(wish, least));
}

/** Whether a tier wants to go in a direction by its own wish, or is on its way there for another reason than the budget. */
export function wants(application: ApplicationView, view: TierView, direction: 'out' | 'in'): boolean {
  // Both are unknown together, and then nothing is wanted.
  const goal = goalOf(view) ?? 0;
  const wish = wishOf(application, view) ?? goal;
  return direction === 'out' ? wish > goal : wish < goal;
}

/** The least size that the budget needs of a tier, and why; null where it needs no more than the minimum. */
export function floorOf(application: ApplicationView, view: TierView) {
  const { budget } = application.application;
  if (budget === null) return null;
  // What a client wants within its own bounds: a wish beyond the reach of the budget still brings the database to its maximum.
  const need = nodesNeeded(application, budget, view.tier.name, (client) =>
    Math.min(client.state?.ownWish ?? 0, client.policy.bounds.max),
  );
  return need === null || need.nodes <= view.policy.bounds.min ? null : need;
}

/** Whether a tier failed to grow and has not made up for it: others that need it must not go ahead. */
export function hasFailed(application: ApplicationView, view: TierView): boolean {
  const failures = view.state?.failures ?? null;
  if (failures === null || failures.direction !== 'out') return false;
  const isShort = (floorOf(application, view)?.nodes ?? 0) > (goalOf(view) ?? 0);
  return (
    application.now < backoffEnds(failures) ||
    isMoving(view, 'out') ||
    isShort ||
    wants(application, view, 'out') ||
    !isReady(view)
  );
}

/** Whether all units that a tier has asked for are ready. */
const isReady = ({ seen }: TierView): boolean =>
  seen.kind === 'present' && seen.capacity.ready >= seen.capacity.desired;

/** Until when a scaled cache waits for its warm run; null when it is warm, or has waited long enough. */
export function coldUntil({ tier: { warm }, state, warmedAt }: TierView, now: Instant): Instant | null {
  const grown = state?.lastOut?.at ?? null;
  if (warm === null || grown === null || (warmedAt !== null && warmedAt >= grown)) return null;
  const end = plusSeconds(grown, warm.withinSeconds);
  return now < end ? end : null;
}
