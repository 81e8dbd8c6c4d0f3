import { ControllerError } from '../core/controller-error.ts';
import type { ControllerEvent } from '../core/controller-event.ts';
import type { Decision } from '../core/decision.ts';
import type { LedgerEntry, Override } from '../core/ledger-entry.ts';
import { capital, overrideWithOwner } from '../core/override-words.ts';
import { activeOverrides } from '../core/overrides.ts';
import type { Policy } from '../core/policy.ts';
import { type TargetId, targetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';
import type { Observation } from '../ports/capacity-target.ts';
import type { ControllerDeps } from './deps.ts';
import { eachOf } from './each-of.ts';
import { loadHeads } from './load-heads.ts';
import { observeCapacity } from './observe-targets.ts';
import {
  type OverrideWish,
  overrideOf,
  policyOf,
  type Subject,
  type UnknownSubject,
} from './override-request.ts';
import { askAtOnce, storeOverride } from './store-override.ts';

const WIDTH = 16;

/** What an operator does in an emergency. */
export interface EmergencyRequest {
  readonly subject: Subject;
  readonly action: 'boost' | 'circuit-breaker';
  /** By how much a boost grows the size. */
  readonly percent: number;
  /** Lets a boost lift the maximum of the policy while it lasts. */
  readonly force: boolean;
  readonly owner: string;
  readonly reason: string;
  readonly expiresInSeconds: number;
}

/** Why an emergency action did not reach a target. */
export type EmergencyFailure = 'contradiction' | 'no-core-size' | 'target-missing' | 'unavailable';

/** What became of it at one target. */
export type EmergencyOutcome = {
  readonly target: TargetId;
  readonly policy: string;
  /** In sentences, with the arithmetic or the way out. */
  readonly detail: string;
} & (
  | {
      readonly kind: 'done';
      readonly from: number;
      readonly to: number;
      readonly override: Override;
      /** What contradicted it, and made way. */
      readonly cleared: readonly Override[];
      readonly event: ControllerEvent;
      /** Null when it could not be looked at now: the next tick does. */
      readonly decision: Decision | null;
    }
  | { readonly kind: 'failed'; readonly code: EmergencyFailure }
);

/** What became of it, target by target, in the order of the policies. */
export type EmergencyReport =
  | { readonly kind: 'reported'; readonly outcomes: readonly EmergencyOutcome[] }
  | UnknownSubject;

/**
 * Boosts or breaks the circuit of one target or all of them, past cooldowns and stabilization. Every override is stored
 * before the first target is asked, so that a request that runs out of time is finished by the sweep.
 * @throws ControllerError when nothing could be looked at.
 */
export async function emergency(deps: ControllerDeps, request: EmergencyRequest): Promise<EmergencyReport> {
  const subject = 'all' in request.subject ? null : policyOf(deps, request.subject);
  if (subject?.kind === 'unknown-target') return subject;
  const policies: readonly Policy[] = subject === null ? deps.policies.all() : [subject.policy];
  const [observations, { entries }] = await Promise.all([
    observeCapacity(deps, policies),
    loadHeads(
      deps.ledger,
      policies.map(({ target }) => targetId(target)),
    ),
  ]);
  const outcomes = new Map<Policy, EmergencyOutcome>();
  const attempt = async (policy: Policy) => {
    const target = targetId(policy.target);
    const seen = { observation: observations.get(target), entry: entries.get(target) };
    outcomes.set(policy, await act(deps, request, policy, seen));
  };
  await eachOf(policies, WIDTH, attempt, (policy, error) => {
    deps.telemetry.problem('An emergency action failed', { policy: policy.name, error: String(error) });
    outcomes.set(policy, notReached(policy, error));
  });
  await eachOf(
    policies,
    WIDTH,
    async (policy) => {
      const outcome = outcomes.get(policy);
      if (outcome?.kind !== 'done') return;
      outcomes.set(policy, { ...outcome, decision: await askAtOnce(deps, outcome.target) });
    },
    (policy, error) =>
      deps.telemetry.problem('An emergency action waits for the next tick', {
        policy: policy.name,
        error: String(error),
      }),
  );
  return { kind: 'reported', outcomes: policies.flatMap((policy) => outcomes.get(policy) ?? []) };
}

interface Seen {
  readonly observation: Observation | undefined;
  readonly entry: LedgerEntry | undefined;
}

async function act(
  deps: ControllerDeps,
  request: EmergencyRequest,
  policy: Policy,
  { observation, entry }: Seen,
): Promise<EmergencyOutcome> {
  const subject = { target: targetId(policy.target), policy: policy.name };
  const failed = (code: EmergencyFailure, detail: string) =>
    ({ ...subject, kind: 'failed', code, detail }) as const;
  if (observation?.kind === 'unknown') return failed('unavailable', observation.error.message);
  if (observation?.kind !== 'present')
    return failed('target-missing', observation?.detail ?? 'not described');
  const now = deps.clock.now();
  const size = entry?.state.resize?.to ?? observation.capacity.desired;
  const plan = request.action === 'boost' ? boost(request, policy, size, entry, now) : breakCircuit(policy);
  if (plan === null) return failed('no-core-size', noCoreSize(policy));
  const reason = `emergency ${request.action}: ${request.reason}`;
  const asked = overrideOf({ ...request, reason, wish: plan.wish }, now);
  const override = { ...asked, expiresAt: latest(asked.expiresAt, plan.notBefore) };
  const stored = await storeOverride(deps, policy, override, observation.capacity.desired, 'make-way');
  if (stored.kind === 'contradiction') return failed('contradiction', stored.detail);
  const { event, cleared } = stored;
  const to = plan.wish.size;
  const made = { override, cleared, event, decision: null, detail: withWayMade(plan.detail, cleared) };
  return { ...subject, kind: 'done', from: size, to, ...made };
}

interface Plan {
  readonly wish: Extract<OverrideWish, { readonly size: number }>;
  readonly detail: string;
  /** Until when an earlier floor would have held: it is not shortened. */
  readonly notBefore: Instant | null;
}

const latest = (asked: Instant, notBefore: Instant | null): Instant =>
  notBefore !== null && notBefore > asked ? notBefore : asked;

const withWayMade = (detail: string, cleared: readonly Override[]): string =>
  [detail, ...cleared.map((each) => `${capital(overrideWithOwner(each))} makes way.`)].join(' ');

/**
 * A floor so far above the size. An emergency only ever raises: a higher floor that is in force stays as high and
 * as long, and without force so does a forced one that is lower.
 */
function boost(
  { percent, force }: EmergencyRequest,
  { bounds: { max } }: Policy,
  size: number,
  entry: LedgerEntry | undefined,
  now: Instant,
): Plan {
  const grown = Math.ceil((size * (100 + percent)) / 100);
  const before = entry === undefined ? [] : activeOverrides(entry.state, now);
  const [floor] = before.flatMap((override) => (override.kind === 'floor' ? [override] : []));
  // An earlier forced floor lifts the maximum up to itself, and no further.
  const to = Math.max(force ? grown : Math.min(grown, max), floor?.size ?? 0);
  const arithmetic = `${size} and ${percent} % more is ${grown}`;
  const detail =
    grown > to
      ? `${arithmetic}, and the maximum is ${max}, so ${to}; force lifts the maximum.`
      : `${arithmetic}, so not below ${to}.`;
  const isKept = floor !== undefined && (floor.size >= to || (floor.force && !force));
  const wish = { kind: 'floor', size: to, force: to > max } as const;
  return { wish, detail, notBefore: isKept ? floor.expiresAt : null };
}

const breakCircuit = ({ coreSize }: Policy): Plan | null =>
  coreSize === null
    ? null
    : {
        wish: { kind: 'pin', size: coreSize },
        detail: `The core size of the policy is ${coreSize}.`,
        notBefore: null,
      };

const noCoreSize = ({ name }: Policy): string =>
  `Policy ${name} declares no core size: add coreSize to its spec, or set a pin.`;

function notReached(policy: Policy, error: unknown): EmergencyOutcome {
  const detail = error instanceof ControllerError ? error.message : 'It failed inside the controller.';
  return {
    target: targetId(policy.target),
    policy: policy.name,
    kind: 'failed',
    code: 'unavailable',
    detail,
  };
}
