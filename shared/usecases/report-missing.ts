import type { Decision } from '../core/decision.ts';
import type { LedgerEntry } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import { targetId } from '../core/target.ts';
import { firstSight } from '../core/transitions.ts';
import { failResize, goneWith } from './carry-out.ts';
import { commitChange } from './commit.ts';
import type { ControllerDeps } from './deps.ts';
import type { Evaluation } from './evaluate-target.ts';
import { draft } from './events-of.ts';

/**
 * Stores and reports, once, that a resource is gone, after the end of the resize that it had in flight. The target sleeps;
 * the slow pass notices when it is back.
 */
export async function reportMissing(
  deps: ControllerDeps,
  policy: Policy,
  entry: LedgerEntry | null,
  detail: string,
): Promise<Evaluation> {
  const now = deps.clock.now();
  const target = targetId(policy.target);
  const before = entry ?? { target, version: 0, state: firstSight(policy, 0, now), outbox: [] };
  const { resize, size } = before.state;
  const known =
    resize === null ? before : await failResize(deps, policy, before, resize, goneWith(detail), size);
  const isNews = known.version === 0 || known.state.size !== null;
  const state = { ...known.state, size: null, wakeAt: null, quietSince: null };
  const drafts = isNews ? [draft('TargetMissing', `${target} cannot be scaled: ${detail}`)] : [];
  const { events } = await commitChange(deps.ledger, known, policy, state, drafts, now);
  const decision: Decision = {
    kind: 'hold',
    reason: 'target-missing',
    size: 0,
    wish: null,
    until: null,
    trace: [],
  };
  return { decision, events };
}
