import { ACCOUNT } from '../core/account.ts';
import { ControllerError } from '../core/controller-error.ts';
import type { ControllerEvent } from '../core/controller-event.ts';
import type { Decision } from '../core/decision.ts';
import type { Override } from '../core/ledger-entry.ts';
import { contradictedBy, contradictionOf, withOverride } from '../core/override-rules.ts';
import { knownOverride, overrideInWords, whatStays } from '../core/override-words.ts';
import { splitOverrides } from '../core/overrides.ts';
import type { Policy } from '../core/policy.ts';
import { type TargetId, targetId } from '../core/target.ts';
import { timeOfDay } from '../core/time.ts';
import { wakeNow } from '../core/transitions.ts';
import { accountOverrides, expiredEvents } from './account.ts';
import { commitChange } from './commit.ts';
import type { ControllerDeps } from './deps.ts';
import { draft, type EventDraft } from './events-of.ts';
import { atFirstSight, evaluateSignal } from './handle-signal.ts';
import { onConflict } from './on-conflict.ts';

/** What became of an override on its way into a head. */
export type StoredOverride =
  | {
      readonly kind: 'stored';
      readonly event: ControllerEvent;
      /** What made way for it. */
      readonly cleared: readonly Override[];
    }
  /** Both sides of the contradiction, in sentences with the way out. */
  | { readonly kind: 'contradiction'; readonly detail: string };

/**
 * Puts an override into the head of a target, in place of an earlier one of its kind, and wakes the target.
 * @param size what the resource was last asked to be: the first thing to know of a target that was never seen.
 * @param contradicted whether what contradicts it is a reason to refuse it, or makes way for it in the same commit.
 * @throws ControllerError retryable ones when the ledger did not answer or others kept being first: nothing is stored then.
 */
export function storeOverride(
  deps: ControllerDeps,
  policy: Policy,
  override: Override,
  size: number,
  contradicted: 'refuse' | 'make-way' = 'refuse',
): Promise<StoredOverride> {
  const target = targetId(policy.target);
  return onConflict(deps, target, async () => {
    const now = deps.clock.now();
    const heads = await deps.ledger.load([target, ACCOUNT]);
    // Nothing is decided before the override is there: it may be a pause.
    const entry = heads.get(target) ?? (await atFirstSight(deps, policy, size, now));
    const { active, expired } = splitOverrides(entry.state, now);
    const cleared = contradicted === 'refuse' ? [] : contradictedBy(override, active);
    const kept = active.filter((each) => !cleared.includes(each));
    const detail = contradictionOf(override, kept, policy);
    if (detail !== null) return { kind: 'contradiction', detail };
    const overrides = withOverride(kept, override);
    const state = {
      ...entry.state,
      overrides,
      wakeAt: wakeNow(entry.state, now),
      quietSince: null,
    };
    const drafts = [
      ...expiredEvents(expired, whatStays(overrides, accountOverrides(heads.get(ACCOUNT), now))),
      ...cleared.map((each) => madeWayEvent(each, override)),
      setEvent(override, entry.state.size),
    ];
    const { events } = await commitChange(deps.ledger, entry, policy, state, drafts, now);
    return { kind: 'stored', event: lastOf(events), cleared };
  });
}

/** The event of an override that an emergency takes the place of. */
function madeWayEvent(cleared: Override, override: Override): EventDraft {
  const { owner } = override;
  const sentence = `${owner} clears ${knownOverride(cleared)} that ${cleared.owner} had set: it makes way for ${overrideInWords(override)}.`;
  return draft('OverrideCleared', sentence, { owner });
}

/** The event of an override that was set. `size`: what the target had. */
export function setEvent(override: Override, size: number | null): EventDraft {
  const { owner, reason, expiresAt } = override;
  const sentence = `${owner} sets ${overrideInWords(override)} until ${timeOfDay(expiresAt)}: ${reason}.`;
  return override.kind === 'pause'
    ? draft('OverrideSet', sentence, { owner })
    : draft('OverrideSet', sentence, {
        owner,
        cause: override.kind === 'pin' ? 'pin' : 'override',
        from: size,
        to: override.size,
      });
}

/** The last event of a commit that wrote at least one. */
export function lastOf(events: readonly ControllerEvent[]): ControllerEvent {
  const event = events.at(-1);
  if (event === undefined) throw new Error('a commit with an event wrote none');
  return event;
}

/**
 * Asks a target at once, so that an override shows in the same request. One that cannot be looked at now is awake, and the
 * next tick asks it: null.
 */
export async function askAtOnce(deps: ControllerDeps, target: TargetId): Promise<Decision | null> {
  const signal = { kind: 'override', id: deps.ids.next(), target, at: deps.clock.now() } as const;
  try {
    return (await evaluateSignal(deps, signal)).decision;
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    deps.telemetry.problem('An override takes effect with the next tick', { target, error: error.message });
    return null;
  }
}
