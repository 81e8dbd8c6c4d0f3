import type { Application } from '../core/application.ts';
import type { Snapshot } from '../core/capacity.ts';
import type { LedgerEntry } from '../core/ledger-entry.ts';
import { applicationHead, openSteps } from '../core/plan/application-head.ts';
import { type TierPlan, tierPlan, untilAllAreAsked } from '../core/plan/tier-limits.ts';
import type { ApplicationView, TierView } from '../core/plan/tier-view.ts';
import type { Policy } from '../core/policy.ts';
import { type TargetId, targetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';
import { warmId } from '../core/warm-state.ts';
import type { PolicySource } from '../ports/policy-source.ts';
import type { ControllerDeps } from './deps.ts';
import type { Observations } from './observe-targets.ts';

/** What was read of an application while one of its tiers is looked at. */
export interface PlanSight {
  readonly application: Application;
  readonly heads: ReadonlyMap<TargetId, LedgerEntry>;
  readonly observations: Observations;
  /** Whether the tiers that come after one have not been asked yet: then it does not shrink. */
  readonly firstLook?: boolean;
}

/** Every head that the plan of an application is made of. */
export const planHeads = (application: Application): readonly TargetId[] => [
  applicationHead(application),
  ...application.tiers.map(({ target }) => target),
  ...application.tiers.flatMap(({ warm }) => (warm === null ? [] : [warmId(warm.plan)])),
];

/** The policies of all tiers of an application. */
export const tierPolicies = (policies: PolicySource, application: Application): readonly Policy[] =>
  application.tiers.flatMap(({ target }) => policies.forTarget(target) ?? []);

/** An application as its plan sees it. */
export function planView(
  { policies }: Pick<ControllerDeps, 'policies'>,
  { application, heads, observations }: PlanSight,
  now: Instant,
): ApplicationView {
  const plan = heads.get(applicationHead(application))?.state.plan;
  const tiers = application.tiers.flatMap((tier): readonly TierView[] => {
    const policy = policies.forTarget(tier.target);
    if (policy === null) return [];
    const state = heads.get(tier.target)?.state ?? null;
    const warmed = tier.warm === null ? undefined : heads.get(warmId(tier.warm.plan));
    return [
      {
        ...{ tier, policy, state, seen: seenOf(observations, tier.target) },
        warmedAt: warmed?.state.warmedAt ?? null,
        steps: openSteps(plan, tier.target, state, now),
      },
    ];
  });
  return { application, tiers, now };
}

function seenOf(observations: Observations, target: TargetId): TierView['seen'] {
  const observation = observations.get(target);
  if (observation?.kind === 'present') {
    const { kind, capacity, limits = [] } = observation;
    return { kind, capacity, limits };
  }
  const detail = observation?.kind === 'unknown' ? observation.error.message : observation?.detail;
  return { kind: 'unseen', detail: (detail ?? 'it was not described').replace(/\.$/, '') };
}

/** A look at a tier with what the plan says of it; without a plan the look as it is. */
export function withinPlan(
  deps: Pick<ControllerDeps, 'policies'>,
  snapshot: Snapshot,
  policy: Policy,
  sight: PlanSight | null,
  now: Instant,
): Snapshot {
  const target = targetId(policy.target);
  const tier = sight?.application.tiers.find((each) => each.target === target);
  if (sight === null || tier === undefined) return snapshot;
  const view = planView(deps, sight, now);
  const { limits, floor } = tierPlan(view, tier.name);
  const first = sight.firstLook === true ? untilAllAreAsked(view, tier.name) : null;
  // Behind the others: of two equal limits the guard tells the first, and that one lasts.
  return merged(snapshot, { limits: first === null ? limits : [...limits, first], floor });
}

function merged(snapshot: Snapshot, { limits, floor }: TierPlan): Snapshot {
  const all = [...(snapshot.limits ?? []), ...limits];
  return {
    ...snapshot,
    ...(all.length === 0 ? {} : { limits: all }),
    ...(floor === undefined ? {} : { floor }),
  };
}
