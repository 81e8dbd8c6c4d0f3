import { ACCOUNT, accountView } from '../core/account.ts';
import { ControllerError } from '../core/controller-error.ts';
import type { Decision } from '../core/decision.ts';
import type { LedgerEntry } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import type { TargetId } from '../core/target.ts';
import { type Instant, secondsBetween } from '../core/time.ts';
import type { Observation } from '../ports/capacity-target.ts';
import { expireAccount } from './account.ts';
import { carryOnLeftovers } from './carry-out.ts';
import { STRAGGLER_SECONDS } from './commit.ts';
import type { ControllerDeps, RelayDeps } from './deps.ts';
import { evaluateTarget } from './evaluate-target.ts';
import type { Owners } from './find-owners.ts';
import { scheduleOf, snapshotOf } from './handle-signal.ts';
import type { LoadedHeads } from './load-heads.ts';
import type { Readings } from './observe-targets.ts';
import type { PlanSight } from './plan-view.ts';
import type { AskParticipants } from './quota-participants.ts';
import { relayEvents } from './relay-events.ts';
import { reportMissing } from './report-missing.ts';
import { settleStep } from './settle-resize.ts';

/** What was seen longer ago than a tick belongs to the next one. */
const STALE_VIEW_SECONDS = 60;

/** What one tick has read, and counts while it works. */
export interface Tick extends LoadedHeads {
  readonly now: Instant;
  readonly observations: ReadonlyMap<TargetId, Observation>;
  readonly readings: Readings;
  readonly owners: Owners;
  readonly participants: AskParticipants;
  readonly count: { evaluated: number; settled: number; drifted: number };
}

// Lambda freezes a function that has run out of time, and may thaw it much later, in the middle of its work.
function assertFresh(seenAt: Instant, now: Instant): void {
  const age = Math.round(secondsBetween(seenAt, now));
  if (age <= STALE_VIEW_SECONDS) return;
  const message = `It was looked at ${age} s ago, too long to act on it; the next tick looks again.`;
  throw new ControllerError('unavailable', message, { retryable: true });
}

/** An application as the turn of its tiers sees it: heads change while they are asked. */
export interface TurnSight extends PlanSight {
  readonly heads: Map<TargetId, LedgerEntry>;
}

/**
 * Asks one target that is due: events that wait, the resize in flight, what an earlier one left behind, and then the line.
 * Returns null where nothing was decided.
 */
export async function ask(
  deps: ControllerDeps & RelayDeps,
  target: TargetId,
  tick: Tick,
  sight: TurnSight | null,
): Promise<Decision | null> {
  const fault = tick.unreadable.get(target);
  if (fault !== undefined) throw fault;
  const entry = tick.entries.get(target);
  if (entry === undefined) return null;
  await relayStragglers(deps, entry, tick.now);
  const policy = deps.policies.forTarget(target);
  if (policy !== null) return look(deps, policy, entry, tick, sight);
  if (target === ACCOUNT) await expireAccount(deps, entry);
  // The head of an application has nothing to ask for: its tiers have their own.
  else if (sight === null) await retire(deps, entry);
  return null;
}

async function look(
  deps: ControllerDeps,
  policy: Policy,
  entry: LedgerEntry,
  tick: Tick,
  sight: TurnSight | null,
): Promise<Decision | null> {
  const { target } = entry;
  const observation = tick.observations.get(target);
  if (observation === undefined) return null;
  if (observation.kind === 'unknown') throw observation.error;
  assertFresh(tick.now, deps.clock.now());
  const current = await settleFirst(deps, policy, entry, observation, tick);
  if (current === null) return null;
  if (observation.kind === 'missing') {
    await reportMissing(deps, policy, current, observation.detail);
    return null;
  }
  await carryOnLeftovers(deps, policy, current, observation);
  const account = accountView(tick.entries.get(ACCOUNT), current, policy, tick.now);
  const surroundings = { schedule: await scheduleOf(deps, policy, tick.now), account };
  const snapshot = snapshotOf(observation, tick.readings.get(target) ?? {}, surroundings);
  tick.count.evaluated += 1;
  sight?.heads.set(target, current);
  const { decision } = await evaluateTarget(
    deps,
    { policy, snapshot, entry: current, plan: sight, participants: tick.participants },
    { kind: 'sweep', id: deps.ids.next(), target, at: tick.now },
  );
  return decision;
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
  const { outcome, entry, outdated } = await settleStep(deps, policy, before, observation);
  if (outcome === 'settled') tick.count.settled += 1;
  return outdated ? null : entry;
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

/** An error as reports carry it. */
export const messageOf = (error: unknown): string =>
  error instanceof ControllerError ? `${error.code}: ${error.message}` : String(error);
