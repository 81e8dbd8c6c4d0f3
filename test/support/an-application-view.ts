import type { Application } from '../../shared/core/application.ts';
import { BLANK_STATE } from '../../shared/core/blank-state.ts';
import type { TargetState } from '../../shared/core/ledger-entry.ts';
import type { ApplicationView, TierView } from '../../shared/core/plan/tier-view.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { NOW } from './now.ts';
import { CACHE, DATABASE, SHOP, WEB } from './three-tiers.ts';

/** What a test says of a tier: its size, how many of its units are ready, and what it remembers. */
export interface ATierSeen {
  readonly size?: number;
  readonly ready?: number;
  /** The size that it wants by itself. */
  readonly wish?: number;
  readonly state?: Partial<TargetState> | null;
  readonly unseen?: string;
  readonly limits?: Extract<TierView['seen'], { kind: 'present' }>['limits'];
  readonly steps?: TierView['steps'];
  readonly warmedAt?: TierView['warmedAt'];
}

/** An application as its plan sees it: the shop, at rest with 1, 1 and 4 units unless a test says otherwise. */
export function anApplicationView(
  seen: Readonly<Record<string, ATierSeen>> = {},
  application: Application = SHOP,
  policies: readonly Policy[] = [DATABASE, CACHE, WEB],
): ApplicationView {
  const tiers = application.tiers.flatMap((tier): readonly TierView[] => {
    const policy = policies.find(({ name }) => name === tier.policy);
    return policy === undefined ? [] : [{ tier, policy, ...aTierView(policy, seen[tier.name] ?? {}) }];
  });
  return { application, tiers, now: NOW };
}

function aTierView(policy: Policy, given: ATierSeen): Omit<TierView, 'tier' | 'policy'> {
  const { size = policy.bounds.min, wish, unseen, limits = [], steps = [], warmedAt = null } = given;
  const ready = given.ready ?? size;
  const capacity = { desired: size, running: ready, ready, pending: Math.max(0, size - ready) };
  const own = wish === undefined ? {} : { ownWish: wish };
  return {
    seen: unseen === undefined ? { kind: 'present', capacity, limits } : { kind: 'unseen', detail: unseen },
    state: given.state === null ? null : { ...BLANK_STATE, size, ...own, ...given.state },
    ...{ steps, warmedAt },
  };
}
