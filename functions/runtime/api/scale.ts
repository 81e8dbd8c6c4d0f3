import type { Context, Handler } from 'hono';
import { toWire } from '../../../events/contracts/controller-events.ts';
import { scaleRequest } from '../../../events/contracts/scale-request.ts';
import type { ControllerDeps } from '../../../shared/usecases/deps.ts';
import { type ScaleOutcome, scaleByHand } from '../../../shared/usecases/scale-by-hand.ts';
import { quoted, readFields } from '../fields.ts';
import { answer, invalidFields, type Refusal, refuse } from './answers.ts';
import { unknownTarget } from './unknown-target.ts';

/** Longest body that is read. */
export const MAX_BODY_BYTES = 16_384;

/** `POST /api/infrastructure/scaling/scale`: a size by hand, which automation keeps until it expires. */
export const scale =
  (deps: ControllerDeps, ownerOf: (c: Context) => string): Handler =>
  async (c) => {
    const type = c.req.header('content-type');
    if (!/^application\/json\s*(;|$)/i.test(type ?? '')) return refuse(c, unsupported(type));
    const body = parseJson(await c.req.text());
    if (!body.ok) return refuse(c, notJson(body.why));
    const read = readFields(scaleRequest, body.value);
    if (!read.ok) return refuse(c, invalidFields(read.problems));
    const { expiresIn: expiresInSeconds, ...request } = read.value;
    const outcome = await scaleByHand(deps, { ...request, expiresInSeconds, owner: ownerOf(c) });
    if (outcome.kind === 'accepted') {
      const expiresAt = new Date(outcome.expiresAt).toISOString();
      return answer(c, { event: toWire(outcome.event), expiresAt }, 202);
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

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };

function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read' };
  }
}

const notJson = (why: string): Refusal => ({
  status: 400,
  code: 'not-json',
  message: `The body is not JSON (${why}). Send an object such as {"service":"web","instances":4,"reason":"sale at noon"}.`,
  details: { fields: [{ field: 'body', problem: 'must be a JSON object' }] },
});

const unsupported = (type: string | undefined): Refusal => ({
  status: 415,
  code: 'unsupported-media-type',
  message: `The body must be JSON: send the header Content-Type: application/json${type === undefined ? '' : `, not ${quoted(type)}`}.`,
});
