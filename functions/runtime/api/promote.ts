import type { Context, Handler } from 'hono';
import { toWire } from '../../../events/contracts/controller-events.ts';
import { type PromotionOnWire, promoteRequest } from '../../../events/contracts/promote-request.ts';
import {
  type PromoteDeps,
  type PromoteOutcome,
  type PromotionPlan,
  promoteReplica,
} from '../../../shared/usecases/promote-replica.ts';
import { answer, type Refusal, refuse } from './answers.ts';
import { readBody } from './json-body.ts';
import { unknownTarget } from './unknown-target.ts';

const EXAMPLE = '{"service":"orders-replicas","reason":"the disk of orders is full"}';

/** `POST /api/infrastructure/database/promote`: a replica in the place of its source, in two steps. */
export const promote =
  (deps: PromoteDeps, ownerOf: (c: Context) => string): Handler =>
  async (c) => {
    const read = await readBody(c, promoteRequest, EXAMPLE);
    if (!read.ok) return refuse(c, read.refusal);
    const { service, reason, replica = null, force = false, confirm = null } = read.value;
    const outcome = await promoteReplica(deps, {
      service,
      reason,
      replica,
      force,
      confirm,
      owner: ownerOf(c),
    });
    switch (outcome.kind) {
      case 'to-confirm': {
        const { token, expiresAt } = outcome.confirmation;
        const confirmation = { token, expiresAt: new Date(expiresAt).toISOString() };
        return answer(c, wire(outcome.plan, { confirmation, event: null }));
      }
      case 'promoted':
        return answer(c, wire(outcome.plan, { confirmation: null, event: toWire(outcome.event) }), 202);
      default:
        return refuse(c, refusalOf(outcome, service));
    }
  };

const wire = (plan: PromotionPlan, rest: Pick<PromotionOnWire, 'confirmation' | 'event'>) => ({
  ...plan,
  ...rest,
});

type Refused = Exclude<PromoteOutcome, { readonly kind: 'to-confirm' | 'promoted' }>;

function refusalOf(outcome: Refused, service: string): Refusal {
  switch (outcome.kind) {
    case 'unknown-target':
      return unknownTarget(service, outcome.known);
    case 'not-promotable':
      return { status: 422, code: 'not-promotable', message: outcome.detail };
    case 'no-replica':
      return { status: 404, code: 'no-replica', message: outcome.detail };
    case 'refused':
      return { status: 409, code: 'promotion-refused', message: why(outcome.plan), details: outcome.plan };
    case 'not-confirmed': {
      const message = `${outcome.detail} Nothing was done: ask without confirm, look at the checks, and confirm what you see.`;
      return { status: 409, code: 'not-confirmed', message, details: outcome.plan };
    }
    case 'failed':
      return {
        status: outcome.error.retryable ? 503 : 502,
        code: 'promotion-failed',
        message: outcome.event.reason,
        details: { ...outcome.plan, event: toWire(outcome.event) },
      };
  }
}

function why({ replica, checks }: PromotionPlan): string {
  const failed = checks.filter(({ ok }) => !ok);
  const advice = failed.every(({ forcible }) => forcible)
    ? 'With force and a reason it can be done all the same.'
    : 'Force does not help here.';
  return `${replica} is not promoted. ${failed.map(({ detail }) => detail).join(' ')} ${advice}`;
}
