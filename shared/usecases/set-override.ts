import { ACCOUNT, accountEntry, EVERY_POLICY } from '../core/account.ts';
import { ControllerError } from '../core/controller-error.ts';
import type { Override } from '../core/ledger-entry.ts';
import { withOverride } from '../core/override-rules.ts';
import { whatStaysForAll } from '../core/override-words.ts';
import { splitOverrides } from '../core/overrides.ts';
import type { Policy } from '../core/policy.ts';
import type { TargetId } from '../core/target.ts';
import { commitAccount, expiredEvents, wakeFrozen } from './account.ts';
import type { ControllerDeps } from './deps.ts';
import { observeCapacity } from './observe-targets.ts';
import { onConflict } from './on-conflict.ts';
import {
  type OverrideInForce,
  type OverrideRequest,
  overrideOf,
  policyOf,
  type UnknownSubject,
} from './override-request.ts';
import { askAtOnce, lastOf, setEvent, storeOverride } from './store-override.ts';

/** What became of a request for an override. */
export type OverrideOutcome =
  | ({ readonly kind: 'set' } & OverrideInForce)
  | UnknownSubject
  /** It contradicts the policy or another override; both are named. */
  | { readonly kind: 'contradiction'; readonly detail: string }
  /** A size is a matter of one target. */
  | { readonly kind: 'not-for-all' };

/**
 * Puts an override in force, in place of an earlier one of its kind, and asks the target at once.
 * @throws ControllerError `target-missing` when the resource is gone; retryable ones when a service did not answer.
 */
export async function setOverride(deps: ControllerDeps, request: OverrideRequest): Promise<OverrideOutcome> {
  const override = overrideOf(request, deps.clock.now());
  if ('all' in request.subject) return setForAll(deps, override);
  const subject = policyOf(deps, request.subject);
  if (subject.kind === 'unknown-target') return subject;
  const { policy, target } = subject;
  const size = await sizeOf(deps, policy, target);
  const stored = await storeOverride(deps, policy, override, size);
  if (stored.kind === 'contradiction') return stored;
  const decision = await askAtOnce(deps, target);
  return { kind: 'set', target, policy: policy.name, override, event: stored.event, decision };
}

/** What the resource was last asked to be; an override of one that is gone would only wait for its expiry. */
async function sizeOf(deps: ControllerDeps, policy: Policy, target: TargetId): Promise<number> {
  const observation = (await observeCapacity(deps, [policy])).get(target);
  if (observation?.kind === 'unknown') throw observation.error;
  if (observation?.kind === 'present') return observation.capacity.desired;
  const message = `${target} cannot be scaled: ${observation?.detail ?? 'it was not described'}.`;
  throw new ControllerError('target-missing', message, { retryable: false });
}

/** Freeze all: one override on the account, which every decision sees. */
async function setForAll(deps: ControllerDeps, override: Override): Promise<OverrideOutcome> {
  if (override.kind !== 'pause') return { kind: 'not-for-all' };
  const { event, replaced } = await onConflict(deps, ACCOUNT, async () => {
    const account = accountEntry((await deps.ledger.load([ACCOUNT])).get(ACCOUNT));
    const now = deps.clock.now();
    const { active, expired } = splitOverrides(account.state, now);
    const overrides = withOverride(active, override);
    const drafts = [...expiredEvents(expired, whatStaysForAll(overrides)), setEvent(override, null)];
    const { events } = await commitAccount(deps, account, overrides, drafts, now);
    return { event: lastOf(events), replaced: account.state.overrides.length > 0 };
  });
  // Those that the earlier freeze put to sleep would sleep until its end.
  if (replaced) await wakeFrozen(deps);
  return { kind: 'set', target: ACCOUNT, policy: EVERY_POLICY, override, event, decision: null };
}
