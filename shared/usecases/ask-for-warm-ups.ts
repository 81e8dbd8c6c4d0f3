import type { LedgerEntry } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import type { PresentResource } from '../ports/capacity-target.ts';
import { commitChange } from './commit.ts';
import type { ControllerDeps } from './deps.ts';
import { draft } from './events-of.ts';

/**
 * Asks once for the warm-up of every new unit of a resize that waits for it, and remembers that on the resize. Whoever listens
 * to the event runs the plan against the unit and notes on it that it is warm.
 * @throws ControllerError `conflict` when another writer was first.
 */
export async function askForWarmUps(
  deps: Pick<ControllerDeps, 'ledger' | 'clock'>,
  policy: Policy,
  entry: LedgerEntry,
  { awaitingWarmUp = [] }: PresentResource,
): Promise<LedgerEntry> {
  const { resize } = entry.state;
  const plan = policy.target.kind === 'rds-replicas' ? policy.target.warmUp?.plan : undefined;
  if (resize === null || plan === undefined) return entry;
  const asked = resize.warmUps ?? [];
  const units = awaitingWarmUp.filter((unit) => !asked.includes(unit));
  if (units.length === 0) return entry;
  const { id: resizeId, decisionId, signalId } = resize;
  const events = units.map((unit) =>
    draft('WarmRequested', `${unit} is to be warmed up by ${plan} before it serves.`, {
      ...{ resizeId, decisionId, signalId, unit },
    }),
  );
  const state = { ...entry.state, resize: { ...resize, warmUps: [...asked, ...units] } };
  return (await commitChange(deps.ledger, entry, policy, state, events, deps.clock.now())).entry;
}
