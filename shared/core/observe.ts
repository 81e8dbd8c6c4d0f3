import type { Snapshot } from './capacity.ts';
import type { Decision, HoldReason } from './decision.ts';
import { fingerprint } from './fingerprint.ts';
import { recordWish } from './hpa/stabilization.ts';
import { incidentAfter } from './incidents.ts';
import type { TargetState } from './ledger-entry.ts';
import { splitOverrides } from './overrides.ts';
import type { Policy } from './policy.ts';
import type { Signal } from './signal.ts';
import type { Instant } from './time.ts';
import { quiet, wakeAfter } from './wake.ts';

/**
 * What a target remembers of one evaluation: the wish, misses, the hold that was reported, and when to ask again.
 * Where nothing changed it returns an equal state, and nothing is written.
 */
export function observe(
  state: TargetState,
  policy: Policy,
  snapshot: Snapshot,
  decision: Decision,
  signal: Signal,
  now: Instant,
): TargetState {
  // An alarm that changed its state starts the count anew: it may be ahead of the metric that was just read.
  const quietBefore = signal.kind === 'alarm' ? null : state.quietSince;
  const quietSince = quiet(policy, snapshot, state, decision, now) ? (quietBefore ?? now) : null;
  const seen: TargetState = {
    ...state,
    size: state.resize === null ? snapshot.capacity.desired : state.size,
    overrides: splitOverrides(state, now).active,
    recommendations: withWish(state, policy, decision, now),
    misses: missesAfter(state, policy, decision),
    recovering: recoveringAfter(state, policy, decision),
    scaledToZero: state.scaledToZero && (state.resize?.to ?? snapshot.capacity.desired) === 0,
    incident: incidentAfter(state, policy, snapshot, now),
    held: heldAfter(state, decision, now),
    quietSince,
    policy: fingerprint(policy),
    ...(snapshot.deployment === 'in-progress' && { deployedAt: now }),
  };
  return { ...seen, wakeAt: wakeAfter(seen, policy, snapshot, decision, now) };
}

function withWish(state: TargetState, policy: Policy, decision: Decision, now: Instant) {
  const { behavior } = policy;
  if (behavior.kind === 'none') return state.recommendations.length === 0 ? state.recommendations : [];
  const raw = rawWish(decision);
  // An outage adds nothing to the history, as upstream: no opinion is not an opinion, and half a one may not shrink.
  if (raw === null || (raw < sizeOf(decision) && isBlind(decision))) return state.recommendations;
  const keep =
    behavior.kind === 'rules'
      ? Math.max(behavior.scaleUp.stabilizationWindowSeconds, behavior.scaleDown.stabilizationWindowSeconds)
      : // Without a behavior block a wish exactly as old as the window still counts.
        behavior.downscaleStabilizationSeconds + 1;
  return recordWish(state.recommendations, raw, keep, now);
}

const sizeOf = (decision: Decision): number => (decision.kind === 'resize' ? decision.from : decision.size);

const isBlind = ({ trace }: Decision): boolean => trace.some(({ step }) => step === 'missing');

/** The merged wish of the strategies, before bounds, history and policies; null when they were not asked or could not see. */
export function rawWish(decision: Decision): number | null {
  const merge = decision.trace.find((step) => step.step === 'merge');
  return merge?.step === 'merge' ? merge.wish : null;
}

// The size that an open window wants is no sight of the load.
const sawNothing = ({ trace }: Decision): boolean =>
  trace.some(({ step }) => step === 'missing') &&
  !trace.some((step) => step.step === 'proposal' && step.strategy !== 'schedule');

function missesAfter(state: TargetState, policy: Policy, decision: Decision): number {
  const asked = decision.trace.some(({ step }) => step === 'merge');
  if (policy.fallback === null || !asked) return asked ? 0 : state.misses;
  return sawNothing(decision) ? Math.min(state.misses + 1, policy.fallback.afterMisses) : 0;
}

// Good looks count in a row: the fallback, and a look that sees nothing before all is well, start the count anew.
function recoveringAfter(state: TargetState, policy: Policy, decision: Decision): number {
  if (policy.fallback === null) return 0;
  const fellBack = decision.trace.some((step) => step.step === 'request' && step.cause === 'fallback');
  if (fellBack) return policy.fallback.recoverAfter;
  const saw = rawWish(decision) !== null && !sawNothing(decision);
  if (saw) return Math.max(0, state.recovering - 1);
  return state.recovering > 0 && sawNothing(decision) ? policy.fallback.recoverAfter : state.recovering;
}

/** Reasons that say "all is well", or that nobody wished for anything. */
const CONTENT: readonly HoldReason[] = ['at-desired', 'within-tolerance', 'at-minimum', 'stopped-at-zero'];

/** Whether a hold leaves a wish unmet: what an operator wants to read about. */
export const isUnmet = (decision: Decision): boolean =>
  decision.kind === 'hold' &&
  !CONTENT.includes(decision.reason) &&
  (decision.wish === null || decision.wish !== decision.size);

function heldAfter(state: TargetState, decision: Decision, now: Instant): TargetState['held'] {
  if (decision.kind !== 'hold' || !isUnmet(decision)) return null;
  return state.held?.reason === decision.reason ? state.held : { reason: decision.reason, since: now };
}
