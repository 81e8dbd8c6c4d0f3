import type { PlanStatus } from './plan-record.ts';
import { failure, tierPlan } from './tier-limits.ts';
import { type ApplicationView, goalOf, movesOf, type TierView, units } from './tier-view.ts';
import { coldUntil, floorOf, hasFailed, wishOf } from './wishes.ts';

/** How one tier stands in a plan. */
export interface TierOutline {
  readonly tier: string;
  readonly state: 'idle' | 'waiting' | 'running' | 'failed';
  /** Its size, and where it goes or wants to go; null = unknown. */
  readonly from: number | null;
  readonly to: number | null;
  readonly ready: number | null;
  /** What it waits for or does; empty for an idle one. */
  readonly why: string;
}

/** A plan as it stands. */
export interface PlanOutline {
  readonly status: PlanStatus;
  readonly why: string;
  readonly tiers: readonly TierOutline[];
}

/** How the plan of an application stands: what every tier does or waits for. */
export function outlineOf(application: ApplicationView): PlanOutline {
  const tiers = application.tiers.map((view) => tierOutline(application, view));
  const failed = tiers.find(({ state }) => state === 'failed');
  const open = tiers.filter(({ state }) => state === 'running' || state === 'waiting');
  if (failed !== undefined) return { status: 'stopped', why: `${failed.why}.`, tiers };
  if (open.length === 0) return { status: 'done', why: 'Every tier has the size that it needs.', tiers };
  return { status: 'running', why: open.map(({ tier, why }) => `${tier}: ${why}`).join(' '), tiers };
}

function tierOutline(application: ApplicationView, view: TierView): TierOutline {
  const { seen, tier } = view;
  const ready = seen.kind === 'present' ? seen.capacity.ready : null;
  const size = goalOf(view);
  const here = { tier: tier.name, from: size, to: size, ready };
  if (hasFailed(application, view))
    return { ...here, to: wanted(application, view), state: 'failed', why: failure(view) };
  const [move] = movesOf(view);
  if (move !== undefined) {
    const why = `From ${move.from} to ${move.to}; ${ready ?? 'an unknown number'} of ${units(view, move.to)} ${move.to === 1 ? 'is' : 'are'} ready.`;
    return { ...here, from: move.from, to: move.to, state: 'running', why };
  }
  const to = wanted(application, view);
  if (to !== size && size !== null && to !== null) {
    return { ...here, to, state: 'waiting', why: whyWaiting(application, view, size, to) };
  }
  const cold = coldUntil(view, application.now);
  if (cold !== null)
    return { ...here, state: 'waiting', why: `Its warm plan ${tier.warm?.plan} has not run yet.` };
  return { ...here, state: 'idle', why: '' };
}

/** Where a tier would go: its own wish, and at least what the budget needs of it. */
function wanted(application: ApplicationView, view: TierView): number | null {
  const wish = wishOf(application, view);
  return wish === null ? null : Math.max(wish, floorOf(application, view)?.nodes ?? 0);
}

function whyWaiting(application: ApplicationView, view: TierView, size: number, to: number): string {
  const direction = to > size ? 'out' : 'in';
  const binding = tierPlan(application, view.tier.name).limits.find(
    (limit) => limit.direction === direction && (direction === 'out' ? to > limit.size : to < limit.size),
  );
  if (binding !== undefined) return binding.detail;
  const held = view.state?.held ?? null;
  return held === null
    ? `It goes from ${size} to ${to} at its next look.`
    : `It is held back from going from ${size} to ${to}: ${held.reason}.`;
}
