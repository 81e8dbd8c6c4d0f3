import { ACCOUNT, EVERY_POLICY } from '../core/account.ts';
import { activeOverrides } from '../core/overrides.ts';
import type { Policy } from '../core/policy.ts';
import { targetId } from '../core/target.ts';
import type { ControllerDeps } from './deps.ts';
import { loadHeads } from './load-heads.ts';
import { policyOf, type TargetOverride, type UnknownSubject } from './override-request.ts';

/** Overrides in force: those of every target first, then by policy. */
export type OverrideList =
  | { readonly kind: 'listed'; readonly overrides: readonly TargetOverride[] }
  | UnknownSubject;

/**
 * Lists the overrides in force of one target, or of all of them, with those on every target.
 * @throws ControllerError when the ledger does not answer.
 */
export async function listOverrides(deps: ControllerDeps, service: string | null): Promise<OverrideList> {
  const subject = service === null ? null : policyOf(deps, { service });
  if (subject?.kind === 'unknown-target') return subject;
  const policies: readonly Policy[] = subject === null ? deps.policies.all() : [subject.policy];
  const named = [
    { target: ACCOUNT, policy: EVERY_POLICY },
    ...policies.map(({ target, name }) => ({ target: targetId(target), policy: name })),
  ];
  const { entries } = await loadHeads(
    deps.ledger,
    named.map(({ target }) => target),
  );
  const now = deps.clock.now();
  const overrides = named.flatMap(({ target, policy }) => {
    const entry = entries.get(target);
    return entry === undefined
      ? []
      : activeOverrides(entry.state, now).map((override) => ({ target, policy, override }));
  });
  return { kind: 'listed', overrides };
}
