import { ACCOUNT, accountView } from '../core/account.ts';
import type { Application } from '../core/application.ts';
import type { Snapshot } from '../core/capacity.ts';
import { ControllerError } from '../core/controller-error.ts';
import type { Decision } from '../core/decision.ts';
import type { LedgerEntry } from '../core/ledger-entry.ts';
import { inOrder, tiersBefore } from '../core/plan/order.ts';
import type { Policy } from '../core/policy.ts';
import { NO_SCHEDULE, type ScheduleState } from '../core/schedule.ts';
import type { Signal } from '../core/signal.ts';
import type { TargetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';
import type { PresentResource } from '../ports/capacity-target.ts';
import type { ControllerDeps } from './deps.ts';
import { type Evaluation, evaluateTarget, firstEntry } from './evaluate-target.ts';
import { ownersOf } from './find-owners.ts';
import { databaseTiers, isShortOfConnections } from './follow-plan.ts';
import { metricsOrNone, observeCapacity, observeMetrics } from './observe-targets.ts';
import { onConflict } from './on-conflict.ts';
import { type PlanSight, planHeads, tierPolicies } from './plan-view.ts';
import { reportMissing } from './report-missing.ts';

/**
 * Looks at the target of one signal and does what is due. An alarm says once that it is red, and a queue gives up one day:
 * a signal that cannot be answered now leaves its target awake, and the sweep answers it.
 * @throws ControllerError retryable ones mean that nothing was lost and the signal should be delivered again.
 */
export async function handleSignal(deps: ControllerDeps, signal: Signal): Promise<Decision> {
  try {
    const application = deps.policies.applicationOf(signal.target);
    // Their own alarms may be quiet, or on their way: what they want must be known before this one goes ahead.
    if (application !== null && AUTOMATIC.includes(signal.kind))
      await askTiers(deps, tiersAhead(application, signal.target));
    const firstLook = AUTOMATIC.includes(signal.kind);
    return (await evaluateSignal(deps, signal, { firstLook })).decision;
  } catch (error) {
    await stayAwake(deps, signal.target).catch(() => {}); // the fault itself is what the caller must hear of
    throw error;
  }
}

const AUTOMATIC: readonly Signal['kind'][] = ['alarm', 'drift', 'sweep'];

/** The tiers that a target comes after, each behind those that it comes after itself. */
function tiersAhead(application: Application, target: TargetId): Application['tiers'] {
  const own = application.tiers.find((tier) => tier.target === target);
  const before = own === undefined ? [] : tiersBefore(application, own.name);
  return inOrder(application).filter(({ name }) => before.includes(name));
}

async function stayAwake({ ledger, clock }: ControllerDeps, target: TargetId): Promise<void> {
  const entry = (await ledger.load([target])).get(target);
  const now = clock.now();
  // The slow pass looks at a target that was never seen.
  if (entry === undefined || (entry.state.wakeAt !== null && entry.state.wakeAt <= now)) return;
  const state = { ...entry.state, wakeAt: now, quietSince: null };
  await ledger.commit({ target, expectedVersion: entry.version, state, events: [] });
}

/** The evaluation of a signal, with the events that were written; where it fails, the caller says so to whoever asked. */
export async function evaluateSignal(
  deps: ControllerDeps,
  signal: Signal,
  { firstLook }: Pick<PlanSight, 'firstLook'> = {},
): Promise<Evaluation> {
  const policy = deps.policies.forTarget(signal.target);
  if (policy === null) {
    throw new ControllerError('target-missing', `No policy names the target ${signal.target}.`, {
      retryable: false,
    });
  }
  const application = deps.policies.applicationOf(signal.target);
  const evaluation = await onConflict(deps, signal.target, () =>
    attempt(deps, policy, signal, application, firstLook),
  );
  if (application !== null && isShortOfConnections(evaluation.decision))
    await askDatabases(deps, application);
  return evaluation;
}

/**
 * Asks the databases of an application at once: one of its tiers has just said that it needs more of them, and their own alarms
 * are quiet. What fails here is asked again by the sweep, for that tier stays awake with its wish.
 */
const askDatabases = (deps: ControllerDeps, application: Application): Promise<void> =>
  askTiers(deps, databaseTiers(application));

async function askTiers(deps: ControllerDeps, tiers: Application['tiers']): Promise<void> {
  for (const { target } of tiers) {
    const signal = { kind: 'sweep', id: deps.ids.next(), target, at: deps.clock.now() } as const;
    await evaluateSignal(deps, signal, { firstLook: true }).catch((error: unknown) =>
      deps.telemetry.problem('A tier that another one needs waits for the next tick', {
        target,
        error: String(error),
      }),
    );
  }
}

async function attempt(
  deps: ControllerDeps,
  policy: Policy,
  signal: Signal,
  application: Application | null,
  firstLook = false,
): Promise<Evaluation> {
  const now = deps.clock.now();
  // A manual size is not a matter of metrics.
  const measured = signal.kind === 'manual' ? [] : [policy];
  const tiers = application === null ? [policy] : tierPolicies(deps.policies, application);
  const observing = observeCapacity(deps, tiers);
  const [entries, observations, readings] = await Promise.all([
    deps.ledger.load([signal.target, ACCOUNT, ...otherHeads(application, signal.target)]),
    observing,
    signal.kind === 'override'
      ? metricsOrNone(deps, measured, observing, now)
      : observeMetrics(deps.metrics, measured, observing, now),
  ]);
  const entry = entries.get(signal.target) ?? null;
  const observation = observations.get(signal.target);
  if (observation?.kind === 'unknown') throw observation.error;
  if (observation?.kind !== 'present') {
    return reportMissing(deps, policy, entry, observation?.detail ?? 'it was not described');
  }
  const account = accountView(entries.get(ACCOUNT), entry, policy, now);
  const surroundings = { schedule: await scheduleOf(deps, policy, now), account };
  const snapshot = snapshotOf(observation, readings.get(signal.target) ?? {}, surroundings);
  const seen = entry ?? (await atFirstSight(deps, policy, snapshot.capacity.desired, now));
  const plan = application === null ? null : { application, observations, heads: entries, firstLook };
  return evaluateTarget(deps, { policy, snapshot, entry: seen, plan }, signal);
}

const otherHeads = (application: Application | null, own: TargetId): readonly TargetId[] =>
  application === null ? [] : planHeads(application).filter((target) => target !== own);

/** The entry of a target that was never seen: it is not touched before it is known that nobody else scales it. */
export async function atFirstSight(
  deps: ControllerDeps,
  policy: Policy,
  size: number,
  now: Instant,
): Promise<LedgerEntry> {
  const entry = firstEntry(policy, size, now);
  const owner = (await ownersOf(deps, [policy])).get(entry.target) ?? null;
  return { ...entry, state: { ...entry.state, ownedBy: owner } };
}

/** A look at a resource and its metrics, as a decision sees them. */
export const snapshotOf = (
  { capacity, deployment, units, limits, unfinished }: PresentResource,
  metrics: Snapshot['metrics'],
  { schedule, account }: Pick<Snapshot, 'schedule' | 'account'>,
): Snapshot => ({
  ...{ capacity, deployment, metrics, units: units ?? null, schedule, account },
  ...(limits === undefined || limits.length === 0 ? {} : { limits }),
  ...(unfinished === undefined || unfinished === null ? {} : { unfinished }),
});

/** Which windows of a policy are open. */
export const scheduleOf = async (
  { calendar }: Pick<ControllerDeps, 'calendar'>,
  { schedule }: Policy,
  now: Instant,
): Promise<ScheduleState> => (schedule === null ? NO_SCHEDULE : calendar.at(schedule, now));
