import type { Override } from '../../../shared/core/ledger-entry.ts';
import type { TargetId } from '../../../shared/core/target.ts';
import type { Ledger } from '../../../shared/ports/ledger.ts';

/** A ledger that tells of the overrides in every head that is written, so that a view need not read it. */
export const watchedLedger = (
  ledger: Ledger,
  onWritten: (target: TargetId, overrides: readonly Override[]) => void,
): Ledger => ({
  load: (targets) => ledger.load(targets),
  due: (now) => ledger.due(now),
  commit: async (commit) => {
    const entry = await ledger.commit(commit);
    onWritten(commit.target, commit.state.overrides);
    return entry;
  },
});
