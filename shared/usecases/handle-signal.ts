import type { Snapshot } from '../core/capacity.ts';
import { ControllerError } from '../core/controller-error.ts';
import type { Decision } from '../core/decision.ts';
import type { Policy } from '../core/policy.ts';
import type { Signal } from '../core/signal.ts';
import type { Observation } from '../ports/capacity-target.ts';
import type { ControllerDeps } from './deps.ts';
import { type Evaluation, evaluateTarget } from './evaluate-target.ts';
import { observeCapacity, observeMetrics } from './observe-targets.ts';
import { onConflict } from './on-conflict.ts';
import { reportMissing } from './report-missing.ts';

/**
 * Looks at the target of one signal and does what is due.
 * @throws ControllerError retryable ones mean that nothing was lost and the signal should be delivered again.
 */
export async function handleSignal(deps: ControllerDeps, signal: Signal): Promise<Decision> {
  return (await evaluateSignal(deps, signal)).decision;
}

/** {@link handleSignal} with the events that were written. */
export async function evaluateSignal(deps: ControllerDeps, signal: Signal): Promise<Evaluation> {
  const policy = deps.policies.forTarget(signal.target);
  if (policy === null) {
    throw new ControllerError('target-missing', `No policy names the target ${signal.target}.`, {
      retryable: false,
    });
  }
  return onConflict(deps, signal.target, () => attempt(deps, policy, signal));
}

async function attempt(deps: ControllerDeps, policy: Policy, signal: Signal): Promise<Evaluation> {
  const now = deps.clock.now();
  // A manual size is not a matter of metrics.
  const measured = signal.kind === 'manual' ? [] : [policy];
  const [entries, observations, readings] = await Promise.all([
    deps.ledger.load([signal.target]),
    observeCapacity(deps.targets, [policy]),
    observeMetrics(deps.metrics, measured, now),
  ]);
  const entry = entries.get(signal.target) ?? null;
  const observation = observations.get(signal.target);
  if (observation?.kind === 'unknown') throw observation.error;
  if (observation?.kind !== 'present') {
    return reportMissing(deps, policy, entry, observation?.detail ?? 'it was not described');
  }
  const snapshot = snapshotOf(observation, readings.get(signal.target) ?? {});
  return evaluateTarget(deps, { policy, snapshot, entry }, signal);
}

/** A look at a resource and its metrics, as a decision sees them. */
export const snapshotOf = (
  { capacity, deployment }: Extract<Observation, { kind: 'present' }>,
  metrics: Snapshot['metrics'],
): Snapshot => ({ capacity, deployment, metrics });
