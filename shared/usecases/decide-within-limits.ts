import {
  ACCOUNT,
  accountEntry,
  accountView,
  isCounted,
  reservedByOthers,
  withReservation,
} from '../core/account.ts';
import type { Snapshot } from '../core/capacity.ts';
import { ControllerError } from '../core/controller-error.ts';
import { decide } from '../core/decide.ts';
import type { Decision, ResizeCause } from '../core/decision.ts';
import type { LedgerEntry, Reservation } from '../core/ledger-entry.ts';
import { applicationHead } from '../core/plan/application-head.ts';
import type { Policy } from '../core/policy.ts';
import type { Signal } from '../core/signal.ts';
import { targetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';
import type { ControllerDeps } from './deps.ts';
import { onConflict } from './on-conflict.ts';
import { type PlanSight, withinPlan } from './plan-view.ts';
import type { AskParticipants } from './quota-participants.ts';
import { takeStep } from './take-step.ts';

/** A sweep commits 16 targets at a time, and each of them may be first once. */
const ATTEMPTS = 20;

/** What is decided about one target. */
export interface Question {
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  readonly entry: LedgerEntry;
  readonly signal: Signal;
  readonly now: Instant;
  /** The targets under the quota; asked before a resize that counts against it. */
  readonly participants: AskParticipants;
  /** The application that the target is a tier of, as it was seen; null = it is none. */
  readonly plan: PlanSight | null;
}

/** A decision, and what it saw. */
export interface Decided {
  readonly snapshot: Snapshot;
  readonly decision: Decision;
}

/**
 * Decides, and where a resize counts against a limit over all targets, reserves it on the account before anybody commits
 * it: two resizes at once cannot both take what is left for one. A reservation that is not used only makes the limits
 * stricter until it has aged out.
 * @throws ControllerError `conflict` when other targets kept being first; whoever asked asks again.
 */
export async function decideWithinLimits(deps: ControllerDeps, question: Question): Promise<Decided> {
  const { policy, entry } = question;
  const { snapshot, decision } = await decideWithinPlan(deps, question);
  if (decision.kind === 'hold' || !isCounted(policy)) return { snapshot, decision };
  try {
    return await onConflict(deps, ACCOUNT, () => reserve(deps, { ...question, snapshot }), ATTEMPTS);
  } catch (error) {
    if (isAutomation(decision.cause) || !isConflict(error)) throw error;
    // An operator and the way back into the bounds do not wait for a count.
    deps.telemetry.problem('A change was not counted against the limits over all targets', {
      target: entry.target,
    });
    return { snapshot, decision };
  }
}

/** Decides within the plan of the application: a resize is a step of it, and is stored there first. */
async function decideWithinPlan(deps: ControllerDeps, question: Question): Promise<Decided> {
  const { policy, entry, signal, plan, now } = question;
  const snapshot = withinPlan(deps, question.snapshot, policy, plan, now);
  const decision = decide(policy, snapshot, entry.state, signal, now);
  if (decision.kind === 'hold' || plan === null) return { snapshot, decision };
  // Nobody may go ahead without: connections that are not there serve nobody, whoever asks for them.
  const target = applicationHead(plan.application);
  return onConflict(deps, target, () => takeStep(deps, question, plan), ATTEMPTS);
}

async function reserve(deps: ControllerDeps, question: Question): Promise<Decided> {
  const { policy, entry, signal, now } = question;
  const reservedThere = await reservedElsewhere(question);
  const account = accountEntry((await deps.ledger.load([ACCOUNT])).get(ACCOUNT));
  const reserved = reservedThere(account.state.reservations ?? []);
  const snapshot = {
    ...question.snapshot,
    account: { ...accountView(account, entry, policy, now), reserved },
  };
  const decision = decide(policy, snapshot, entry.state, signal, now);
  if (decision.kind === 'resize') {
    const { from, to } = decision;
    await deps.ledger.commit({
      target: ACCOUNT,
      expectedVersion: account.version,
      state: withReservation(account.state, { at: now, target: entry.target, from, to }, policy),
      events: [],
    });
  }
  return { snapshot, decision };
}

/** What the other targets reserve by what is reserved on the account; null for a policy that no quota counts. */
async function reservedElsewhere({ policy, participants, now }: Question) {
  if (policy.guardrails.quota === null || policy.unitResources === null) return () => null;
  const { policies, heads, unseen } = await participants();
  const own = targetId(policy.target);
  const others = policies.filter(({ target }) => targetId(target) !== own);
  return (reservations: readonly Reservation[]) => reservedByOthers(others, heads, unseen, reservations, now);
}

/** Causes that a limit may stop; the others are counted alone. */
const AUTOMATION: readonly ResizeCause[] = ['policy', 'schedule', 'fallback'];
const isAutomation = (cause: ResizeCause): boolean => AUTOMATION.includes(cause);

const isConflict = (error: unknown): boolean => error instanceof ControllerError && error.code === 'conflict';
