import { ControllerError } from '../core/controller-error.ts';
import type { ControllerEvent } from '../core/controller-event.ts';
import type { LedgerEntry } from '../core/ledger-entry.ts';
import type { Policy } from '../core/policy.ts';
import { type TargetId, targetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';
import { wakeNow } from '../core/transitions.ts';
import type { Failover, FailoverView, PromotableTarget, ReplicaView } from '../ports/failover.ts';
import { commitChange } from './commit.ts';
import type { ControllerDeps } from './deps.ts';
import { draft, type EventDraft } from './events-of.ts';
import { atFirstSight } from './handle-signal.ts';
import { onConflict } from './on-conflict.ts';
import { bestFirst, type PromotionCheck, promotionChecks } from './promotion-checks.ts';
import { type Confirmation, confirmationOf, whyUnconfirmed } from './promotion-token.ts';
import { findPolicy } from './scale-by-hand.ts';

/** What promoting needs. */
export type PromoteDeps = ControllerDeps & { readonly failover: Failover };

/** A promotion asked for by a person. `service` is a policy name, a unique resource name, or a full target id. */
export interface PromoteRequest {
  readonly service: string;
  /** The replica; null = the best of ours. */
  readonly replica: string | null;
  readonly reason: string;
  readonly owner: string;
  /** Whether a healthy source and an unknown or long lag are no reason to refuse. */
  readonly force: boolean;
  /** The token of the first step; null = this is the first step. */
  readonly confirm: string | null;
}

/** What would be done, or was, and what was looked at before. */
export interface PromotionPlan {
  readonly target: TargetId;
  readonly policy: string;
  readonly replica: string;
  readonly source: string | null;
  readonly checks: readonly PromotionCheck[];
  /** What it means, in sentences. */
  readonly effect: string;
}

/** What became of a request to promote. */
export type PromoteOutcome =
  | { readonly kind: 'unknown-target'; readonly known: readonly string[] }
  | { readonly kind: 'not-promotable' | 'no-replica'; readonly detail: string }
  /** Something is in the way; `plan.checks` says all of it. */
  | { readonly kind: 'refused'; readonly plan: PromotionPlan }
  | { readonly kind: 'to-confirm'; readonly plan: PromotionPlan; readonly confirmation: Confirmation }
  | { readonly kind: 'not-confirmed'; readonly plan: PromotionPlan; readonly detail: string }
  | { readonly kind: 'promoted'; readonly plan: PromotionPlan; readonly event: ControllerEvent }
  | {
      readonly kind: 'failed';
      readonly plan: PromotionPlan;
      readonly event: ControllerEvent;
      readonly error: ControllerError;
    };

/**
 * Promotes a replica in two steps. The first answers with what was looked at and a token for it; the second looks at everything
 * again, writes into the ledger that it will promote, does it, and writes how it went. A crash in between leaves the first
 * of the two records: nobody promotes without a trace. A token that is used again meets another state, or the refusal of AWS.
 * @throws ControllerError `target-missing` when the resource is gone; retryable ones when a service did not answer.
 */
export async function promoteReplica(deps: PromoteDeps, request: PromoteRequest): Promise<PromoteOutcome> {
  const policies = deps.policies.all();
  const policy = findPolicy(policies, request.service);
  if (policy === null) return { kind: 'unknown-target', known: policies.map(({ name }) => name) };
  const { target } = policy;
  if (target.kind !== 'rds-replicas' && target.kind !== 'aurora-readers') {
    const detail = `${targetId(target)} has no replicas that could be promoted: name a target of the kind rds-replicas or aurora-readers.`;
    return { kind: 'not-promotable', detail };
  }
  const id = deps.ids.next();
  const prepared = await onConflict(deps, targetId(target), () => prepare(deps, request, policy, target, id));
  return prepared.kind === 'recorded' ? carryOut(deps, request, policy, target, prepared.plan, id) : prepared;
}

type Prepared =
  | Exclude<PromoteOutcome, { readonly kind: 'promoted' | 'failed' | 'unknown-target' }>
  | { readonly kind: 'recorded'; readonly plan: PromotionPlan };

/** Everything up to the record that the promotion is about to be done. */
async function prepare(
  deps: PromoteDeps,
  request: PromoteRequest,
  policy: Policy,
  target: PromotableTarget,
  id: string,
): Promise<Prepared> {
  const now = deps.clock.now();
  const [view, heads] = await Promise.all([
    deps.failover.look(target, now),
    deps.ledger.load([targetId(target)]),
  ]);
  const replica = replicaFor(view, request);
  if (replica === undefined) return { kind: 'no-replica', detail: noReplica(policy, view, request) };
  const entry = heads.get(targetId(target)) ?? (await atFirstSight(deps, policy, view.replicas.length, now));
  const { resize } = entry.state;
  const checks = promotionChecks({ target, view, replica, resize, named: request.replica !== null });
  const plan = planOf(policy, target, view, replica, checks);
  if (checks.some((check) => !check.ok && !(check.forcible && request.force)))
    return { kind: 'refused', plan };
  const seen = seenOf(plan, view, replica, request);
  if (request.confirm === null) return { kind: 'to-confirm', plan, confirmation: confirmationOf(seen, now) };
  const why = whyUnconfirmed(request.confirm, seen, now);
  if (why !== null) return { kind: 'not-confirmed', plan, detail: why };
  await record(deps, policy, entry, startOf(plan, request, id), now);
  return { kind: 'recorded', plan };
}

const replicaFor = ({ replicas }: FailoverView, { replica }: PromoteRequest): ReplicaView | undefined =>
  replica === null
    ? [...replicas].sort(bestFirst)[0]
    : replicas.find(({ id }) => id.toLowerCase() === replica.toLowerCase());

function noReplica({ target }: Policy, { replicas }: FailoverView, { replica }: PromoteRequest): string {
  const names = replicas.map(({ id }) => id).sort();
  if (names.length === 0) return `${targetId(target)} has no replica.`;
  return `${replica} is no replica of ${targetId(target)}: name one of ${names.join(', ')}.`;
}

const planOf = (
  policy: Policy,
  target: PromotableTarget,
  { source }: FailoverView,
  { id: replica }: ReplicaView,
  checks: readonly PromotionCheck[],
): PromotionPlan => ({
  target: targetId(target),
  policy: policy.name,
  replica,
  source: source?.id ?? null,
  checks,
  effect:
    target.kind === 'rds-replicas'
      ? `${replica} becomes a database of its own that takes writes: it follows ${target.source} no more, restarts, and loses what has not reached it. Nothing can undo this.`
      : `${replica} becomes the writer of the cluster ${target.cluster}: connections to it and to the old writer break, usually for less than a minute.`,
});

/** What a confirmation is bound to: lag and messages move all the time, their verdicts do not. */
const seenOf = (
  { target, checks }: PromotionPlan,
  { source }: FailoverView,
  { id, status }: ReplicaView,
  { force }: PromoteRequest,
): string =>
  JSON.stringify([
    target,
    [id, status],
    source === null ? null : [source.id, source.status],
    checks.filter(({ ok }) => !ok).map(({ name }) => name),
    force,
  ]);

function startOf(
  { replica, checks }: PromotionPlan,
  { owner, reason }: PromoteRequest,
  id: string,
): EventDraft {
  const forced = checks.filter(({ ok }) => !ok);
  const source = checks.find(({ name, ok }) => name === 'source' && ok);
  const why = [
    ...(source === undefined ? [] : [source.detail]),
    ...forced.map(({ name, detail }) => `Forced past ${name}: ${detail}`),
  ];
  return draft('PromotionStarted', `${owner} promotes ${replica}: ${reason}. ${why.join(' ')}`, {
    owner,
    signalId: id,
  });
}

/** Writes an event into the outbox, and wakes the target: its replicas are about to be others. */
async function record(
  deps: PromoteDeps,
  policy: Policy,
  entry: LedgerEntry,
  event: EventDraft,
  now: Instant,
): Promise<ControllerEvent | undefined> {
  const state = { ...entry.state, wakeAt: wakeNow(entry.state, now) };
  const { events } = await commitChange(deps.ledger, entry, policy, state, [event], now);
  return events[0];
}

async function carryOut(
  deps: PromoteDeps,
  request: PromoteRequest,
  policy: Policy,
  target: PromotableTarget,
  plan: PromotionPlan,
  id: string,
): Promise<PromoteOutcome> {
  const error = await deps.failover.promote(target, plan.replica).then(() => null, asControllerError);
  const event = await writeOutcome(deps, policy, outcomeOf(plan, request, error, id));
  return error === null ? { kind: 'promoted', plan, event } : { kind: 'failed', plan, event, error };
}

function outcomeOf(
  { replica, source }: PromotionPlan,
  { owner, reason }: PromoteRequest,
  error: ControllerError | null,
  id: string,
): EventDraft {
  const fields = { owner, signalId: id };
  if (error === null) {
    const instead = source === null ? '' : ` in the place of ${source}`;
    return draft('ReplicaPromoted', `AWS accepted to promote ${replica}${instead}: ${reason}.`, fields);
  }
  const doubt = error.retryable
    ? ` Look at ${replica} before you ask again: it may have been promoted all the same.`
    : '';
  return draft('PromotionFailed', `${replica} was not promoted: ${error.message}.${doubt}`, fields);
}

/** The head has moved on meanwhile, perhaps: the outcome goes on top of whatever is there. */
const writeOutcome = (deps: PromoteDeps, policy: Policy, outcome: EventDraft): Promise<ControllerEvent> => {
  const target = targetId(policy.target);
  return onConflict(deps, target, async () => {
    const now = deps.clock.now();
    const entry = (await deps.ledger.load([target])).get(target);
    const event = entry === undefined ? undefined : await record(deps, policy, entry, outcome, now);
    if (event === undefined) throw new Error(`The head of ${target} vanished during a promotion.`);
    return event;
  });
};

function asControllerError(error: unknown): ControllerError {
  if (error instanceof ControllerError) return error;
  throw error;
}
