import { ControllerError } from '../core/controller-error.ts';
import type { LedgerEntry, Resize } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import { isVertical, type TargetId } from '../core/target.ts';
import { type Instant, secondsBetween } from '../core/time.ts';
import { complete, directionOf } from '../core/transitions.ts';
import type { CapacityTarget, Observation, PresentResource, ResizeOrder } from '../ports/capacity-target.ts';
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
  /** Whether the resource was changed after it was looked at: what was seen then is no ground for a decision. */
  readonly outdated: boolean;
}

/** One step of the resize in flight of an entry, given a fresh look at its resource. */
export async function settleStep(
  deps: ControllerDeps,
  policy: Policy,
  entry: LedgerEntry,
  observation: Observation,
): Promise<SettleStep> {
  const { resize } = entry.state;
  if (resize === null) return { outcome: 'idle', entry, outdated: false };
  if (observation.kind === 'unknown') throw observation.error;
  const now = deps.clock.now();
  if (observation.kind === 'missing') {
    const why = goneWith(observation.detail);
    return ended(await failResize(deps, policy, entry, resize, why, entry.state.size));
  }
  const current = await askForWarmUps(deps, policy, entry, observation);
  const { asks } = adapterOf(deps.targets, policy.target.kind);
  const progress = progressOf(resize, observation, policy, { asks, now });
  switch (progress.kind) {
    case 'wait':
      return { outcome: 'in-progress', entry: current, outdated: false };
    case 'ask-again':
      return askAgain(deps, policy, current, resize);
    case 'failed':
      return giveUp(deps, policy, current, progress.why, observation.capacity.desired);
    case 'done':
      return ended(await completeResize(deps, policy, current, resize, now));
  }
}

const ended = (entry: LedgerEntry): SettleStep => ({ outcome: 'settled', entry, outdated: false });

// One that was asked for before goes on as it was seen; the first call, or a refusal for good, changes what there is to see.
async function askAgain(
  deps: ControllerDeps,
  policy: Policy,
  before: LedgerEntry,
  resize: Resize,
): Promise<SettleStep> {
  const entry = await carryOut(deps, policy, before, resize);
  const isOver = entry.state.resize === null;
  return {
    outcome: isOver ? 'settled' : 'in-progress',
    entry,
    outdated: isOver || resize.acceptedAt === null,
  };
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
  const { acceptedAt } = resize;
  const isFresh = acceptedAt === null || secondsBetween(acceptedAt, now) < STALE_DESCRIPTION_SECONDS;
  const failed = observation.failed ?? null;
  // What failed before this resize was accepted is described for a while yet.
  if (failed !== null && acceptedAt !== null && (desired === resize.to || !isFresh))
    return { kind: 'failed', why: failed };
  const late = secondsBetween(resize.startedAt, now) >= policy.resizeTimeoutSeconds;
  if (desired === resize.to && acceptedAt !== null && isReached(resize, observation)) return { kind: 'done' };
  if (late) {
    const why = `Not settled within ${policy.resizeTimeoutSeconds} s: ${running} running and ${pending} pending of ${resize.to}, desired ${desired}.`;
    return { kind: 'failed', why };
  }
  if (acceptedAt === null || asks === 'each-look') return { kind: 'ask-again' };
  if (desired === resize.to || isFresh) return { kind: 'wait' };
  return { kind: 'failed', why: movedTo(desired, resize, policy) };
}

/** A rolling deployment goes back by itself when it fails; a number of units is changed by somebody alone. */
const movedTo = (desired: number, { from, to }: Resize, { target }: Policy): string =>
  desired === from && isVertical(target)
    ? `It went back to ${from} on its way to ${to}: the service gave the change up, or somebody else took it back.`
    : `Somebody else changed the size to ${desired} while it went from ${from} to ${to}.`;

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
): Promise<SettleStep> {
  const { resize } = entry.state;
  if (resize === null) return { outcome: 'idle', entry, outdated: false };
  const adapter = adapterOf(deps.targets, policy.target.kind);
  const order = orderOf(policy, resize, deps.clock.now());
  const undone = await putBack(adapter, policy, order);
  if (undone === null) return ended(await failResize(deps, policy, entry, resize, why, size));
  // What is undone in several steps leaves a size that only the next look knows.
  const back = adapter.asks === 'once' ? resize.from : null;
  const left = undone.isBack ? back : size;
  const failed = await failResize(deps, policy, entry, resize, `${why} ${undone.what}`, left);
  return { outcome: 'settled', entry: failed, outdated: true };
}

/**
 * Puts back what a resize replaced; null = there was nothing. What cannot be put back now is met again: the resize stays in
 * flight, and the next look gives it up once more. A refusal for good is said, and ends the resize all the same.
 */
async function putBack(
  adapter: CapacityTarget,
  { target }: Policy,
  order: ResizeOrder,
): Promise<{ readonly isBack: boolean; readonly what: string } | null> {
  try {
    const what = (await adapter.rollBack?.(target, order)) ?? null;
    return what === null ? null : { isBack: true, what };
  } catch (error) {
    if (!(error instanceof ControllerError) || error.retryable) throw error;
    return { isBack: false, what: `It stays as it is: ${error.message}` };
  }
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
