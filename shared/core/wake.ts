import type { Decision, HoldReason, Step } from './decision.ts';
import type { TargetState } from './ledger-entry.ts';
import { nextExpiry } from './overrides.ts';
import type { Policy } from './policy.ts';
import { earliest, type Instant, secondsBetween } from './time.ts';
import { wakeNow } from './transitions.ts';

type Proposed = Extract<Step, { step: 'proposal' }>;

/**
 * Whether the alarms alone will report everything that matters from here on: nothing is above its band unless the size
 * is at its maximum, and nothing that is below could still be cut.
 */
export function quiet(policy: Policy, decision: Decision): boolean {
  if (decision.kind === 'resize' || decision.trace.some(({ step }) => step === 'missing')) return false;
  const { min, max } = policy.bounds;
  const { size } = decision;
  const proposals = decision.trace.flatMap((step) => (step.step === 'proposal' ? [step] : []));
  if (proposals.length === 0) return false;
  if (size >= max && proposals.some(isAbove)) return true;
  if (proposals.some(isAbove)) return false;
  // The threshold on a total speaks of the minimum alone; above it only looking tells.
  if (size > min && proposals.some(({ scope }) => scope === 'total')) return false;
  return size <= min || proposals.some(({ verdict }) => verdict === 'within-tolerance');
}

const isAbove = ({ verdict }: Proposed): boolean => verdict === 'above' || verdict === 'covered-by-pending';

/** Holds whose end is known beforehand, so that asking earlier changes nothing. */
const ENDS_BY_ITSELF: readonly HoldReason[] = ['cooldown-out', 'cooldown-in', 'failed-recently', 'pinned'];

/** When the sweep asks again: null = the target sleeps until an alarm, a request or the slow pass wakes it. */
export function wakeAfter(
  state: TargetState,
  policy: Policy,
  decision: Decision,
  now: Instant,
): Instant | null {
  const next = dynamicWake(state, policy, decision, now);
  return earliest(next, nextExpiry(state.overrides));
}

function dynamicWake(state: TargetState, policy: Policy, decision: Decision, now: Instant): Instant | null {
  const stayAwake = wakeNow(state, now);
  if (decision.kind === 'resize' || state.resize !== null || policy.evaluation === 'everyMinute')
    return stayAwake;
  if (decision.reason === 'paused') return null;
  if (endsByItself(decision, policy)) return decision.until;
  const settled = state.quietSince !== null && secondsBetween(state.quietSince, now) >= quietSeconds(policy);
  return settled ? null : stayAwake;
}

// A cooldown on scale-in may be slept through only if an alarm reports every breach meanwhile: "2 of 3" may already be
// red from before, and then says nothing of the next rise.
function endsByItself(decision: Extract<Decision, { kind: 'hold' }>, policy: Policy): boolean {
  if (decision.until === null || !ENDS_BY_ITSELF.includes(decision.reason)) return false;
  return decision.reason !== 'cooldown-in' || policy.strategies.every(reportsEveryBreach);
}

const reportsEveryBreach = ({ alarms, scope }: Policy['strategies'][number]): boolean =>
  scope === 'average' && alarms.out.datapoints === alarms.out.of;

/** How long all must have been quiet before every alarm of the policy has surely gone back to OK. */
export function quietSeconds(policy: Policy): number {
  const settling = policy.strategies.flatMap(({ alarms, metric }) =>
    [alarms.out, alarms.in].map((alarm) => {
      if (alarm === null) return 0;
      return (alarm.datapoints < alarm.of ? alarm.of : 1) * metric.periodSeconds;
    }),
  );
  return Math.max(...settling);
}
