import type { ControllerEvent } from '../core/controller-event.ts';
import type { WarmPlan } from '../core/warm-plan.ts';
import { warmEntry, warmId } from '../core/warm-state.ts';
import { commitChange } from './commit.ts';
import type { ControllerDeps } from './deps.ts';
import { draft } from './events-of.ts';
import { onConflict } from './on-conflict.ts';

/** Who asks for a run, and why. */
export interface WarmWish {
  readonly plan: string;
  readonly reason: string;
  readonly owner: string;
}

/** What became of the wish. */
export type WarmWishOutcome =
  | { readonly kind: 'requested'; readonly event: ControllerEvent; readonly isRunning: boolean }
  | { readonly kind: 'unknown-plan'; readonly known: readonly string[] };

/**
 * Asks for a run of a warm plan: the event goes out by the outbox, and whoever listens to it runs the plan.
 * @throws ControllerError when the ledger does not answer.
 */
export async function requestWarm(
  deps: Pick<ControllerDeps, 'ledger' | 'clock' | 'telemetry'>,
  plans: readonly WarmPlan[],
  { plan, reason, owner }: WarmWish,
): Promise<WarmWishOutcome> {
  const known = plans.map(({ name }) => name);
  if (!known.includes(plan)) return { kind: 'unknown-plan', known };
  const target = warmId(plan);
  return onConflict(deps, target, async () => {
    const entry = warmEntry(target, (await deps.ledger.load([target])).get(target));
    const now = deps.clock.now();
    const asked = draft('WarmRequested', reason, { owner });
    const { events } = await commitChange(deps.ledger, entry, { name: plan }, entry.state, [asked], now);
    const [event] = events;
    if (event === undefined) throw new Error('A commit with a draft wrote no event.');
    const run = entry.state.warm?.run ?? null;
    return { kind: 'requested', event, isRunning: run !== null && run.leaseUntil > now };
  });
}
