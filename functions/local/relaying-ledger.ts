import type { ControllerEvent } from '../../shared/core/controller-event.ts';
import type { TargetId } from '../../shared/core/target.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';

/** Carries committed events on. */
export type Relay = (target: TargetId, events: readonly ControllerEvent[]) => Promise<void>;

/**
 * A ledger that relays events right after the commit: what the DynamoDB stream does in AWS. A relay that fails never
 * fails the commit, which has landed: `failed` is told, and the sweep finds the events in the outbox.
 */
export function relayingLedger(
  ledger: Ledger,
  relay: Relay,
  failed: (target: TargetId, error: unknown) => void,
): Ledger {
  return {
    load: (targets) => ledger.load(targets),
    due: (now) => ledger.due(now),
    commit: async (commit) => {
      const entry = await ledger.commit(commit);
      if (commit.events.length === 0) return entry;
      try {
        await relay(commit.target, commit.events);
      } catch (error) {
        failed(commit.target, error);
        // What is still in the outbox must be seen there: it keeps the target awake until the sweep has taken it.
        return entry;
      }
      const relayed = new Set(commit.events.map(({ id }) => id));
      return { ...entry, outbox: entry.outbox.filter(({ id }) => !relayed.has(id)) };
    },
  };
}
