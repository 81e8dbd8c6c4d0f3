import type { ControllerEvent } from '../core/controller-event.ts';
import type { LedgerEntry, TargetState } from '../core/ledger-entry.ts';
import { isSameState } from '../core/same-state.ts';
import { type Instant, plusSeconds } from '../core/time.ts';
import type { Ledger } from '../ports/ledger.ts';
import { type EventDraft, eventsOf } from './events-of.ts';

/** Events that no relay has taken after this many seconds are taken by the sweep. */
export const STRAGGLER_SECONDS = 60;

/** A head after a commit, and the events that the commit wrote. */
export interface Committed {
  readonly entry: LedgerEntry;
  readonly events: readonly ControllerEvent[];
}

/**
 * Commits a new state with its events, or nothing when neither changed anything: a steady target costs no write.
 * A target with events in its outbox stays awake until they are relayed, so that a lost relay is noticed.
 * @throws ControllerError `conflict` when another writer was first.
 */
export async function commitChange(
  ledger: Ledger,
  entry: LedgerEntry,
  policy: { readonly name: string },
  state: TargetState,
  drafts: readonly EventDraft[],
  now: Instant,
): Promise<Committed> {
  const guarded = drafts.length > 0 || entry.outbox.length > 0 ? withStragglerCheck(state, now) : state;
  if (drafts.length === 0 && entry.version > 0 && isSameState(guarded, entry.state)) {
    return { entry, events: [] };
  }
  const { target } = entry;
  const events = eventsOf(drafts, { target, policy: policy.name }, entry.version + 1, now);
  return {
    entry: await ledger.commit({ target, expectedVersion: entry.version, state: guarded, events }),
    events,
  };
}

function withStragglerCheck(state: TargetState, now: Instant): TargetState {
  const check = plusSeconds(now, STRAGGLER_SECONDS);
  return state.wakeAt !== null && state.wakeAt <= check ? state : { ...state, wakeAt: check };
}
