import type { Application } from '../core/application.ts';
import type { ControllerEventType } from '../core/controller-event.ts';
import type { Decision } from '../core/decision.ts';
import { applicationHead, withStatus } from '../core/plan/application-head.ts';
import { outlineOf, type PlanOutline } from '../core/plan/outline.ts';
import type { PlanRecord, PlanStatus } from '../core/plan/plan-record.ts';
import { commitChange } from './commit.ts';
import type { ControllerDeps } from './deps.ts';
import { draft } from './events-of.ts';
import { onConflict } from './on-conflict.ts';
import { type PlanSight, planHeads, planView } from './plan-view.ts';

/** Whether a decision left a client smaller than it wants to be because database nodes are missing. */
export const isShortOfConnections = (decision: Decision): boolean =>
  decision.trace.some(
    (step) =>
      step.step === 'guard' &&
      step.guard === 'limits' &&
      step.reason === 'connection-budget' &&
      step.from > (decision.kind === 'resize' ? decision.from : decision.size),
  );

/** The tiers that take the connections of an application. */
export const databaseTiers = ({ tiers, budget }: Application): Application['tiers'] =>
  tiers.filter(({ name }) => budget?.databases.some(({ tier }) => tier === name));

/**
 * Says how a plan that is under way stands, after its tiers were asked: it has ended, it stopped, it goes on. It has ended only
 * when that was so before they were asked as well, so that each of them has had a look at the end of all others.
 */
export async function followPlan(deps: ControllerDeps, before: PlanSight): Promise<void> {
  const { application, observations } = before;
  const target = applicationHead(application);
  if ((before.heads.get(target)?.state.plan?.status ?? 'done') === 'done') return;
  const was = outlineOf(planView(deps, before, deps.clock.now()));
  await onConflict(deps, target, async () => {
    const now = deps.clock.now();
    const heads = await deps.ledger.load(planHeads(application));
    const entry = heads.get(target);
    const plan = entry?.state.plan;
    if (entry === undefined || plan === undefined) return;
    const outline = standing(was, outlineOf(planView(deps, { application, observations, heads }, now)));
    if (outline.status === plan.status) return;
    const event = draft(eventOf(plan, outline.status), outline.why);
    await commitChange(deps.ledger, entry, application, withStatus(entry.state, outline, now), [event], now);
  });
}

const standing = (was: PlanOutline, is: PlanOutline): PlanOutline =>
  is.status === 'done' && was.status !== 'done' ? { ...is, status: 'running', why: was.why } : is;

function eventOf(before: PlanRecord, after: PlanStatus): ControllerEventType {
  if (after === 'done') return 'PlanCompleted';
  if (after === 'stopped') return 'PlanStopped';
  return before.status === 'stopped' ? 'PlanResumed' : 'PlanStarted';
}
