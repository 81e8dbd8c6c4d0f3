import { BLANK_STATE } from './blank-state.ts';
import type { AccountView } from './capacity.ts';
import type { LedgerEntry, Override, Reservation, TargetState } from './ledger-entry.ts';
import { activeOverrides, nextExpiry } from './overrides.ts';
import type { Policy } from './policy.ts';
import { type TargetId, targetId } from './target.ts';
import { type Instant, plusSeconds } from './time.ts';

/** Under this name the ledger keeps what concerns every target: freeze all, and what all of them have changed lately. */
export const ACCOUNT = 'account/all' as TargetId;

/** What stands for a policy in the events of the account. */
export const EVERY_POLICY = '*';

/**
 * How long a reservation counts as the size of its target, until the target's own head surely says so. No function runs
 * longer than a minute.
 */
export const RESERVED_SECONDS = 120;

/** The account's entry, as it was read or before it was ever written. */
export const accountEntry = (found: LedgerEntry | undefined): LedgerEntry =>
  found ?? { target: ACCOUNT, version: 0, state: BLANK_STATE, outbox: [] };

/** Whether a resize under this policy is counted over all targets. */
export const isCounted = ({ guardrails, unitResources }: Policy): boolean =>
  guardrails.changeBudget !== null || (guardrails.quota !== null && unitResources !== null);

/**
 * What a decision sees of the account when nobody asked for the quota: overrides in force and changes that still count.
 * @param own the target's own entry; null where it has none yet.
 */
export function accountView(
  account: LedgerEntry | undefined,
  own: LedgerEntry | null,
  policy: Policy,
  now: Instant,
): AccountView {
  const { state } = accountEntry(account);
  const { changeBudget } = policy.guardrails;
  const counts = (reservation: Reservation) =>
    changeBudget !== null &&
    plusSeconds(reservation.at, changeBudget.seconds) > now &&
    !isUnused(reservation, targetId(policy.target), own);
  return {
    overrides: activeOverrides(state, now),
    changes: (state.reservations ?? [])
      .filter(counts)
      .map(({ at, from, to }) => ({ at, units: Math.abs(to - from) })),
    reserved: null,
  };
}

/**
 * Whether a target's own reservation led to nothing: who reserved it died or was not the first, and the target must not be
 * held back by it. Of two who reserve for one target at once only one can commit.
 */
function isUnused({ at, target }: Reservation, id: TargetId, own: LedgerEntry | null): boolean {
  if (target !== id) return false;
  if (own === null) return true;
  const { resize, lastOut, lastIn, failures } = own.state;
  const acted = [resize?.startedAt, lastOut?.at, lastIn?.at, failures?.at];
  return acted.every((time) => time === undefined || time < at);
}

/**
 * What the units of all other targets reserve. A target counts with the largest of what its head says and what was reserved
 * for it lately. One that the ledger has never seen counts with what it was found to have, and with its maximum where nobody
 * could look: a limit that rests on a guess would be none.
 * @param unseen sizes of targets without a head.
 */
export function reservedByOthers(
  others: readonly Policy[],
  heads: ReadonlyMap<TargetId, LedgerEntry>,
  unseen: ReadonlyMap<TargetId, number>,
  reservations: readonly Reservation[],
  now: Instant,
): { readonly cpu: number; readonly memoryMiB: number } {
  const open = largestOpen(reservations, now);
  let cpu = 0;
  let memoryMiB = 0;
  for (const { target, unitResources, bounds } of others) {
    const id = targetId(target);
    if (unitResources === null) continue;
    const head = heads.get(id);
    const known = head === undefined ? (unseen.get(id) ?? bounds.max) : sizeOf(head);
    const size = Math.max(known, open.get(id) ?? 0);
    cpu += size * unitResources.cpu;
    memoryMiB += size * unitResources.memoryMiB;
  }
  return { cpu, memoryMiB };
}

const sizeOf = ({ state }: LedgerEntry): number => state.resize?.to ?? state.size ?? 0;

/** The largest size that was reserved for each target lately. */
function largestOpen(reservations: readonly Reservation[], now: Instant): ReadonlyMap<TargetId, number> {
  const largest = new Map<TargetId, number>();
  for (const { at, target, to } of reservations) {
    if (plusSeconds(at, RESERVED_SECONDS) > now) largest.set(target, Math.max(to, largest.get(target) ?? 0));
  }
  return largest;
}

/** The account with one more change; those that no limit counts any more are forgotten. */
export function withReservation(
  state: TargetState,
  reservation: Reservation,
  { guardrails }: Policy,
): TargetState {
  const { at: now } = reservation;
  const seconds = Math.max(RESERVED_SECONDS, guardrails.changeBudget?.seconds ?? 0);
  const kept = (state.reservations ?? []).filter(({ at }) => plusSeconds(at, seconds) > now);
  return { ...state, reservations: [...kept, reservation] };
}

/** The account with other overrides; it wakes when the first of them ends. */
export const withOverrides = (state: TargetState, overrides: readonly Override[]): TargetState => ({
  ...state,
  overrides,
  wakeAt: nextExpiry(overrides),
});
