import { ControllerError } from '../core/controller-error.ts';
import type { LedgerEntry, Resize } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import { type Instant, secondsBetween } from '../core/time.ts';
import { accept, fail } from '../core/transitions.ts';
import type { PresentResource, ResizeOrder } from '../ports/capacity-target.ts';
import { commitChange } from './commit.ts';
import { adapterOf, type ControllerDeps } from './deps.ts';
import { draft } from './events-of.ts';

/**
 * Asks the resource for the size of a stored intent, and stores that it accepted or refused. The size is absolute, so
 * asking twice is harmless: whatever a crash leaves undone, the next tick does again.
 */
export async function carryOut(
  deps: ControllerDeps,
  policy: Policy,
  entry: LedgerEntry,
  resize: Resize,
): Promise<LedgerEntry> {
  const adapter = adapterOf(deps.targets, policy.target.kind);
  const refusal = await adapter.resize(policy.target, orderOf(policy, resize, deps.clock.now())).then(
    () => null,
    (error: unknown) => asControllerError(error),
  );
  if (refusal?.retryable === true) {
    // The intent stands: settle asks again each minute until the resize times out.
    deps.telemetry.problem('The resize was not accepted yet', {
      target: entry.target,
      resizeId: resize.id,
      error: refusal.message,
    });
    return entry;
  }
  // A resize that is asked for at every look was accepted long ago.
  if (refusal === null)
    return resize.acceptedAt === null ? storeAccepted(deps, policy, entry, resize) : entry;
  // What takes several calls may have come half the way, which the next look tells.
  const size = adapter.asks === 'once' ? resize.from : null;
  return failResize(deps, policy, entry, resize, refusal.message, size);
}

/** The order that a resize gives to the adapter of its target. */
export const orderOf = (policy: Policy, { id, from, to }: Resize, now: Instant): ResizeOrder => ({
  size: to,
  from,
  resizeId: id,
  policy: policy.name,
  now,
});

/**
 * Carries on what an earlier resize left behind, when none is in flight: a unit that is still on its way out, an endpoint that
 * does not match. A fault is reported and met again at the next look, for the target stays awake.
 */
export async function carryOnLeftovers(
  deps: ControllerDeps,
  policy: Policy,
  { target, state }: LedgerEntry,
  { unfinished = null, capacity: { desired } }: PresentResource,
): Promise<void> {
  if (unfinished === null || state.resize !== null) return;
  const order = {
    size: desired,
    from: desired,
    resizeId: 'leftovers',
    policy: policy.name,
    now: deps.clock.now(),
    keepsSize: true,
  } as const;
  await adapterOf(deps.targets, policy.target.kind)
    .resize(policy.target, order)
    .catch((error: unknown) => {
      const { message } = asControllerError(error);
      deps.telemetry.problem('What an earlier resize left behind could not be carried on', {
        target,
        unfinished,
        error: message,
      });
    });
}

async function storeAccepted(
  deps: ControllerDeps,
  policy: Policy,
  entry: LedgerEntry,
  resize: Resize,
): Promise<LedgerEntry> {
  const now = deps.clock.now();
  try {
    const state = accept(entry.state, resize.id, policy, now);
    return (await commitChange(deps.ledger, entry, policy, state, [], now)).entry;
  } catch (error) {
    // Somebody else moved the head on meanwhile, and settle follows the resize from what they stored.
    if (!(error instanceof ControllerError && error.code === 'conflict')) throw error;
    deps.telemetry.ledgerConflict(entry.target);
    return entry;
  }
}

/** Why a resize failed whose resource vanished. The last known size stays: that it is gone is reported on its own. */
export const goneWith = (detail: string): string => `The resource is gone: ${detail}`;

/** Ends a resize as failed, with the reason as an event. `size` is what the resource is known to have; null = unknown. */
export async function failResize(
  deps: ControllerDeps,
  policy: Policy,
  entry: LedgerEntry,
  resize: Resize,
  why: string,
  size: number | null,
): Promise<LedgerEntry> {
  const now = deps.clock.now();
  const { id: resizeId, cause, from, to, owner, decisionId, signalId } = resize;
  const event = draft('ScalingFailed', why, { resizeId, cause, from, to, owner, decisionId, signalId });
  const state = fail(entry.state, resizeId, size, now, why);
  const committed = await commitChange(deps.ledger, entry, policy, state, [event], now);
  deps.telemetry.settled(entry.target, 'failed', secondsBetween(resize.signalAt, now));
  return committed.entry;
}

function asControllerError(error: unknown): ControllerError {
  if (error instanceof ControllerError) return error;
  throw error;
}
