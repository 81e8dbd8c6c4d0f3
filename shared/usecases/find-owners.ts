import { ControllerError } from '../core/controller-error.ts';
import type { LedgerEntry } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import { type TargetId, targetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';
import { wakeNow } from '../core/transitions.ts';
import type { ControllerDeps } from './deps.ts';
import { SLOW_PASS_MINUTES } from './slow-pass.ts';

const MINUTE = 60_000;
/** The minute of each quarter of an hour in which owners are asked for: not the first, when everybody's schedules run. */
const OWNERS_MINUTE = 7;

/** Other owners by target, null where there is none; a target that could not be looked at is absent. */
export type Owners = ReadonlyMap<TargetId, string | null>;

/** Whether the slow pass asks, for every target at once, who else scales it. */
export const isOwnersMinute = (now: Instant): boolean =>
  Math.floor(now / MINUTE) % SLOW_PASS_MINUTES === OWNERS_MINUTE;

/** Who else scales the targets. A look that fails is reported and changes nothing: what was known stays. */
export async function ownersOf(deps: ControllerDeps, policies: readonly Policy[]): Promise<Owners> {
  if (policies.length === 0) return new Map();
  try {
    return await deps.ownership.ownersOf(policies.map(({ target }) => target));
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    deps.telemetry.problem('It is not known who else scales the targets', {
      policies: policies.length,
      error: `${error.code}: ${error.message}`,
    });
    return new Map();
  }
}

/**
 * Notes in the head of a target who else scales it, when that has changed, and wakes it: it rests from now on, or resumes.
 * @throws ControllerError `conflict` when another writer was first; the next slow pass notes it.
 */
export async function noteOwner(
  deps: ControllerDeps,
  entry: LedgerEntry,
  owners: Owners,
): Promise<LedgerEntry> {
  const { target, version, state } = entry;
  const owner = owners.get(target);
  if (owner === undefined || owner === state.ownedBy) return entry;
  if (owner !== null) deps.telemetry.problem('Somebody else scales a target', { target, owner });
  const now = deps.clock.now();
  const changed = { ...state, ownedBy: owner, wakeAt: wakeNow(state, now), quietSince: null };
  return deps.ledger.commit({ target, expectedVersion: version, state: changed, events: [] });
}

/** Owners that are known already, so that looking at a target does not ask for them again. */
export const knownOwners = (owners: Owners): ControllerDeps['ownership'] => ({
  ownersOf: async (targets) =>
    new Map(targets.map((target) => [targetId(target), owners.get(targetId(target)) ?? null])),
});
