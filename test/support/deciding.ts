import type { Snapshot } from '../../shared/core/capacity.ts';
import { decide } from '../../shared/core/decide.ts';
import type { Decision, ProposalStep, ResizeCause } from '../../shared/core/decision.ts';
import { absoluteBounds, effectiveBounds } from '../../shared/core/effective-bounds.ts';
import type { Guard, GuardVerdict } from '../../shared/core/guards/guard.ts';
import type { TargetState } from '../../shared/core/ledger-entry.ts';
import type { Policy } from '../../shared/core/policy.ts';
import type { Signal } from '../../shared/core/signal.ts';
import type { Instant } from '../../shared/core/time.ts';
import { aPolicy } from './a-policy.ts';
import { aSignal } from './a-signal.ts';
import { aSnapshot } from './a-snapshot.ts';
import { aState } from './a-state.ts';
import { NOW } from './now.ts';

/** The arguments of a decision; what is not given is the ordinary case. */
export interface Circumstances {
  readonly policy?: Policy;
  readonly snapshot?: Snapshot;
  readonly state?: TargetState;
  readonly signal?: Signal;
  readonly now?: Instant;
}

/** Every argument of a decision. */
export const circumstances = (given: Circumstances = {}) => ({
  policy: aPolicy(),
  snapshot: aSnapshot(),
  state: aState(),
  signal: aSignal(),
  now: NOW,
  ...given,
});

/** Decides in the given circumstances. */
export function decideIn(given: Circumstances = {}): Decision {
  const { policy, snapshot, state, signal, now } = circumstances(given);
  return decide(policy, snapshot, state, signal, now);
}

/** The outcome of a decision in one line: `4 -> 6` or `hold at 4: pinned`. */
export const inShort = (decision: Decision): string =>
  decision.kind === 'resize'
    ? `${decision.from} -> ${decision.to}`
    : `hold at ${decision.size}: ${decision.reason}`;

/** What a guard is shown besides {@link Circumstances}. */
export interface GuardCase extends Circumstances {
  readonly wish: number;
  readonly size?: number;
  readonly cause?: ResizeCause;
  readonly blind?: readonly string[];
  readonly proposals?: readonly ProposalStep[];
}

/** What one guard says of a wish, whether or not the decision would have asked it. */
export function verdictOf(guard: Guard, given: GuardCase): GuardVerdict {
  const { policy, snapshot, state, now } = circumstances(given);
  const { wish, size = snapshot.capacity.desired, cause = 'policy', blind = [], proposals = [] } = given;
  const bounds =
    cause === 'manual' || cause === 'pin'
      ? absoluteBounds(policy, state, now)
      : effectiveBounds(policy, snapshot, state, now);
  return guard.check({ policy, snapshot, state, size, cause, blind, proposals, bounds, now }, wish);
}
