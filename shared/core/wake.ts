import type { Decision, HoldReason, Step } from './decision.ts';
import { stabilization } from './guards/stabilization.ts';
import type { TargetState } from './ledger-entry.ts';
import { nextExpiry } from './overrides.ts';
import type { Policy } from './policy.ts';
import { earliest, type Instant, secondsBetween } from './time.ts';
import { wakeNow } from './transitions.ts';

type Proposed = Extract<Step, { step: 'proposal' }>;
type Hold = Extract<Decision, { kind: 'hold' }>;

/**
 * Whether the alarms alone will report everything that matters from here on, so that the target may sleep: its metrics
 * are where only an alarm can lead to a change of size, or a hold stands that only an alarm or its end changes.
 */
export function quiet(policy: Policy, decision: Decision): boolean {
  if (decision.kind === 'resize') return false;
  if (decision.reason === 'paused' && policy.paused.out && policy.paused.in) return true;
  return !anyMissing(decision) && (isAtRest(policy, decision) || isWaiting(policy, decision));
}

// Nothing is above its band unless the size is at its maximum, and as soon as the size could be cut an alarm says so.
function isAtRest(policy: Policy, decision: Hold): boolean {
  const { min, max } = policy.bounds;
  const { size } = decision;
  const proposals = proposalsOf(decision);
  if (proposals.length === 0) return false;
  if (proposals.some(isAbove) && size < max) return false;
  if (size <= min) return true;
  // The threshold on a total speaks of the minimum alone; above it only looking tells.
  if (proposals.some(({ scope }) => scope === 'total')) return false;
  return proposals.some(({ verdict, metric }) => verdict !== 'below' && hasAlarmIn(policy, metric));
}

/** A hold that stands until the load takes the other direction, or until its end. */
function isWaiting(policy: Policy, decision: Hold): boolean {
  if (decision.reason === 'cooldown-in') return reportsEveryChange(policy);
  if (decision.reason !== 'paused' && decision.reason !== 'direction-disabled') return false;
  // Without proposals the size is outside its bounds, and nothing but the policy changes that.
  if (proposalsOf(decision).length === 0) return true;
  // While an earlier wish bends the one of now, time alone changes it.
  return reportsEveryChange(policy) && !bentByHistory(decision);
}

const proposalsOf = ({ trace }: Decision): readonly Proposed[] =>
  trace.flatMap((step) => (step.step === 'proposal' ? [step] : []));

const anyMissing = ({ trace }: Decision): boolean => trace.some(({ step }) => step === 'missing');

const bentByHistory = ({ trace }: Decision): boolean =>
  trace.some((step) => step.step === 'guard' && step.guard === stabilization.name);

const isAbove = ({ verdict }: Proposed): boolean => verdict === 'above' || verdict === 'covered-by-pending';

const hasAlarmIn = (policy: Policy, metricId: string): boolean =>
  policy.strategies.some(({ metric, alarms }) => metric.id === metricId && alarms.in !== null);

// "2 of 3" may already be red from before, and then says nothing of the next breach; nor does the alarm on a total,
// which knows the minimum alone.
const reportsEveryChange = ({ strategies }: Policy): boolean =>
  strategies.every(
    ({ scope, alarms }) =>
      scope === 'average' &&
      alarms.out.datapoints === alarms.out.of &&
      alarms.in !== null &&
      alarms.in.datapoints === alarms.in.of,
  );

/** Holds whose end is known beforehand, whatever the metrics do: asking earlier changes nothing. */
const ENDS_BY_ITSELF: readonly HoldReason[] = ['cooldown-out', 'failed-recently', 'pinned'];

/** When the sweep asks again: null = the target sleeps until an alarm, a request or the slow pass wakes it. */
export function wakeAfter(
  state: TargetState,
  policy: Policy,
  decision: Decision,
  now: Instant,
): Instant | null {
  return earliest(dynamicWake(state, policy, decision, now), nextExpiry(state.overrides));
}

function dynamicWake(state: TargetState, policy: Policy, decision: Decision, now: Instant): Instant | null {
  const stayAwake = wakeNow(state, now);
  if (decision.kind === 'resize' || state.resize !== null || policy.evaluation === 'everyMinute')
    return stayAwake;
  const { until, reason } = decision;
  if (until !== null && ENDS_BY_ITSELF.includes(reason)) return until;
  const settled = state.quietSince !== null && secondsBetween(state.quietSince, now) >= quietSeconds(policy);
  if (!settled) return stayAwake;
  return reason === 'cooldown-in' ? until : null;
}

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
