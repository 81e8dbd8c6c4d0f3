import { queueThreshold } from './alarms.ts';
import type { Snapshot } from './capacity.ts';
import type { Decision, HoldReason, ProposalStep } from './decision.ts';
import { type EffectiveBounds, effectiveBounds } from './effective-bounds.ts';
import { stabilization } from './guards/stabilization.ts';
import type { TargetState } from './ledger-entry.ts';
import { nextExpiry } from './overrides.ts';
import type { Policy } from './policy.ts';
import { metricsOf, strategyId } from './policy-metrics.ts';
import type { AlarmSensitivity, StepScalingStrategy, Strategy } from './strategy.ts';
import { earliest, type Instant, secondsBetween } from './time.ts';
import { wakeNow } from './transitions.ts';

type Hold = Extract<Decision, { kind: 'hold' }>;

/** What a look at a target is judged by. */
interface Look {
  readonly policy: Policy;
  readonly bounds: EffectiveBounds;
  readonly decision: Hold;
  readonly proposals: readonly ProposalStep[];
}

/**
 * Whether the alarms alone will report everything that matters from here on, so that the target may sleep: its metrics
 * are where only an alarm can lead to a change of size, or a hold stands that only an alarm or its end changes.
 */
export function quiet(
  policy: Policy,
  snapshot: Snapshot,
  state: TargetState,
  decision: Decision,
  now: Instant,
): boolean {
  if (decision.kind === 'resize' || snapshot.unfinished !== undefined) return false;
  if (decision.reason === 'paused' && policy.paused.out && policy.paused.in) return true;
  if (anyMissing(decision) || anyUnitSilent(decision) || policy.strategies.some(isUnwatched)) return false;
  const bounds = effectiveBounds(policy, snapshot, state, now);
  const look = { policy, bounds, decision, proposals: measured(decision) };
  return isAtRest(look) || isWaiting(look);
}

// No alarm knows a formula or the units of a tier, and a metric without an alarm of its own may ask for scale-out unheard.
const isUnwatched = (strategy: Strategy): boolean =>
  strategy.kind === 'expression' ||
  strategy.metric.unitDimension !== undefined ||
  (strategy.kind === 'queue' ? strategy.alarms.out === null : hasDeafRule(strategy));

const hasDeafRule = (strategy: Exclude<Strategy, { kind: 'expression' | 'queue' }>): boolean =>
  strategy.kind !== 'target-tracking' &&
  ((strategy.out !== null && strategy.alarms.out === null) ||
    (strategy.kind === 'step' && growsUnheard(strategy)));

// Below its threshold an exact size may be a larger one, which an alarm reports where there is one, and one step only.
const growsUnheard = ({ adjustmentType, in: inward, alarms }: StepScalingStrategy): boolean =>
  adjustmentType === 'ExactCapacity' && inward !== null && (alarms.in === null || inward.steps.length > 1);

// Nothing is above its band unless the size is at its maximum, and as soon as the size could be cut an alarm says so.
function isAtRest({ policy, bounds, decision, proposals }: Look): boolean {
  const { size } = decision;
  // A policy of schedules alone changes at the edges of its windows.
  if (policy.strategies.length === 0) return decision.wish === size;
  if (proposals.length === 0 || proposals.some(isCounting)) return false;
  // What an open window wants counts as well: nothing reports that a quota has room for it again.
  const wantsMore = proposals.some(isAbove) || proposed(decision).some(({ wish }) => wish > size);
  if (wantsMore && size < bounds.max) return false;
  // The threshold on a total speaks of the policy's minimum alone; above it only looking tells.
  const total = proposals.some(({ scope }) => scope === 'total');
  if (total && (size > policy.bounds.min || proposals.some((step) => isHeard(policy, step)))) return false;
  if (size <= bounds.min) return true;
  // A rule for scale-out alone never asks for a cut, so there is nothing to hear of.
  const cutting = proposals.filter(({ metric }) => mayCut(policy, metric));
  return (
    cutting.length === 0 ||
    cutting.some(
      ({ verdict, wish, metric }) => verdict !== 'below' && wish >= size && hasAlarmIn(policy, metric),
    )
  );
}

// An alarm may be red before the rule has seen enough, and then says nothing when it has.
const isCounting = (step: ProposalStep): boolean =>
  step.strategy === 'threshold' && step.verdict === 'within-tolerance' && step.sustainedSeconds > 0;

/** A queue longer than the threshold of its alarm: the alarm is red already, and says nothing of what comes next. */
function isHeard(policy: Policy, step: ProposalStep): boolean {
  if (step.strategy !== 'queue') return false;
  return policy.strategies.some(
    (each) =>
      each.kind === 'queue' &&
      each.metric.id === step.metric &&
      step.value > queueThreshold(each, policy.bounds.min),
  );
}

const WAITING: readonly HoldReason[] = [
  'paused',
  'frozen',
  'direction-disabled',
  'owned-elsewhere',
  'stopped-at-zero',
];

/** A hold that stands until the load takes the other direction, or until its end. */
function isWaiting({ policy, decision, proposals }: Look): boolean {
  if (decision.reason === 'cooldown-in') return reportsEveryChange(policy);
  if (!WAITING.includes(decision.reason)) return false;
  // Without proposals the size is outside its bounds, and nothing but the policy changes that.
  if (proposals.length === 0) return true;
  // While an earlier wish bends the one of now, time alone changes it.
  return reportsEveryChange(policy) && !bentByHistory(decision);
}

