import { alarmsFor } from '../../core/alarms.ts';
import type { Application } from '../../core/application.ts';
import type { Policy } from '../../core/policy.ts';
import { type TargetId, targetId } from '../../core/target.ts';
import type { PolicySource } from '../../ports/policy-source.ts';

/** A policy source over a list known at start: the bundled set of a function, or what local mode loaded. */
export function staticPolicies(
  policies: readonly Policy[],
  applications: readonly Application[] = [],
): PolicySource {
  const applicationOf = new Map(
    applications.flatMap((application) =>
      application.tiers.map(({ target }) => [target, application] as const),
    ),
  );
  const byTarget = new Map<TargetId, Policy>();
  const byAlarm = new Map<string, Set<Policy>>();
  for (const policy of policies) {
    byTarget.set(targetId(policy.target), policy);
    for (const alarm of [...alarmsFor(policy).map(({ name }) => name), ...policy.wakeOnAlarms]) {
      byAlarm.set(alarm, (byAlarm.get(alarm) ?? new Set()).add(policy));
    }
  }
  return {
    all: () => policies,
    applications: () => applications,
    applicationOf: (target) => applicationOf.get(target) ?? null,
    forTarget: (target) => byTarget.get(target) ?? null,
    forAlarm: (alarm) => [...(byAlarm.get(alarm) ?? [])],
  };
}
