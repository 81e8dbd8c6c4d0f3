import type { Context, Handler } from 'hono';
import { toWire } from '../../../events/contracts/controller-events.ts';
import { scaleRequest } from '../../../events/contracts/scale-request.ts';
import type { ControllerDeps } from '../../../shared/usecases/deps.ts';
import { type ScaleOutcome, scaleByHand } from '../../../shared/usecases/scale-by-hand.ts';
import { answer, type Refusal, refuse } from './answers.ts';
import { readBody } from './json-body.ts';
import { unknownTarget } from './unknown-target.ts';

const EXAMPLE = '{"service":"web","instances":4,"reason":"sale at noon"}';

/** `POST /api/infrastructure/scaling/scale`: a size by hand, which automation keeps until it expires. */
export const scale =
  (deps: ControllerDeps, ownerOf: (c: Context) => string): Handler =>
  async (c) => {
    const read = await readBody(c, scaleRequest, EXAMPLE);
    if (!read.ok) return refuse(c, read.refusal);
    const { expiresIn: expiresInSeconds, ...request } = read.value;
    const outcome = await scaleByHand(deps, { ...request, expiresInSeconds, owner: ownerOf(c) });
    if (outcome.kind === 'accepted') {
      const expiresAt = new Date(outcome.expiresAt).toISOString();
      return answer(c, { event: toWire(outcome.event), expiresAt, effect: outcome.effect }, 202);
    }
    return refuse(c, refusalOf(outcome, read.value));
  };

type Refused = Exclude<ScaleOutcome, { readonly kind: 'accepted' }>;

function refusalOf(
  outcome: Refused,
  { service, instances }: { service: string; instances: number },
): Refusal {
  switch (outcome.kind) {
    case 'unknown-target':
      return unknownTarget(service, outcome.known);
    case 'in-flight':
      return {
        status: 409,
        code: 'in-flight',
        message: `${outcome.detail} Ask again when it has, usually within two minutes.`,
      };
    case 'outside-bounds': {
      const { min, max, bound } = outcome;
      const side =
        bound === 'min' ? `below the policy's minimum of ${min}` : `above the policy's maximum of ${max}`;
      return {
        status: 422,
        code: 'outside-bounds',
        message: `instances: ${instances} is ${side}. Ask for ${min} to ${max}, or change the bounds in the policy.`,
        details: { field: 'instances', value: instances, bound, min, max },
      };
    }
  }
}
