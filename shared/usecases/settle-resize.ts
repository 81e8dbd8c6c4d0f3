import { ControllerError } from '../core/controller-error.ts';
import type { LedgerEntry, Resize } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import type { TargetId } from '../core/target.ts';
import { type Instant, secondsBetween } from '../core/time.ts';
import { complete, directionOf } from '../core/transitions.ts';
import type { CapacityTarget, Observation, PresentResource } from '../ports/capacity-target.ts';
import { askForWarmUps } from './ask-for-warm-ups.ts';
import { carryOut, failResize, goneWith, orderOf } from './carry-out.ts';
import { commitChange } from './commit.ts';
import { adapterOf, type ControllerDeps } from './deps.ts';
import { draft } from './events-of.ts';
import { observeCapacity } from './observe-targets.ts';
import { onConflict } from './on-conflict.ts';

/** How a look at a resize ended. */
export type SettleOutcome = 'settled' | 'in-progress' | 'idle';

// A description may be older than the accepted call; only after this long does another size mean another hand.
const STALE_DESCRIPTION_SECONDS = 60;

/**
 * Follows the resize of a target, if it has one, one step towards its end.
 * @throws ControllerError when the ledger or the service does not answer; the sweep asks again.
 */
export async function settleResize(deps: ControllerDeps, target: TargetId): Promise<SettleOutcome> {
  const policy = deps.policies.forTarget(target);
  if (policy === null) return 'idle';
  return onConflict(deps, target, async () => {
    const entry = (await deps.ledger.load([target])).get(target);
    if (entry === undefined || entry.state.resize === null) return 'idle';
    const observation = (await observeCapacity(deps, [policy])).get(target);
    if (observation === undefined) return 'in-progress';
    return (await settleStep(deps, policy, entry, observation)).outcome;
  });
}

/** How a step ended, and the head as it is afterwards. */
export interface SettleStep {
  readonly outcome: SettleOutcome;
  readonly entry: LedgerEntry;
}

/** One step of the resize in flight of an entry, given a fresh look at its resource. */
export async function settleStep(
  deps: ControllerDeps,
  policy: Policy,
  entry: LedgerEntry,
  observation: Observation,
): Promise<SettleStep> {
  const { resize } = entry.state;
  if (resize === null) return { outcome: 'idle', entry };
  if (observation.kind === 'unknown') throw observation.error;
  const now = deps.clock.now();
  const ended = async (end: Promise<LedgerEntry>) => ({ outcome: 'settled', entry: await end }) as const;
  if (observation.kind === 'missing') {
    return ended(failResize(deps, policy, entry, resize, goneWith(observation.detail), entry.state.size));
  }
  const current = await askForWarmUps(deps, policy, entry, observation);
  const { asks } = adapterOf(deps.targets, policy.target.kind);
  const progress = progressOf(resize, observation, policy, { asks, now });
  switch (progress.kind) {
    case 'wait':
      return { outcome: 'in-progress', entry: current };
    case 'ask-again':
      return { outcome: 'in-progress', entry: await carryOut(deps, policy, current, resize) };
    case 'failed':
      return ended(giveUp(deps, policy, current, progress.why, observation.capacity.desired));
    case 'done':
      return ended(completeResize(deps, policy, current, resize, now));
  }
}

type Progress =
  | { readonly kind: 'wait' | 'ask-again' | 'done' }
  | { readonly kind: 'failed'; readonly why: string };

function progressOf(
  resize: Resize,
  observation: PresentResource,
  policy: Policy,
  { asks, now }: { readonly asks: CapacityTarget['asks']; readonly now: Instant },
): Progress {
  const { desired, running, pending } = observation.capacity;
  const failed = observation.failed ?? null;
  if (failed !== null && resize.acceptedAt !== null) return { kind: 'failed', why: failed };
  const late = secondsBetween(resize.startedAt, now) >= policy.resizeTimeoutSeconds;
  if (desired === resize.to && resize.acceptedAt !== null && isReached(resize, observation))
    return { kind: 'done' };
  if (late) {
    const why = `Not settled within ${policy.resizeTimeoutSeconds} s: ${running} running and ${pending} pending of ${resize.to}, desired ${desired}.`;
    return { kind: 'failed', why };
  }
  if (resize.acceptedAt === null || asks === 'each-look') return { kind: 'ask-again' };
  const moved = desired !== resize.to && secondsBetween(resize.acceptedAt, now) >= STALE_DESCRIPTION_SECONDS;
  return moved
    ? {
        kind: 'failed',
        why: `Somebody else changed the size to ${desired} while it went from ${resize.from} to ${resize.to}.`,
      }
    : { kind: 'wait' };
}

/**
 * Whether the units are there, or gone. During a deployment old and new units run side by side, more than were asked for: a
 * scale-out has then reached its size all the same, and a scale-in is left to the deployment, which ends at the new size.
 */
function isReached(
  resize: Resize,
  { capacity: { running, ready, pending }, deployment }: PresentResource,
): boolean {
  if (deployment === 'in-progress') return directionOf(resize) === 'in' || running >= resize.to;
  return running === resize.to && pending === 0 && (directionOf(resize) === 'in' || serves(resize, ready));
}

/** Whether what was added serves; a unit that did not serve before is not waited for. */
const serves = (resize: Resize, ready: number): boolean =>
  ready >= Math.min(resize.to, resize.ready + resize.to - resize.from);

/** Ends a resize as failed, and puts back what it replaced where its kind replaces anything. */
async function giveUp(
  deps: ControllerDeps,
  policy: Policy,
  entry: LedgerEntry,
  why: string,
  size: number,
): Promise<LedgerEntry> {
  const { resize } = entry.state;
  if (resize === null) return entry;
  const adapter = adapterOf(deps.targets, policy.target.kind);
  const order = orderOf(policy, resize, deps.clock.now());
  // What cannot be put back now is met again: the resize stays in flight, and the next look gives it up once more.
  const undone = (await adapter.rollBack?.(policy.target, order).catch(finalRefusal)) ?? null;
  if (undone === null) return failResize(deps, policy, entry, resize, why, size);
  if (undone instanceof ControllerError) {
    return failResize(deps, policy, entry, resize, `${why} It was not put back: ${undone.message}.`, size);
  }
  // What is undone in several steps leaves a size that only the next look knows.
  const left = adapter.asks === 'once' ? resize.from : null;
  return failResize(deps, policy, entry, resize, `${why} ${undone}`, left);
}

/** A refusal that no wait ends ends the resize, or it would be in flight for ever and hold every other one. */
function finalRefusal(error: unknown): ControllerError {
  if (error instanceof ControllerError && !error.retryable) return error;
  throw error;
}

async function completeResize(
  deps: ControllerDeps,
  policy: Policy,
  entry: LedgerEntry,
  resize: Resize,
  now: Instant,
): Promise<LedgerEntry> {
  const { id: resizeId, cause, from, to, owner, decisionId, signalId, signalAt, startedAt } = resize;
  const reason = `From ${from} to ${to} in ${Math.round(secondsBetween(startedAt, now))} s.`;
  const event = draft('ScalingCompleted', reason, { resizeId, cause, from, to, owner, decisionId, signalId });
  const state = complete(entry.state, resizeId, now);
  const committed = await commitChange(deps.ledger, entry, policy, state, [event], now);
  deps.telemetry.settled(entry.target, 'completed', secondsBetween(signalAt, now));
  return committed.entry;
}
