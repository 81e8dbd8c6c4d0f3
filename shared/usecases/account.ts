import { accountEntry, EVERY_POLICY, withOverrides } from '../core/account.ts';
import type { HoldReason } from '../core/decision.ts';
import type { LedgerEntry, Override } from '../core/ledger-entry.ts';
import { whatStaysForAll } from '../core/override-words.ts';
import { activeOverrides, describeOverride, splitOverrides } from '../core/overrides.ts';
import { targetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';
import { wakeNow } from '../core/transitions.ts';
import { type Committed, commitChange } from './commit.ts';
import type { ControllerDeps } from './deps.ts';
import { eachOf } from './each-of.ts';
import { draft, type EventDraft } from './events-of.ts';
import { loadHeads } from './load-heads.ts';

const WIDTH = 16;

/** What a freeze leaves behind in a head. */
const FROZEN: readonly HoldReason[] = ['frozen', 'paused'];

/** The events of overrides that ended by themselves. `after`: what comes then, as {@link whatStays} says it. */
export const expiredEvents = (expired: readonly Override[], after: string): readonly EventDraft[] =>
  expired.map((override) =>
    draft(
      'OverrideExpired',
      `${describeOverride(override)} set by ${override.owner} has expired; ${after}.`,
      {
        owner: override.owner,
      },
    ),
  );

/** What is in force on every target. */
export const accountOverrides = (account: LedgerEntry | undefined, now: Instant): readonly Override[] =>
  activeOverrides(accountEntry(account).state, now);

/** Stores the account's overrides with the events of the change. */
export const commitAccount = (
  deps: ControllerDeps,
  account: LedgerEntry,
  overrides: readonly Override[],
  events: readonly EventDraft[],
  now: Instant,
): Promise<Committed> =>
  commitChange(
    deps.ledger,
    account,
    { name: EVERY_POLICY },
    withOverrides(account.state, overrides),
    events,
    now,
  );

/**
 * The account's turn in a tick: overrides that have ended go, each with its event, and whoever a freeze holds back is asked
 * again. That one was cleared makes it due as well, for whoever cleared it may have died before anybody was woken.
 */
export async function expireAccount(deps: ControllerDeps, account: LedgerEntry): Promise<void> {
  const now = deps.clock.now();
  const { active, expired } = splitOverrides(account.state, now);
  await commitAccount(deps, account, active, expiredEvents(expired, whatStaysForAll(active)), now);
  await wakeFrozen(deps);
}

/** Wakes the targets that a freeze over all of them has put to sleep: it ended, or ends at another time now. */
export async function wakeFrozen(deps: ControllerDeps): Promise<void> {
  const now = deps.clock.now();
  const ids = deps.policies.all().map(({ target }) => targetId(target));
  const { entries } = await loadHeads(deps.ledger, ids);
  const asleep = [...entries.values()].filter(
    ({ state: { held, wakeAt } }) =>
      held !== null && FROZEN.includes(held.reason) && (wakeAt === null || wakeAt > now),
  );
  const wake = async ({ target, version, state }: LedgerEntry): Promise<void> => {
    const awake = { ...state, wakeAt: wakeNow(state, now), quietSince: null };
    await deps.ledger.commit({ target, expectedVersion: version, state: awake, events: [] });
  };
  // Whoever was first has just looked at the target; a fault leaves it to its own wakeAt and to the slow pass.
  await eachOf(asleep, WIDTH, wake, ({ target }, error) =>
    deps.telemetry.problem('A target could not be woken after a freeze', { target, error: String(error) }),
  );
}
