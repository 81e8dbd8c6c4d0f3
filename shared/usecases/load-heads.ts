import { ControllerError } from '../core/controller-error.ts';
import type { LedgerEntry } from '../core/ledger-entry.ts';
import type { TargetId } from '../core/target.ts';
import type { Ledger } from '../ports/ledger.ts';

/** Heads as far as they could be read, and what is wrong with those that could not. */
export interface LoadedHeads {
  readonly entries: ReadonlyMap<TargetId, LedgerEntry>;
  readonly unreadable: ReadonlyMap<TargetId, ControllerError>;
}

/**
 * Reads many heads. A ledger refuses a read as a whole for one damaged head in it: that one is found by halving, and the
 * others are read.
 * @throws ControllerError when the ledger does not answer.
 */
export async function loadHeads(ledger: Ledger, targets: readonly TargetId[]): Promise<LoadedHeads> {
  try {
    return { entries: await ledger.load(targets), unreadable: new Map() };
  } catch (error) {
    if (!(error instanceof ControllerError && error.code === 'invalid')) throw error;
    if (targets.length <= 1) {
      return { entries: new Map(), unreadable: new Map(targets.map((target) => [target, error])) };
    }
    const middle = Math.ceil(targets.length / 2);
    const halves = [targets.slice(0, middle), targets.slice(middle)];
    const read = await Promise.all(halves.map((half) => loadHeads(ledger, half)));
    return {
      entries: new Map(read.flatMap(({ entries }) => [...entries])),
      unreadable: new Map(read.flatMap(({ unreadable }) => [...unreadable])),
    };
  }
}
