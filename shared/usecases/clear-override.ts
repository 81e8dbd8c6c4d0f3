import { ACCOUNT } from '../core/account.ts';
import type { ControllerEvent } from '../core/controller-event.ts';
import type { Decision } from '../core/decision.ts';
import type { LedgerEntry, Override } from '../core/ledger-entry.ts';
import { knownOverride, whatStays } from '../core/override-words.ts';
import { splitOverrides } from '../core/overrides.ts';
import type { Policy } from '../core/policy.ts';
import { type TargetId, targetId } from '../core/target.ts';
import { wakeNow } from '../core/transitions.ts';
import { accountOverrides, expiredEvents } from './account.ts';
import { type Committed, commitChange } from './commit.ts';
import type { ControllerDeps } from './deps.ts';
import { draft, type EventDraft } from './events-of.ts';
import { onConflict } from './on-conflict.ts';
import { policyOf, type UnknownSubject } from './override-request.ts';
import { askAtOnce } from './store-override.ts';

/** Overrides to end before their time. */
export interface ClearWish {
  /** Null = all of them. */
  readonly kind: Override['kind'] | null;
  readonly owner: string;
}

/** Overrides of one target that are to end. */
export interface ClearRequest extends ClearWish {
  readonly service: string;
}

/** What was taken out of a head, with the events that say so. */
export interface Taken {
  readonly overrides: readonly Override[];
  readonly events: readonly ControllerEvent[];
}

/** What was cleared at one target; of the account, for every target. */
export interface Cleared extends Taken {
  readonly target: TargetId;
  readonly policy: string;
  /** What the target was told at once; null when it could not be looked at, and for every target: the next tick asks. */
  readonly decision: Decision | null;
}

/** What became of it. */
export type ClearOutcome =
  | ({ readonly kind: 'cleared' } & Cleared)
  | { readonly kind: 'nothing-to-clear' }
  | UnknownSubject;

/**
 * Ends overrides of a target before their time, and asks it at once.
 * @throws ControllerError retryable ones when the ledger did not answer.
 */
export async function clearOverride(deps: ControllerDeps, request: ClearRequest): Promise<ClearOutcome> {
  const subject = policyOf(deps, request);
  if (subject.kind === 'unknown-target') return subject;
  const { policy, target } = subject;
  const taken = await takeFrom(deps, policy, request);
  if (taken === null) return { kind: 'nothing-to-clear' };
  const decision = await askAtOnce(deps, target);
  return { kind: 'cleared', target, policy: policy.name, ...taken, decision };
}

/**
 * Takes overrides out of the head of a target, and wakes it; null when there are none.
 * @throws ControllerError retryable ones when the ledger did not answer or others kept being first.
 */
export function takeFrom(deps: ControllerDeps, policy: Policy, wish: ClearWish): Promise<Taken | null> {
  const target = targetId(policy.target);
  return onConflict(deps, target, async () => {
    const heads = await deps.ledger.load([target, ACCOUNT]);
    const entry = heads.get(target);
    if (entry === undefined) return null;
    const now = deps.clock.now();
    const account = accountOverrides(heads.get(ACCOUNT), now);
    return take(deps, wish, entry, {
      after: (staying) => whatStays(staying, account),
      commit: (overrides, drafts) => {
        const state = { ...entry.state, overrides, wakeAt: wakeNow(entry.state, now), quietSince: null };
        return commitChange(deps.ledger, entry, policy, state, drafts, now);
      },
    });
  });
}

/** How a head lets go of overrides. */
interface Letting {
  /** What comes then, with these staying. */
  after(staying: readonly Override[]): string;
  commit(overrides: readonly Override[], drafts: readonly EventDraft[]): Promise<Committed>;
}

/** Takes the asked-for overrides out of an entry; null when there are none. */
export async function take(
  deps: Pick<ControllerDeps, 'clock'>,
  { kind, owner }: ClearWish,
  { state }: LedgerEntry,
  { after, commit }: Letting,
): Promise<Taken | null> {
  const { active, expired } = splitOverrides(state, deps.clock.now());
  const isMeant = (override: Override) => kind === null || override.kind === kind;
  const overrides = active.filter(isMeant);
  if (overrides.length === 0) return null;
  const staying = active.filter((override) => !isMeant(override));
  const then = after(staying);
  const drafts = overrides.map((override) => clearedEvent(override, owner, then));
  const { events } = await commit(staying, [...expiredEvents(expired, then), ...drafts]);
  return { overrides, events: events.slice(-drafts.length) };
}

const clearedEvent = (override: Override, owner: string, then: string): EventDraft =>
  draft(
    'OverrideCleared',
    `${owner} clears ${knownOverride(override)} that ${override.owner} had set; ${then}.`,
    { owner },
  );
