import { ControllerError } from '../core/controller-error.ts';
import type { ControllerEvent } from '../core/controller-event.ts';
import type { Decision } from '../core/decision.ts';
import type { Policy } from '../core/policy.ts';
import { targetId } from '../core/target.ts';
import { type Instant, plusSeconds } from '../core/time.ts';
import type { ControllerDeps } from './deps.ts';
import { evaluateSignal } from './handle-signal.ts';

/** A size asked for by a person. `service` is a policy name, a unique service name, or a full target id. */
export interface ScaleRequest {
  readonly service: string;
  readonly instances: number;
  readonly reason: string;
  readonly owner: string;
  readonly expiresInSeconds: number;
}

/** What became of a request. */
export type ScaleOutcome =
  | {
      readonly kind: 'accepted';
      readonly event: ControllerEvent;
      readonly expiresAt: Instant /** Whose size it is, until when, and what it overrules so long. */;
      readonly effect: string;
    }
  | { readonly kind: 'unknown-target'; readonly known: readonly string[] }
  | { readonly kind: 'in-flight'; readonly detail: string }
  | {
      readonly kind: 'outside-bounds';
      readonly min: number;
      readonly max: number;
      readonly bound: 'min' | 'max';
    };

/**
 * Sets a size by hand: it holds against automation until it expires. Cooldowns and metrics do not matter to it, bounds do.
 * @throws ControllerError `target-missing` when the resource is gone; retryable ones when a service did not answer.
 */
export async function scaleByHand(deps: ControllerDeps, request: ScaleRequest): Promise<ScaleOutcome> {
  const policies = deps.policies.all();
  const policy = findPolicy(policies, request.service);
  if (policy === null) return { kind: 'unknown-target', known: policies.map(({ name }) => name) };
  const { bounds } = policy;
  const now = deps.clock.now();
  const { instances: size, reason, owner, expiresInSeconds } = request;
  const target = targetId(policy.target);
  const expiresAt = plusSeconds(now, expiresInSeconds);
  const signal = {
    kind: 'manual',
    id: deps.ids.next(),
    target,
    at: now,
    size,
    reason,
    owner,
    expiresAt,
  } as const;
  const { decision, events } = await evaluateSignal(deps, signal);
  const set = events.find(({ type }) => type === 'OverrideSet');
  if (set !== undefined) {
    const event = events.find(({ type }) => type === 'ScalingStarted') ?? set;
    return { kind: 'accepted', event, expiresAt, effect: set.reason };
  }
  return refusal(decision, size, bounds);
}

function refusal(decision: Decision, size: number, { min, max }: Policy['bounds']): ScaleOutcome {
  const reason = decision.kind === 'hold' ? decision.reason : null;
  if (reason === 'outside-bounds')
    return { kind: 'outside-bounds', min, max, bound: size < min ? 'min' : 'max' };
  const last = decision.trace.at(-1);
  const detail = last?.step === 'guard' ? last.detail : `The request was held: ${reason}.`;
  if (reason === 'target-missing') {
    throw new ControllerError('target-missing', 'The resource does not exist or is not active.', {
      retryable: false,
    });
  }
  return { kind: 'in-flight', detail };
}

/** Finds a policy by its name, its target id, or the name of its resource when only one policy has it. */
export function findPolicy(policies: readonly Policy[], name: string): Policy | null {
  const byResource = policies.filter(({ target }) => targetId(target).split('/').at(-1) === name);
  return (
    policies.find((policy) => policy.name === name || targetId(policy.target) === name) ??
    (byResource.length === 1 ? (byResource[0] ?? null) : null)
  );
}
