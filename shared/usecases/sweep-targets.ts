import { ACCOUNT } from '../core/account.ts';
import type { Application } from '../core/application.ts';
import { ControllerError } from '../core/controller-error.ts';
import type { Decision } from '../core/decision.ts';
import { fingerprint } from '../core/fingerprint.ts';
import { waitsForLooks } from '../core/plan/tier-limits.ts';
import type { Policy } from '../core/policy.ts';
import { type TargetId, targetId } from '../core/target.ts';
import { type Instant, secondsBetween } from '../core/time.ts';
import type { Ledger } from '../ports/ledger.ts';
import { ask, messageOf, type Tick } from './ask-target.ts';
import type { ControllerDeps, RelayDeps } from './deps.ts';
import { eachOf } from './each-of.ts';
import { isOwnersMinute, knownOwners, noteOwner, type Owners, ownersOf } from './find-owners.ts';
import { databaseTiers, followPlan, isShortOfConnections } from './follow-plan.ts';
import { evaluateSignal, handleSignal } from './handle-signal.ts';
import { type LoadedHeads, loadHeads } from './load-heads.ts';
import { metricsOrNone, observeCapacity } from './observe-targets.ts';
import { planHeads } from './plan-view.ts';
import { participantsOnce } from './quota-participants.ts';
import { reportMissing } from './report-missing.ts';
import { isInSlice } from './slow-pass.ts';
import { headOf, type Turn, turnsOf } from './sweep-turns.ts';

/** What one tick did. */
export interface SweepReport {
  readonly due: number;
  readonly evaluated: number;
  readonly settled: number;
  readonly drifted: number;
  readonly failed: readonly { readonly target: TargetId; readonly error: string }[];
}

// Commits of different targets do not wait for one another; more than this at once only meets the client's socket limit.
const WIDTH = 16;

// Coprime to most counts, so that turns begin far apart.
const TURN = 37;

/**
 * The minute loop: asks every target that is due, follows resizes, and looks at one slice of the sleeping ones for
 * drift. Everything is read in bulk, and one failed target never stops the others: it stays due.
 * @param scheduledAt when the tick was meant to come, where that is known: what comes later is the lag.
 * @throws ControllerError when the ledger does not answer at all; the next tick asks again.
 */
export async function sweepTargets(
  deps: ControllerDeps & RelayDeps,
  scheduledAt: Instant | null = null,
): Promise<SweepReport> {
  const now = deps.clock.now();
  const due = await deps.ledger.due(now);
  const turns = turnsOf(deps.policies, due);
  const asked = new Set(turns.flatMap(({ targets }) => targets));
  const awake = [...asked].flatMap((target) => deps.policies.forTarget(target) ?? []);
  const sleeping = deps.policies
    .all()
    .filter((policy) => isInSlice(policy, scheduledAt ?? now) && !asked.has(targetId(policy.target)));
  const allOwners = isOwnersMinute(scheduledAt ?? now);
  const observing = observeCapacity(deps, [...awake, ...sleeping]);
  const [heads, observations, readings] = await Promise.all([
    loadHeads(deps.ledger, headsToRead(turns, allOwners ? deps.policies.all() : sleeping)),
    observing,
    metricsOrNone(deps, awake, observing, now),
  ]);
  const strangers = sleeping.filter(({ target }) => !heads.entries.has(targetId(target)));
  const owners = await ownersOf(deps, allOwners ? deps.policies.all() : strangers);
  const count = { evaluated: 0, settled: 0, drifted: 0 };

  const failed: { target: TargetId; error: string }[] = [];
  const onFailure = (target: TargetId, error: unknown) => {
    const why = messageOf(error);
    failed.push({ target, error: why });
    // Whoever was first has looked at the target, so nothing is wrong; what is still open keeps it due.
    if (isConflict(error)) deps.telemetry.ledgerConflict(target);
    else deps.telemetry.problem('A target could not be evaluated', { target, error: why });
  };
  const entries = await withOwners(deps, heads, owners, onFailure);
  const participants = participantsOnce(deps);
  const tick: Tick = { ...heads, entries, owners, participants, now, observations, readings, count };
  await eachOf(
    inTurn(turns, now),
    WIDTH,
    (turn) => take(deps, turn, tick, onFailure),
    (turn, error) => onFailure(headOf(turn), error),
  );
  await eachOf(
    sleeping,
    WIDTH,
    (policy) => lookForDrift(deps, policy, tick),
    (policy, error) => onFailure(targetId(policy.target), error),
  );
  deps.telemetry.swept(due.length, lagOf(due, scheduledAt ?? now, now));
  return { due: due.length, ...tick.count, failed };
}

