import { isCounted, RESERVED_SECONDS } from '../core/account.ts';
import type { Snapshot } from '../core/capacity.ts';
import { ControllerError } from '../core/controller-error.ts';
import type { ControllerEvent } from '../core/controller-event.ts';
import type { Decision } from '../core/decision.ts';
import { explainBriefly } from '../core/explain.ts';
import type { LedgerEntry, Resize, TargetState } from '../core/ledger-entry.ts';
import { isUnmet, observe } from '../core/observe.ts';
import { contradictedBy } from '../core/override-rules.ts';
import { overrideWithOwner, whatStays } from '../core/override-words.ts';
import { activeOverrides, splitOverrides } from '../core/overrides.ts';
import { ownWish } from '../core/plan/own-wish.ts';
import type { Policy } from '../core/policy.ts';
import type { Signal } from '../core/signal.ts';
import { targetId } from '../core/target.ts';
import { type Instant, secondsBetween, timeOfDay } from '../core/time.ts';
import { begin, firstSight, override } from '../core/transitions.ts';
import { expiredEvents } from './account.ts';
import { carryOut } from './carry-out.ts';
import { commitChange } from './commit.ts';
import { decideWithinLimits } from './decide-within-limits.ts';
import type { ControllerDeps } from './deps.ts';
import { draft, type EventDraft } from './events-of.ts';
import { keepReceipt } from './keep-receipt.ts';
import type { PlanSight } from './plan-view.ts';
import { type AskParticipants, participantsOnce } from './quota-participants.ts';

const STALE_INTENT_SECONDS = 30;

/** Everything known about a target at the moment of its evaluation. */
export interface TargetView {
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  /** Null for a target that the ledger has never seen. */
  readonly entry: LedgerEntry | null;
  /** The targets under the quota, where many targets are looked at together; each reads them by itself otherwise. */
  readonly participants?: AskParticipants;
  /** The application that it is a tier of, as it was seen. */
  readonly plan?: PlanSight | null;
}

/** What an evaluation led to. */
export interface Evaluation {
  readonly decision: Decision;
  /** The events that its commit wrote. */
  readonly events: readonly ControllerEvent[];
}

/**
 * The line: decide, commit the intent with its events, and only then resize. A crash at any point leaves either nothing
 * or an intent that {@link carryOut} picks up again.
 * @throws ControllerError `conflict` when another evaluation of the target was first.
 */
export async function evaluateTarget(
  deps: ControllerDeps,
  view: TargetView,
  signal: Signal,
): Promise<Evaluation> {
  const { policy, plan = null } = view;
  const now = deps.clock.now();
  const entry = view.entry ?? firstEntry(policy, view.snapshot.capacity.desired, now);
  const participants = view.participants ?? participantsOnce(deps);
  const asked = { policy, snapshot: view.snapshot, entry, signal, now, participants, plan };
  const { snapshot, decision } = await decideWithinLimits(deps, asked);
  const decisionId = deps.ids.next();
  deps.telemetry.decided({ decisionId, policy, signal, decision });
  // Before the commit, so that no resize is without one; the receipt of a decision that meets a conflict does no harm.
  await keepReceipt(deps, {
    version: 1,
    id: decisionId,
    now,
    policy,
    snapshot,
    state: entry.state,
    signal,
    decision,
  });

  const before = isGranted(signal, decision) ? override(entry.state, pinOf(signal, now)) : entry.state;
  const looked = observe(before, policy, snapshot, decision, signal, now);
  const observed = plan === null ? looked : withOwnWish(looked, decision);
  const resize =
    decision.kind === 'resize' ? resizeOf(decision, decisionId, signal, snapshot.capacity.ready, now) : null;
  const state = resize === null ? observed : begin(observed, resize);
  const drafts = [
    ...ended(entry.state, before, snapshot, now),
    ...happened(entry.state, snapshot, signal, decision, now),
    ...reported(entry.state, state, decision),
    ...started(entry.state, resize, decision),
  ].map((event) => ({ ...event, decisionId, signalId: signal.id }));

  if (resize !== null && (isCounted(policy) || plan !== null)) assertReserved(now, deps.clock.now());
  const committed = await commitChange(deps.ledger, entry, policy, state, drafts, now);
  // A function that was frozen after the commit may thaw when the target has moved on: then the call is left to settle,
  // which looks first.
  const isOld = secondsBetween(now, deps.clock.now()) > STALE_INTENT_SECONDS;
  if (resize !== null && !isOld) await carryOut(deps, policy, committed.entry, resize);
  return { decision, events: committed.events };
}

/** What a tier wants by itself is remembered for the others; a look that says nothing of it leaves the last word. */
function withOwnWish(state: TargetState, decision: Decision): TargetState {
  const wish = ownWish(decision);
  return wish === null ? state : { ...state, ownWish: wish };
}

