import type { Application } from '../core/application.ts';
import { outlineOf, type PlanOutline, type TierOutline } from '../core/plan/outline.ts';
import { type TierPlan, tierPlan } from '../core/plan/tier-limits.ts';
import type { ControllerDeps } from './deps.ts';
import { observeCapacity } from './observe-targets.ts';
import { planHeads, planView, tierPolicies } from './plan-view.ts';

/** How the plan of an application stands, with the limits of every tier. */
export interface PlanListed extends Pick<PlanOutline, 'status' | 'why'> {
  readonly application: string;
  readonly tiers: readonly (TierOutline & { readonly policy: string; readonly limits: TierPlan['limits'] })[];
}

/** How the plans of these applications stand, from a look at all of their tiers. */
export async function listPlans(
  deps: ControllerDeps,
  applications: readonly Application[],
): Promise<readonly PlanListed[]> {
  if (applications.length === 0) return [];
  const [heads, observations] = await Promise.all([
    deps.ledger.load([...new Set(applications.flatMap(planHeads))]),
    observeCapacity(
      deps,
      applications.flatMap((application) => tierPolicies(deps.policies, application)),
    ),
  ]);
  return applications.map((application) => {
    const view = planView(deps, { application, heads, observations }, deps.clock.now());
    const { status, why, tiers } = outlineOf(view);
    const listed = tiers.map((outline) => {
      const policy = application.tiers.find(({ name }) => name === outline.tier)?.policy ?? outline.tier;
      return { ...outline, policy, limits: tierPlan(view, outline.tier).limits };
    });
    return { application: application.name, status, why, tiers: listed };
  });
}
