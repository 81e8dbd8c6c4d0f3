import { ACCOUNT, accountView } from '../core/account.ts';
import { ControllerError } from '../core/controller-error.ts';
import { fingerprint } from '../core/fingerprint.ts';
import type { LedgerEntry } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import { type TargetId, targetId } from '../core/target.ts';
import { type Instant, secondsBetween } from '../core/time.ts';
import type { Observation } from '../ports/capacity-target.ts';
import type { Ledger } from '../ports/ledger.ts';
import { expireAccount } from './account.ts';
import { carryOnLeftovers } from './carry-out.ts';
import { STRAGGLER_SECONDS } from './commit.ts';
import type { ControllerDeps, RelayDeps } from './deps.ts';
import { eachOf } from './each-of.ts';
import { evaluateTarget } from './evaluate-target.ts';
import { isOwnersMinute, knownOwners, noteOwner, type Owners, ownersOf } from './find-owners.ts';
import { handleSignal, scheduleOf, snapshotOf } from './handle-signal.ts';
import { type LoadedHeads, loadHeads } from './load-heads.ts';
import { metricsOrNone, observeCapacity, type Readings } from './observe-targets.ts';
import { type AskParticipants, participantsOnce } from './quota-participants.ts';
import { relayEvents } from './relay-events.ts';
import { reportMissing } from './report-missing.ts';
import { settleStep } from './settle-resize.ts';
import { isInSlice } from './slow-pass.ts';

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

/** What was seen longer ago than a tick belongs to the next one. */
const STALE_VIEW_SECONDS = 60;
// Coprime to most counts, so that turns begin far apart.
const TURN = 37;

/** What one tick has read, and counts while it works. */
interface Tick extends LoadedHeads {
  readonly now: Instant;
  readonly observations: ReadonlyMap<TargetId, Observation>;
  readonly readings: Readings;
  readonly owners: Owners;
  readonly participants: AskParticipants;
  readonly count: { evaluated: number; settled: number; drifted: number };
}

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
  const dueIds = new Set(due.map(({ target }) => target));
  const awake = due.flatMap(({ target }) => deps.policies.forTarget(target) ?? []);
  const sleeping = deps.policies
    .all()
    .filter((policy) => isInSlice(policy, scheduledAt ?? now) && !dueIds.has(targetId(policy.target)));
  const allOwners = isOwnersMinute(scheduledAt ?? now);
  const observing = observeCapacity(deps, [...awake, ...sleeping]);
  const [heads, observations, readings] = await Promise.all([
    loadHeads(deps.ledger, headsToRead(dueIds, allOwners ? deps.policies.all() : sleeping)),
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
  await eachOf(inTurn([...dueIds], now), WIDTH, (target) => ask(deps, target, tick), onFailure);
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
function headsToRead(due: ReadonlySet<TargetId>, others: readonly Policy[]): readonly TargetId[] {
  const targets = [...new Set([...due, ...others.map(({ target }) => targetId(target))])];
  return targets.length === 0 || due.has(ACCOUNT) ? targets : [...targets, ACCOUNT];
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

/** Every minute another target comes first: a sweep that runs out of time must not leave the same ones out each time. */
function inTurn(targets: readonly TargetId[], now: Instant): readonly TargetId[] {
  const first = (Math.floor(now / 60_000) * TURN) % Math.max(1, targets.length);
  return [...targets.slice(first), ...targets.slice(0, first)];
}

// Lambda freezes a function that has run out of time, and may thaw it much later, in the middle of its work.
function assertFresh(seenAt: Instant, now: Instant): void {
  const age = Math.round(secondsBetween(seenAt, now));
  if (age <= STALE_VIEW_SECONDS) return;
  const message = `It was looked at ${age} s ago, too long to act on it; the next tick looks again.`;
  throw new ControllerError('unavailable', message, { retryable: true });
}

async function ask(deps: ControllerDeps & RelayDeps, target: TargetId, tick: Tick): Promise<void> {
  const fault = tick.unreadable.get(target);
  if (fault !== undefined) throw fault;
  const entry = tick.entries.get(target);
  if (entry === undefined) return;
  await relayStragglers(deps, entry, tick.now);
  if (target === ACCOUNT) return expireAccount(deps, entry);
  const policy = deps.policies.forTarget(target);
  if (policy === null) return retire(deps, entry);
  const observation = tick.observations.get(target);
  if (observation === undefined) return;
  if (observation.kind === 'unknown') throw observation.error;
  assertFresh(tick.now, deps.clock.now());
  const current = await settleFirst(deps, policy, entry, observation, tick);
  if (current === null) return;
  if (observation.kind === 'missing') {
    await reportMissing(deps, policy, current, observation.detail);
    return;
  }
  await carryOnLeftovers(deps, policy, current, observation);
  const account = accountView(tick.entries.get(ACCOUNT), current, policy, tick.now);
  const surroundings = { schedule: await scheduleOf(deps, policy, tick.now), account };
  const snapshot = snapshotOf(observation, tick.readings.get(target) ?? {}, surroundings);
  tick.count.evaluated += 1;
  await evaluateTarget(
    deps,
    { policy, snapshot, entry: current, participants: tick.participants },
    { kind: 'sweep', id: deps.ids.next(), target, at: tick.now },
  );
}

/** Follows the resize of an entry, if it has one, and returns the entry as it is afterwards; null when the rest can wait. */
async function settleFirst(
  deps: ControllerDeps,
  policy: Policy,
  before: LedgerEntry,
  observation: Observation,
  tick: Tick,
): Promise<LedgerEntry | null> {
  if (before.state.resize === null) return before;
  const { outcome, entry } = await settleStep(deps, policy, before, observation);
  if (outcome === 'settled') tick.count.settled += 1;
  // What was just asked for is not in what was observed before it.
  return outcome === 'in-progress' && before.state.resize.acceptedAt === null ? null : entry;
}

/**
 * A target that no policy names any more is let go of: it keeps its history and sleeps. It forgets which policy it was
 * under, so that the slow pass looks at it when one is back; and it goes only when its events are out, for nobody
 * would ask again.
 */
async function retire(deps: ControllerDeps, { target, version, state, outbox }: LedgerEntry): Promise<void> {
  if (outbox.length > 0) return;
  await deps.ledger.commit({
    target,
    expectedVersion: version,
    state: { ...state, wakeAt: null, policy: null },
    events: [],
  });
}

// Whether the world can be told of what happened is no condition for doing what is due: the events wait in the outbox.
async function relayStragglers(
  deps: ControllerDeps & RelayDeps,
  { target, outbox }: LedgerEntry,
  now: Instant,
): Promise<void> {
  const stragglers = outbox.filter(({ at }) => secondsBetween(at, now) >= STRAGGLER_SECONDS);
  await relayEvents(deps, target, stragglers).catch((error: unknown) => {
    if (!(error instanceof ControllerError)) throw error;
    deps.telemetry.problem('Events could not be relayed', { target, error: messageOf(error) });
  });
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

const messageOf = (error: unknown): string =>
  error instanceof ControllerError ? `${error.code}: ${error.message}` : String(error);
