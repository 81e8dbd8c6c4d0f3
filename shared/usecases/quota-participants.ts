import type { LedgerEntry } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import { type TargetId, targetId } from '../core/target.ts';
import type { ControllerDeps } from './deps.ts';
import { loadHeads } from './load-heads.ts';
import { observeCapacity } from './observe-targets.ts';

/** The targets that take part in the quota, and what is known of their sizes. */
export interface Participants {
  readonly policies: readonly Policy[];
  readonly heads: ReadonlyMap<TargetId, LedgerEntry>;
  /** Sizes of targets that have no head yet: in the first minutes of a deployment nobody has looked at them. */
  readonly unseen: ReadonlyMap<TargetId, number>;
}

/** Reads the participants when it is first asked. */
export type AskParticipants = () => Promise<Participants>;

/**
 * Reads the participants at most once, for a tick or a signal, which both end within a minute: whoever has grown since has
 * reserved it on the account first, and the account is read anew before each reservation.
 */
export function participantsOnce(deps: ControllerDeps): AskParticipants {
  let asked: Promise<Participants> | undefined;
  return () => {
    asked ??= read(deps).catch((error: unknown) => {
      asked = undefined; // the next one who asks may have more luck
      throw error;
    });
    return asked;
  };
}

async function read(deps: ControllerDeps): Promise<Participants> {
  const policies = deps.policies.all().filter(({ unitResources }) => unitResources !== null);
  const { entries: heads } = await loadHeads(
    deps.ledger,
    policies.map(({ target }) => targetId(target)),
  );
  const strangers = policies.filter(({ target }) => !heads.has(targetId(target)));
  const found = strangers.length === 0 ? new Map() : await observeCapacity(deps, strangers);
  return { policies, heads, unseen: sizesOf(found) };
}

type Found = Awaited<ReturnType<typeof observeCapacity>>;

const sizesOf = (found: Found): ReadonlyMap<TargetId, number> =>
  new Map(
    [...found].flatMap(([target, observation]) => {
      if (observation.kind === 'present') return [[target, observation.capacity.desired] as const];
      return observation.kind === 'missing' ? [[target, 0] as const] : [];
    }),
  );