const proposed = ({ trace }: Decision): readonly ProposalStep[] =>
  trace.flatMap((step) => (step.step === 'proposal' ? [step] : []));

const measured = (decision: Decision): readonly ProposalStep[] =>
  proposed(decision).filter(({ strategy }) => strategy !== 'schedule');

// A unit that is not ready or not measured yet will speak, and no alarm says when.
const anyUnitSilent = ({ trace }: Decision): boolean =>
  trace.some(
    (step) =>
      step.step === 'proposal' &&
      step.strategy === 'target-tracking' &&
      step.units !== null &&
      step.units.unready + step.units.missing > 0,
  );

const anyMissing = ({ trace }: Decision): boolean => trace.some(({ step }) => step === 'missing');

const bentByHistory = ({ trace }: Decision): boolean =>
  trace.some((step) => step.step === 'guard' && step.guard === stabilization.name);

const isAbove = ({ verdict }: ProposalStep): boolean =>
  verdict === 'above' || verdict === 'covered-by-pending';

const mayCut = (policy: Policy, id: string): boolean =>
  policy.strategies.some((strategy) => strategyId(strategy) === id && asksForCuts(strategy));

function asksForCuts(strategy: Strategy): boolean {
  if (strategy.kind === 'threshold') return strategy.in !== null;
  // An exact size may be a smaller one, whatever the side.
  if (strategy.kind === 'step') return strategy.in !== null || strategy.adjustmentType === 'ExactCapacity';
  return true;
}

const hasAlarmIn = (policy: Policy, metricId: string): boolean =>
  policy.strategies.some(
    (strategy) =>
      strategy.kind !== 'expression' &&
      strategy.metric.id === metricId &&
      strategy.alarms.in !== null &&
      !('in' in strategy && strategy.in === null),
  );

// "2 of 3" may already be red from before, and then says nothing of the next breach; nor does the alarm on a total,
// which knows the minimum alone.
const reportsEveryChange = ({ strategies }: Policy): boolean =>
  strategies.every((strategy) => {
    if (strategy.kind === 'expression' || strategy.kind === 'queue') return false;
    if (strategy.kind === 'target-tracking') {
      const { scope, alarms } = strategy;
      return scope === 'average' && isPlain(alarms.out) && alarms.in !== null && isPlain(alarms.in);
    }
    return (['out', 'in'] as const).every(
      (side) => strategy[side] === null || isPlain(strategy.alarms[side]),
    );
  });

const isPlain = (alarm: AlarmSensitivity | null): boolean => alarm !== null && alarm.datapoints === alarm.of;

/** Holds whose end is known beforehand, whatever the metrics do: asking earlier changes nothing. */
const ENDS_BY_ITSELF: readonly HoldReason[] = ['cooldown-out', 'failed-recently', 'pinned'];

/** Holds that end at a known time although the metrics may change them earlier. */
const ENDS_BY_TIME: readonly HoldReason[] = ['cooldown-in', 'paused', 'frozen'];

/** When the sweep asks again: null = the target sleeps until an alarm, a request or the slow pass wakes it. */
export function wakeAfter(
  state: TargetState,
  policy: Policy,
  snapshot: Snapshot,
  decision: Decision,
  now: Instant,
): Instant | null {
  return earliest(
    dynamicWake(state, policy, snapshot, decision, now),
    nextExpiry(state.overrides),
    snapshot.schedule.changesAt,
  );
}

function dynamicWake(
  state: TargetState,
  policy: Policy,
  { unfinished }: Snapshot,
  decision: Decision,
  now: Instant,
): Instant | null {
  const stayAwake = wakeNow(state, now);
  if (decision.kind === 'resize' || state.resize !== null || policy.evaluation === 'everyMinute')
    return stayAwake;
  // Whatever holds the size, what was left behind is carried on each minute.
  if (unfinished !== undefined) return stayAwake;
  const { until, reason } = decision;
  if (until !== null && endsByItself(policy, reason)) return until;
  const settled = state.quietSince !== null && secondsBetween(state.quietSince, now) >= quietSeconds(policy);
  if (!settled) return stayAwake;
  return ENDS_BY_TIME.includes(reason) ? until : null;
}

// A larger step acts during the cooldown of scale-out.
const endsByItself = ({ strategies }: Policy, reason: HoldReason): boolean =>
  ENDS_BY_ITSELF.includes(reason) &&
  !(reason === 'cooldown-out' && strategies.some(({ kind }) => kind === 'step'));

/** How long all must have been quiet before every alarm of the policy has surely gone back to OK. */
export function quietSeconds(policy: Policy): number {
  const settling = policy.strategies.flatMap((strategy) => {
    if (strategy.kind === 'expression') return [];
    const period = Math.max(...metricsOf(strategy).map(({ periodSeconds }) => periodSeconds));
    return [strategy.alarms.out, strategy.alarms.in].map((alarm) => {
      if (alarm === null) return 0;
      return (alarm.datapoints < alarm.of ? alarm.of : 1) * period;
    });
  });
  return Math.max(0, ...settling);
}
