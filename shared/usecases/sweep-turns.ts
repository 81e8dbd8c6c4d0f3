import type { Application } from '../core/application.ts';
import { applicationHead } from '../core/plan/application-head.ts';
import { inOrder } from '../core/plan/order.ts';
import type { TargetId } from '../core/target.ts';
import type { PolicySource } from '../ports/policy-source.ts';

/** What a sweep asks in one go: a target, or an application with all of its tiers. */
export interface Turn {
  readonly targets: readonly TargetId[];
  readonly application: Application | null;
}

/** The head that a turn is about. */
export const headOf = ({ targets, application }: Turn): TargetId =>
  application === null ? (targets[0] as TargetId) : applicationHead(application);

/**
 * The turns of whoever is due. When one tier of an application is due, or its plan, all of its tiers are asked: a database that
 * sleeps must hear what the others need of it.
 */
export function turnsOf(
  policies: PolicySource,
  due: readonly { readonly target: TargetId }[],
): readonly Turn[] {
  const byHead = new Map(
    policies.applications().map((application) => [applicationHead(application), application]),
  );
  const turns = new Map<TargetId, Turn>();
  for (const { target } of due) {
    const application = policies.applicationOf(target) ?? byHead.get(target) ?? null;
    if (application === null) turns.set(target, { targets: [target], application });
    else {
      const head = applicationHead(application);
      const tiers = inOrder(application).map((tier) => tier.target);
      turns.set(head, { targets: [head, ...tiers], application });
    }
  }
  return [...turns.values()];
}