// A function that was frozen before the commit may thaw when its reservation counts no more.
function assertReserved(reservedAt: Instant, now: Instant): void {
  const age = Math.round(secondsBetween(reservedAt, now));
  if (age < RESERVED_SECONDS / 2) return;
  const message = `It was decided ${age} s ago, too long to act on it; the next tick decides again.`;
  throw new ControllerError('unavailable', message, { retryable: true });
}

/** The entry of a target that the ledger has never seen. */
export const firstEntry = (policy: Policy, size: number, now: Instant): LedgerEntry => ({
  target: targetId(policy.target),
  version: 0,
  state: firstSight(policy, size, now),
  outbox: [],
});

type ManualSignal = Extract<Signal, { kind: 'manual' }>;

/** A manual request is granted unless a guard refused it; a size that is already there is granted too. */
const isGranted = (signal: Signal, decision: Decision): signal is ManualSignal =>
  signal.kind === 'manual' && (decision.kind === 'resize' || decision.reason === 'at-desired');

const pinOf = ({ size, owner, reason, expiresAt }: ManualSignal, now: Instant) =>
  ({ kind: 'pin', size, owner, reason, setAt: now, expiresAt }) as const;

function resizeOf(
  { from, to, cause }: Extract<Decision, { kind: 'resize' }>,
  decisionId: string,
  signal: Signal,
  ready: number,
  now: Instant,
): Resize {
  const owner = signal.kind === 'manual' ? signal.owner : null;
  const id = `resize-${decisionId}`;
  return {
    id,
    from,
    to,
    cause,
    decisionId,
    signalId: signal.id,
    owner,
    ready,
    startedAt: now,
    acceptedAt: null,
    signalAt: signal.at,
  };
}

/** Overrides that ended, and what stays then. `after`: the state with the override that begins, if one does. */
function ended(
  state: TargetState,
  after: TargetState,
  { account }: Snapshot,
  now: Instant,
): readonly EventDraft[] {
  const { active } = splitOverrides({ ...state, overrides: account.overrides }, now);
  return expiredEvents(splitOverrides(state, now).expired, whatStays(activeOverrides(after, now), active));
}

/** What happened outside since the last look: overrides that begin, a size that somebody else changed. */
function happened(
  state: TargetState,
  snapshot: Snapshot,
  signal: Signal,
  decision: Decision,
  now: Instant,
): EventDraft[] {
  const { desired } = snapshot.capacity;
  const drifted = state.size !== null && state.resize === null && state.size !== desired;
  return [
    ...(drifted
      ? [
          draft('TargetDrifted', `Somebody else changed the size from ${state.size} to ${desired}.`, {
            from: state.size,
            to: desired,
          }),
        ]
      : []),
    ...(isGranted(signal, decision)
      ? [
          draft('OverrideSet', setByHand(state, signal, now), {
            owner: signal.owner,
            cause: 'manual',
            from: decision.kind === 'resize' ? decision.from : decision.size,
            to: signal.size,
          }),
        ]
      : []),
  ];
}

/** A size by hand looks past floors and ceilings: whose word does not count for that long is said. */
function setByHand(state: TargetState, signal: ManualSignal, now: Instant): string {
  const overruled = contradictedBy(pinOf(signal, now), activeOverrides(state, now)).map(overrideWithOwner);
  const sentence = `${signal.owner} sets the size to ${signal.size}: ${signal.reason}.`;
  return overruled.length === 0
    ? sentence
    : `${sentence} Until ${timeOfDay(signal.expiresAt)} it overrules ${overruled.join(' and ')}.`;
}

/** A hold that leaves a wish unmet, once per reason. */
function reported(before: TargetState, after: TargetState, decision: Decision): EventDraft[] {
  if (decision.kind !== 'hold' || !isUnmet(decision) || before.held?.reason === after.held?.reason) return [];
  // A resize in flight has an event of its own; that it also holds the next one is no news.
  if (decision.reason === 'resize-in-flight') return [];
  const { size, wish, reason } = decision;
  return [draft('ScalingHeld', `${explainBriefly(decision)} (${reason})`, { from: size, to: wish })];
}

function started(before: TargetState, resize: Resize | null, decision: Decision): EventDraft[] {
  if (resize === null) return [];
  const { id: resizeId, from, to, cause, owner } = resize;
  const superseded = before.resize;
  return [
    ...(superseded === null
      ? []
      : [
          draft(
            'ScalingSuperseded',
            `A larger scale-out to ${to} takes the place of the one to ${superseded.to}.`,
            {
              resizeId: superseded.id,
              cause: superseded.cause,
              from: superseded.from,
              to: superseded.to,
              owner: superseded.owner,
            },
          ),
        ]),
    draft('ScalingStarted', explainBriefly(decision), { resizeId, cause, from, to, owner }),
  ];
}
