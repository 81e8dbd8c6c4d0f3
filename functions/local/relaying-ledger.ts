import type { ControllerEvent } from '../../shared/core/controller-event.ts';
import type { TargetId } from '../../shared/core/target.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';

/** Carries committed events on. It never fails a commit: what it could not carry, the sweep finds in the outbox. */
export type Relay = (target: TargetId, events: readonly ControllerEvent[]) => Promise<void>;

/** A ledger that relays events right after the commit: what the DynamoDB stream does in AWS. */
export function relayingLedger(ledger: Ledger, relay: Relay): Ledger {
  return {
    load: (targets) => ledger.load(targets),
    due: (now) => ledger.due(now),
    commit: async (commit) => {
      const entry = await ledger.commit(commit);
      if (commit.events.length > 0) await relay(commit.target, commit.events);
      const relayed = new Set(commit.events.map(({ id }) => id));
      return { ...entry, outbox: entry.outbox.filter(({ id }) => !relayed.has(id)) };
    },
  };
}
