import { ACCOUNT, accountEntry, EVERY_POLICY } from '../core/account.ts';
import { ControllerError } from '../core/controller-error.ts';
import { whatStaysForAll } from '../core/override-words.ts';
import { activeOverrides } from '../core/overrides.ts';
import type { Policy } from '../core/policy.ts';
import { type TargetId, targetId } from '../core/target.ts';
import { commitAccount, wakeFrozen } from './account.ts';
import { type Cleared, type ClearWish, type Taken, take, takeFrom } from './clear-override.ts';
import type { ControllerDeps } from './deps.ts';
import { eachOf } from './each-of.ts';
import { loadHeads } from './load-heads.ts';
import { onConflict } from './on-conflict.ts';
import { askAtOnce } from './store-override.ts';

const WIDTH = 16;

/** What became of it at the account or at one target. */
export type ClearedAt =
  | ({ readonly kind: 'cleared' } & Cleared)
  /** Its overrides stay; why, in a sentence. */
  | {
      readonly kind: 'failed';
      readonly target: TargetId;
      readonly policy: string;
      readonly detail: string;
    };

/** Who had something to clear: the account first, then the targets in the order of their policies. */
export type ClearedEverywhere =
  | { readonly kind: 'reported'; readonly outcomes: readonly ClearedAt[] }
  | { readonly kind: 'nothing-to-clear' };

/**
 * Ends overrides everywhere before their time: what is in force on every target, and what each target has of its own. All
 * of it is stored before the first target is asked.
 * @throws ControllerError when the ledger does not answer at all; nothing is cleared then.
 */
export async function clearEverywhere(deps: ControllerDeps, wish: ClearWish): Promise<ClearedEverywhere> {
  const { entries, unreadable } = await loadHeads(deps.ledger, [
    ACCOUNT,
    ...deps.policies.all().map(({ target }) => targetId(target)),
  ]);
  const now = deps.clock.now();
  const concerned = deps.policies.all().filter(({ target }) => {
    const id = targetId(target);
    const entry = entries.get(id);
    return unreadable.has(id) || (entry !== undefined && activeOverrides(entry.state, now).length > 0);
  });
  // The freeze goes first: what is left on each target is then said truly.
  const everywhere = await attempt(deps, ACCOUNT, EVERY_POLICY, () => takeFromAccount(deps, wish));
  if (everywhere?.kind === 'cleared') await wakeFrozen(deps);
  const found = new Map<Policy, ClearedAt>();
  const bug = (policy: Policy, error: unknown) => {
    found.set(policy, notCleared(deps, targetId(policy.target), policy.name, error));
  };
  await eachOf(
    concerned,
    WIDTH,
    async (policy) => {
      const clear = () => takeFrom(deps, policy, wish);
      const outcome = await attempt(deps, targetId(policy.target), policy.name, clear);
      if (outcome !== null) found.set(policy, outcome);
    },
    bug,
  );
  await askEach(deps, found);
  const outcomes = [
    ...(everywhere === null ? [] : [everywhere]),
    ...concerned.flatMap((policy) => found.get(policy) ?? []),
  ];
  return outcomes.length === 0 ? { kind: 'nothing-to-clear' } : { kind: 'reported', outcomes };
}

/** Asks those that were cleared; one that cannot be looked at now is awake, and the next tick asks it. */
async function askEach(deps: ControllerDeps, found: Map<Policy, ClearedAt>): Promise<void> {
  await eachOf(
    [...found],
    WIDTH,
    async ([policy, outcome]) => {
      if (outcome.kind === 'failed') return;
      found.set(policy, { ...outcome, decision: await askAtOnce(deps, outcome.target) });
    },
    ([{ name }], error) =>
      deps.telemetry.problem('A cleared target waits for the next tick', {
        policy: name,
        error: String(error),
      }),
  );
}

function takeFromAccount(deps: ControllerDeps, wish: ClearWish): Promise<Taken | null> {
  return onConflict(deps, ACCOUNT, async () => {
    const account = accountEntry((await deps.ledger.load([ACCOUNT])).get(ACCOUNT));
    return take(deps, wish, account, {
      after: whatStaysForAll,
      commit: (overrides, drafts) => commitAccount(deps, account, overrides, drafts, deps.clock.now()),
    });
  });
}

/** One that cannot be cleared stops none of the others. */
async function attempt(
  deps: ControllerDeps,
  target: TargetId,
  policy: string,
  clear: () => Promise<Taken | null>,
): Promise<ClearedAt | null> {
  try {
    const taken = await clear();
    return taken === null ? null : { kind: 'cleared', target, policy, ...taken, decision: null };
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    return notCleared(deps, target, policy, error);
  }
}

function notCleared(deps: ControllerDeps, target: TargetId, policy: string, error: unknown): ClearedAt {
  deps.telemetry.problem('Overrides could not be cleared', { policy, error: String(error) });
  const detail = error instanceof ControllerError ? error.message : 'It failed inside the controller.';
  return { kind: 'failed', target, policy, detail };
}
