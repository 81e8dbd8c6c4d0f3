import type { Application } from '../application.ts';
import { BLANK_STATE } from '../blank-state.ts';
import type { LedgerEntry, TargetState } from '../ledger-entry.ts';
import type { TargetId } from '../target.ts';
import { type Instant, plusSeconds } from '../time.ts';
import { wakeNow } from '../transitions.ts';
import type { PlanRecord, PlanStep } from './plan-record.ts';

/** Under this name the ledger keeps the plan of an application, in a head like that of a target. */
export const applicationHead = ({ name }: Pick<Application, 'name'>): TargetId =>
  `application/${name}` as TargetId;

/** The entry of an application, as it was read or before it was ever written. */
export const applicationEntry = (application: Application, found: LedgerEntry | undefined): LedgerEntry =>
  found ?? { target: applicationHead(application), version: 0, state: BLANK_STATE, outbox: [] };

/**
 * How long a step counts as the size of its tier although the tier's own head does not say so: who stored it may still be
 * about to commit. No function runs longer than a minute.
 */
export const STEP_SECONDS = 120;

/** Steps that are kept to be shown. */
const KEPT = 20;

/** The steps of a target that its own head does not show yet. */
export function openSteps(
  plan: PlanRecord | undefined,
  target: TargetId,
  state: TargetState | null,
  now: Instant,
): readonly PlanStep[] {
  return (plan?.steps ?? []).filter(
    (step) => step.target === target && plusSeconds(step.at, STEP_SECONDS) > now && !isTaken(step, state),
  );
}

/** Whether a head has moved since a step was stored: then it tells by itself. */
function isTaken({ at }: PlanStep, state: TargetState | null): boolean {
  if (state === null) return false;
  const { resize, lastOut, lastIn, failures } = state;
  return [resize?.startedAt, lastOut?.at, lastIn?.at, failures?.at].some(
    (time) => time !== undefined && time >= at,
  );
}

/** The head with one more step; the plan is at work, and its application is asked until it has ended. */
export function withStep(state: TargetState, step: PlanStep, why: string): TargetState {
  const { plan } = state;
  const { at: now } = step;
  const kept = (plan?.steps ?? []).filter(({ at }) => plusSeconds(at, STEP_SECONDS) > now);
  const shown = (plan?.steps ?? []).slice(-KEPT).filter((each) => !kept.includes(each));
  const steps = [...shown, ...kept, step];
  const isOpen = plan !== undefined && plan.status !== 'done';
  const standing = isOpen
    ? { status: plan.status, since: plan.since, why: plan.why }
    : { status: 'running' as const, since: now, why };
  return { ...state, plan: { ...standing, steps }, wakeAt: wakeNow(state, now) };
}

/** The head with its plan in another standing. */
export function withStatus(
  state: TargetState,
  { status, why }: Pick<PlanRecord, 'status' | 'why'>,
  now: Instant,
): TargetState {
  const plan = { status, since: now, why, steps: state.plan?.steps ?? [] };
  return { ...state, plan, wakeAt: status === 'done' ? null : wakeNow(state, now) };
}
