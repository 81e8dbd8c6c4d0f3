import { decide } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import { applicationEntry, applicationHead, withStep } from '../core/plan/application-head.ts';
import { targetId } from '../core/target.ts';
import { commitChange } from './commit.ts';
import type { Decided, Question } from './decide-within-limits.ts';
import type { ControllerDeps } from './deps.ts';
import { draft } from './events-of.ts';
import { type PlanSight, planHeads, withinPlan } from './plan-view.ts';

/**
 * Decides a step of a plan anew with all heads of its application as they are now, and stores it with the application
 * before anybody commits it: two tiers that decide at the same moment cannot break the budget together. A step that is not
 * carried out counts for two minutes and then no more.
 * @throws ControllerError `conflict` when another tier was first.
 */
export async function takeStep(
  deps: ControllerDeps,
  { policy, snapshot: seen, entry, signal, now }: Question,
  sight: PlanSight,
): Promise<Decided> {
  const { application } = sight;
  const heads = await deps.ledger.load(planHeads(application));
  const snapshot = withinPlan(deps, seen, policy, { ...sight, heads }, now);
  const decision = decide(policy, snapshot, entry.state, signal, now);
  if (decision.kind === 'hold') return { snapshot, decision };
  const { from, to, cause } = decision;
  const target = targetId(policy.target);
  const head = applicationEntry(application, heads.get(applicationHead(application)));
  const why = begun(policy.name, decision);
  const state = withStep(head.state, { at: now, target, from, to, cause }, why);
  const isNew = (head.state.plan?.status ?? 'done') === 'done';
  const drafts = isNew ? [draft('PlanStarted', why, { cause, signalId: signal.id })] : [];
  await commitChange(deps.ledger, head, application, state, drafts, now);
  return { snapshot, decision };
}

const begun = (name: string, { from, to }: Extract<Decision, { kind: 'resize' }>): string =>
  `The plan begins with ${name}, from ${from} to ${to}.`;
