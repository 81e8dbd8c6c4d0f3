import type { Decision, HoldReason, Step } from './decision.ts';
import type { TargetState } from './ledger-entry.ts';
import { nextExpiry } from './overrides.ts';
import type { Policy } from './policy.ts';
import type { Signal } from './signal.ts';
import { earliest, type Instant, secondsBetween } from './time.ts';
import { wakeNow } from './transitions.ts';

type Proposed = Extract<Step, { step: 'proposal' }>;
type Hold = Extract<Decision, { kind: 'hold' }>;

/**
 * Whether the alarms alone will report everything that matters from here on: nothing is above its band unless the size
 * is at its maximum, and as soon as the size could be cut an alarm on scale-in says so.
 */
export function quiet(policy: Policy, decision: Decision): boolean {
  if (decision.kind === 'resize' || anyMissing(decision)) return false;
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

const proposalsOf = ({ trace }: Decision): readonly Proposed[] =>
  trace.flatMap((step) => (step.step === 'proposal' ? [step] : []));

const anyMissing = ({ trace }: Decision): boolean => trace.some(({ step }) => step === 'missing');

const isAbove = ({ verdict }: Proposed): boolean => verdict === 'above' || verdict === 'covered-by-pending';

const hasAlarmIn = (policy: Policy, metricId: string): boolean =>
  policy.strategies.some(({ metric, alarms }) => metric.id === metricId && alarms.in !== null);

/** Holds whose end is known beforehand, whatever the metrics do: asking earlier changes nothing. */
const ENDS_BY_ITSELF: readonly HoldReason[] = ['cooldown-out', 'failed-recently', 'pinned'];

/** When the sweep asks again: null = the target sleeps until an alarm, a request or the slow pass wakes it. */
export function wakeAfter(
  state: TargetState,
  policy: Policy,
  decision: Decision,
  signal: Signal,
  now: Instant,
): Instant | null {
  return earliest(dynamicWake(state, policy, decision, signal, now), nextExpiry(state.overrides));
}

function dynamicWake(
  state: TargetState,
  policy: Policy,
  decision: Decision,
  signal: Signal,
  now: Instant,
): Instant | null {
  const stayAwake = wakeNow(state, now);
  if (decision.kind === 'resize' || state.resize !== null || policy.evaluation === 'everyMinute')
    return stayAwake;
  if (decision.until !== null && ENDS_BY_ITSELF.includes(decision.reason)) return decision.until;
  // An alarm may be ahead of the metric that was just read, and reports its change of state only once: look again.
  if (signal.kind === 'alarm') return stayAwake;
  if (decision.reason === 'cooldown-in' && reportEveryRise(policy)) return decision.until;
  if (nothingToDo(policy, decision)) return null;
  const settled = state.quietSince !== null && secondsBetween(state.quietSince, now) >= quietSeconds(policy);
  return settled ? null : stayAwake;
}

/** Whether a hold stands until the load takes the other direction, and alarms report that. */
function nothingToDo(policy: Policy, decision: Hold): boolean {
  if (decision.reason !== 'paused' && decision.reason !== 'direction-disabled') return false;
  if (policy.paused.out && policy.paused.in) return true;
  if (anyMissing(decision)) return false;
  // Without proposals the size is outside its bounds, and nothing but the policy changes that.
  return proposalsOf(decision).length === 0 || (reportEveryRise(policy) && reportEveryFall(policy));
}

// "2 of 3" may already be red from before, and then says nothing of the next breach; nor does the alarm on a total,
// which knows the minimum alone.
const reportEveryRise = ({ strategies }: Policy): boolean =>
  strategies.every(({ scope, alarms: { out } }) => scope === 'average' && out.datapoints === out.of);

const reportEveryFall = ({ strategies }: Policy): boolean =>
  strategies.every(({ alarms }) => alarms.in !== null && alarms.in.datapoints === alarms.in.of);

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
