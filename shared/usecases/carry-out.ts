import { ControllerError } from '../core/controller-error.ts';
import type { LedgerEntry, Resize } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import { secondsBetween } from '../core/time.ts';
import { accept, fail } from '../core/transitions.ts';
import type { CapacityTarget } from '../ports/capacity-target.ts';
import { commitChange } from './commit.ts';
import type { ControllerDeps } from './deps.ts';
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
  const adapter: CapacityTarget = deps.targets[policy.target.kind];
  const refusal = await adapter.resize(policy.target, resize.to).then(
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
  return refusal === null
    ? storeAccepted(deps, policy, entry, resize)
    : failResize(deps, policy, entry, resize, refusal.message, resize.from);
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
  const state = fail(entry.state, resizeId, size, now);
  const committed = await commitChange(deps.ledger, entry, policy, state, [event], now);
  deps.telemetry.settled(entry.target, 'failed', secondsBetween(resize.signalAt, now));
  return committed.entry;
}

function asControllerError(error: unknown): ControllerError {
  if (error instanceof ControllerError) return error;
  throw error;
}