// `wakeAt` of a target that stays awake is not written anew each minute: since when it is awake says nothing of this tick.
const lagOf = (due: Awaited<ReturnType<Ledger['due']>>, scheduledAt: Instant, now: Instant): number =>
  due.reduce(
    (longest, { wakeAt }) =>
      Math.max(longest, secondsBetween(wakeAt > scheduledAt ? wakeAt : scheduledAt, now)),
    0,
  );

// What concerns every target is read in the same breath as the heads; with nobody to ask there is nothing to read.
function headsToRead(turns: readonly Turn[], others: readonly Policy[]): readonly TargetId[] {
  const asked = turns.flatMap(({ targets, application }) =>
    application === null ? targets : planHeads(application),
  );
  const targets = new Set([...asked, ...others.map(({ target }) => targetId(target))]);
  return targets.size === 0 ? [] : [...targets.add(ACCOUNT)];
}

/** The heads, with what has changed of their other owners noted in them. */
async function withOwners(
  deps: ControllerDeps,
  { entries, unreadable }: LoadedHeads,
  owners: Owners,
  failed: (target: TargetId, error: unknown) => void,
): Promise<LoadedHeads['entries']> {
  const fault = unreadable.get(ACCOUNT);
  if (fault !== undefined) failed(ACCOUNT, fault);
  const noted = new Map(entries);
  const note = async (target: TargetId) => {
    const entry = entries.get(target);
    if (entry !== undefined) noted.set(target, await noteOwner(deps, entry, owners));
  };
  await eachOf([...owners.keys()], WIDTH, note, failed);
  return noted;
}

/** Every minute another turn comes first: a sweep that runs out of time must not leave the same ones out each time. */
function inTurn(turns: readonly Turn[], now: Instant): readonly Turn[] {
  const first = (Math.floor(now / 60_000) * TURN) % Math.max(1, turns.length);
  return [...turns.slice(first), ...turns.slice(0, first)];
}

/**
 * Asks the targets of a turn. The tiers of an application come one after another, each behind those that it waits for; then
 * a database that one of them has just asked for, although its own turn was before; then the plan says how it stands.
 */
async function take(
  deps: ControllerDeps & RelayDeps,
  { targets, application }: Turn,
  tick: Tick,
  failed: (target: TargetId, error: unknown) => void,
): Promise<void> {
  const { entries, observations } = tick;
  const sight =
    application === null ? null : { application, observations, heads: new Map(entries), firstLook: true };
  const decisions = new Map<TargetId, Decision>();
  for (const target of targets) {
    const decided = await ask(deps, target, tick, sight).catch((error: unknown) => {
      failed(target, error);
      return null;
    });
    if (decided !== null) decisions.set(target, decided);
  }
  if (application === null) return;
  for (const target of againOf(application, targets, decisions)) {
    const signal = { kind: 'sweep', id: deps.ids.next(), target, at: deps.clock.now() } as const;
    await evaluateSignal(deps, signal).catch((error: unknown) => failed(target, error));
  }
  await followPlan(deps, { application, observations, heads: entries });
}

/** Who is asked a second time: databases that somebody was short of, then whoever wants to shrink, the last ones first. */
function againOf(
  application: Application,
  targets: readonly TargetId[],
  decisions: ReadonlyMap<TargetId, Decision>,
): readonly TargetId[] {
  const isShort = [...decisions.values()].some(isShortOfConnections);
  const databases = isShort ? databaseTiers(application).map(({ target }) => target) : [];
  const shrinking = targets.filter((target) => {
    const decision = decisions.get(target);
    return decision !== undefined && waitsForLooks(decision);
  });
  return [...new Set([...databases, ...shrinking.reverse()])];
}

async function lookForDrift(deps: ControllerDeps, policy: Policy, tick: Tick): Promise<void> {
  const target = targetId(policy.target);
  const entry = tick.entries.get(target) ?? null;
  const observation = tick.observations.get(target);
  if (observation === undefined) return;
  if (observation.kind === 'unknown') throw observation.error;
  if (observation.kind === 'missing') {
    await reportMissing(deps, policy, entry, observation.detail);
    return;
  }
  const isAsExpected =
    entry !== null &&
    entry.state.resize === null &&
    entry.state.size === observation.capacity.desired &&
    (observation.unfinished ?? null) === null &&
    entry.state.policy === fingerprint(policy);
  if (isAsExpected) return;
  tick.count.drifted += 1;
  const known = { ...deps, ownership: knownOwners(tick.owners) };
  await handleSignal(known, { kind: 'drift', id: deps.ids.next(), target, at: tick.now });
}

const isConflict = (error: unknown): boolean => error instanceof ControllerError && error.code === 'conflict';
