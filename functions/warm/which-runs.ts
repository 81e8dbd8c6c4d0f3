import { warmByDeployment, warmByName, warmByOwnEvent } from '../../events/contracts/warm-call.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import type { WarmPlan } from '../../shared/core/warm-plan.ts';
import type { PolicySource } from '../../shared/ports/policy-source.ts';
import { parseOrThrow } from '../runtime/parse.ts';

/** What a deployment knows. */
export interface BundledSet {
  readonly policies: PolicySource;
  readonly warmPlans: readonly WarmPlan[];
}

/** A run that a call asks for. */
export interface WarmCall {
  readonly plan: WarmPlan;
  /** A new replica to run against. */
  readonly unit: string | null;
  readonly reason: string;
}

const DEPLOYED = 'SERVICE_DEPLOYMENT_COMPLETED';

/**
 * The runs that a call asks for: a call by name, one of our own events, or an event of ECS. None for an event that concerns no plan.
 * @throws ControllerError `invalid` when it is none of these, or names a plan that there is not.
 */
export function whichRuns(set: BundledSet, body: unknown): readonly WarmCall[] {
  switch (sourceOf(body)) {
    case 'plimsoll':
      return byOwnEvent(set, body);
    case 'aws.ecs':
      return byDeployment(set, body);
    default:
      return byName(set, body);
  }
}

const sourceOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'source' in body ? body.source : null;

function byName({ warmPlans }: BundledSet, body: unknown): readonly WarmCall[] {
  const { plan: name, reason } = parseOrThrow(warmByName, body, 'call of the warm function');
  const calls = named(warmPlans, name, null, reason ?? 'on schedule');
  if (calls.length > 0) return calls;
  const known = warmPlans.map((plan) => plan.name).join(', ');
  throw new ControllerError('invalid', `There is no warm plan ${name} (one of: ${known}).`, {
    retryable: false,
  });
}

function byOwnEvent({ policies, warmPlans }: BundledSet, body: unknown): readonly WarmCall[] {
  const { detail } = parseOrThrow(warmByOwnEvent, body, 'event of plimsoll');
  const { type, policy, target, reason, unit = null } = detail;
  if (type === 'ScalingCompleted') return byScaleOut(warmPlans, detail);
  if (target.startsWith('warm/')) return named(warmPlans, policy, unit, reason);
  const scaled = policies.all().find(({ name }) => name === policy)?.target;
  const plan = scaled?.kind === 'rds-replicas' ? scaled.warmUp?.plan : undefined;
  return plan === undefined || unit === null ? [] : named(warmPlans, plan, unit, reason);
}

/** A scale-in leaves the cache as warm as it can be. */
function byScaleOut(
  plans: readonly WarmPlan[],
  { policy, from, to }: { readonly policy: string; readonly from: number | null; readonly to: number | null },
): readonly WarmCall[] {
  if (from === null || to === null || to <= from) return [];
  const reason = `after the scale-out of ${policy} from ${from} to ${to}`;
  return plans
    .filter(({ onScaleOutOf }) => onScaleOutOf.includes(policy))
    .map((plan) => ({ plan, unit: null, reason }));
}

function byDeployment({ policies, warmPlans }: BundledSet, body: unknown): readonly WarmCall[] {
  const { service, detail } = parseOrThrow(warmByDeployment, body, 'ECS service event');
  if (detail.eventName !== DEPLOYED) return [];
  const names = policies.all().flatMap(({ name, target }) => {
    const isOfIt =
      'service' in target && target.service === service.service && target.cluster === service.cluster;
    return isOfIt ? [name] : [];
  });
  const reason = `after a deployment of ${service.cluster}/${service.service}`;
  return warmPlans
    .filter(({ onDeploymentOf }) => onDeploymentOf.some((name) => names.includes(name)))
    .map((plan) => ({ plan, unit: null, reason }));
}

const named = (
  plans: readonly WarmPlan[],
  name: string,
  unit: string | null,
  reason: string,
): readonly WarmCall[] => plans.filter((plan) => plan.name === name).map((plan) => ({ plan, unit, reason }));
