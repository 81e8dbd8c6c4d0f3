import { ACCOUNT, accountEntry, EVERY_POLICY } from '../core/account.ts';
import type { ControllerEvent } from '../core/controller-event.ts';
import type { Decision } from '../core/decision.ts';
import type { LedgerEntry, Override } from '../core/ledger-entry.ts';
import { knownOverride } from '../core/override-words.ts';
import { splitOverrides } from '../core/overrides.ts';
import type { TargetId } from '../core/target.ts';
import { wakeNow } from '../core/transitions.ts';
import { commitAccount, expiredEvent, wakeFrozen } from './account.ts';
import { type Committed, commitChange } from './commit.ts';
import type { ControllerDeps } from './deps.ts';
import { draft, type EventDraft } from './events-of.ts';
import { onConflict } from './on-conflict.ts';
import { policyOf, type Subject, type UnknownSubject } from './override-request.ts';
import { askAtOnce } from './store-override.ts';

/** Overrides to end before their time. */
export interface ClearRequest {
  readonly subject: Subject;
  /** Null = all of the subject's. */
  readonly kind: Override['kind'] | null;
  readonly owner: string;
}

/** What became of it. */
export type ClearOutcome =
  | {
      readonly kind: 'cleared';
      readonly target: TargetId;
      readonly policy: string;
      readonly overrides: readonly Override[];
      readonly events: readonly ControllerEvent[];
      readonly decision: Decision | null;
    }
  | { readonly kind: 'nothing-to-clear' }
  | UnknownSubject;

/**
 * Ends overrides before their time, and asks the target at once.
 * @throws ControllerError retryable ones when the ledger did not answer.
 */
export async function clearOverride(deps: ControllerDeps, request: ClearRequest): Promise<ClearOutcome> {
  if ('all' in request.subject) return clearForAll(deps, request);
  const subject = policyOf(deps, request.subject);
  if (subject.kind === 'unknown-target') return subject;
  const { policy, target } = subject;
  const cleared = await onConflict(deps, target, async () => {
    const entry = (await deps.ledger.load([target])).get(target);
    return entry === undefined
      ? null
      : take(deps, request, entry, (overrides, drafts) => {
          const now = deps.clock.now();
          const state = { ...entry.state, overrides, wakeAt: wakeNow(entry.state, now), quietSince: null };
          return commitChange(deps.ledger, entry, policy, state, drafts, now);
        });
  });
  if (cleared === null) return { kind: 'nothing-to-clear' };
  const decision = await askAtOnce(deps, target);
  return { kind: 'cleared', target, policy: policy.name, ...cleared, decision };
}

async function clearForAll(deps: ControllerDeps, request: ClearRequest): Promise<ClearOutcome> {
  const cleared = await onConflict(deps, ACCOUNT, async () => {
    const account = accountEntry((await deps.ledger.load([ACCOUNT])).get(ACCOUNT));
    return take(deps, request, account, (overrides, drafts) =>
      commitAccount(deps, account, overrides, drafts, deps.clock.now()),
    );
  });
  if (cleared === null) return { kind: 'nothing-to-clear' };
  await wakeFrozen(deps);
  return { kind: 'cleared', target: ACCOUNT, policy: EVERY_POLICY, ...cleared, decision: null };
}

type Commit = (overrides: readonly Override[], drafts: readonly EventDraft[]) => Promise<Committed>;

/** Takes the asked-for overrides out of an entry; null when there are none. */
async function take(
  deps: ControllerDeps,
  { kind, owner }: ClearRequest,
  { state }: LedgerEntry,
  commit: Commit,
): Promise<{ readonly overrides: readonly Override[]; readonly events: readonly ControllerEvent[] } | null> {
  const { active, expired } = splitOverrides(state, deps.clock.now());
  const isMeant = (override: Override) => kind === null || override.kind === kind;
  const overrides = active.filter(isMeant);
  if (overrides.length === 0) return null;
  const drafts = overrides.map((override) => clearedEvent(override, owner));
  const { events } = await commit(
    active.filter((override) => !isMeant(override)),
    [...expired.map(expiredEvent), ...drafts],
  );
  return { overrides, events: events.slice(-drafts.length) };
}

const clearedEvent = (override: Override, owner: string): EventDraft =>
  draft(
    'OverrideCleared',
    `${owner} clears ${knownOverride(override)} that ${override.owner} had set; automation resumes.`,
    { owner },
  );
