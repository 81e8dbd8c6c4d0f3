import type { LedgerEntry } from '../../../shared/core/ledger-entry.ts';
import type { Ledger } from '../../../shared/ports/ledger.ts';

/** A ledger that tells of every head that is written, so that a view need not read it. */
export const watchedLedger = (ledger: Ledger, onWritten: (entry: LedgerEntry) => void): Ledger => ({
  load: (targets) => ledger.load(targets),
  due: (now) => ledger.due(now),
  commit: async (commit) => {
    const entry = await ledger.commit(commit);
    onWritten(entry);
    return entry;
  },
});
