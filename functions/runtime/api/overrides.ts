import type { Context, Handler } from 'hono';
import { toWire } from '../../../events/contracts/controller-events.ts';
import { overrideToWire } from '../../../events/contracts/override.ts';
import { listQuery, overrideRequest } from '../../../events/contracts/override-request.ts';
import { EVERY_POLICY } from '../../../shared/core/account.ts';
import type { Decision } from '../../../shared/core/decision.ts';
import { explainBriefly } from '../../../shared/core/explain.ts';
import type { ControllerDeps } from '../../../shared/usecases/deps.ts';
import { listOverrides } from '../../../shared/usecases/list-overrides.ts';
import type { OverrideWish, Subject } from '../../../shared/usecases/override-request.ts';
import { setOverride } from '../../../shared/usecases/set-override.ts';
import { answer, invalidFields, type Refusal, refuse } from './answers.ts';
import { readBody } from './json-body.ts';
import { readQuery } from './query.ts';
import { unknownTarget } from './unknown-target.ts';

const EXAMPLE = '{"service":"web","kind":"floor","size":6,"reason":"sale at noon","expiresIn":"2h"}';

/** `GET /api/infrastructure/scaling/overrides`: what is in force, of one target or of all. */
export const getOverrides =
  (deps: ControllerDeps): Handler =>
  async (c) => {
    const read = readQuery(listQuery, c.req.queries());
    if (!read.ok) return refuse(c, invalidFields(read.problems));
    const { service = null } = read.value;
    const list = await listOverrides(deps, service);
    return list.kind === 'listed'
      ? answer(c, { overrides: list.overrides.map(overrideToWire) })
      : refuse(c, unknownTarget(service ?? '', list.known));
  };

/** `POST /api/infrastructure/scaling/overrides`: one more override, in place of an earlier one of its kind. */
export const postOverride =
  (deps: ControllerDeps, ownerOf: (c: Context) => string): Handler =>
  async (c) => {
    const read = await readBody(c, overrideRequest, EXAMPLE);
    if (!read.ok) return refuse(c, read.refusal);
    const { service, reason, expiresIn: expiresInSeconds } = read.value;
    const wish = wishOf(read.value);
    const subject = subjectOf(read.value);
    const outcome = await setOverride(deps, { subject, wish, owner: ownerOf(c), reason, expiresInSeconds });
    switch (outcome.kind) {
      case 'set': {
        const { event, decision } = outcome;
        const override = overrideToWire(outcome);
        return answer(c, { override, event: toWire(event), ...effectOf(decision, outcome.policy) }, 202);
      }
      case 'unknown-target':
        return refuse(c, unknownTarget(service ?? '', outcome.known));
      case 'contradiction':
        return refuse(c, contradiction(outcome.detail));
      case 'not-for-all':
        return refuse(c, invalidFields([NOT_FOR_ALL]));
    }
  };

/** Whom a request is about; the schema has seen to it that it is one or the other. */
export const subjectOf = ({ service }: { readonly service?: string | undefined }): Subject =>
  service === undefined ? { all: true } : { service };

/** The refusal of what contradicts a policy or another override. */
export const contradiction = (detail: string): Refusal => ({
  status: 422,
  code: 'contradiction',
  message: detail,
});

/** What a target was told at once, in a sentence and in sizes. */
export function effectOf(decision: Decision | null, policy: string) {
  if (decision === null) {
    const effect =
      policy === EVERY_POLICY
        ? 'Every decision from now on goes by it.'
        : 'The target could not be looked at now: the next tick does, within a minute.';
    return { effect, resize: null };
  }
  const resize = decision.kind === 'resize' ? { from: decision.from, to: decision.to } : null;
  return { effect: explainBriefly(decision), resize };
}

interface Asked {
  readonly kind: OverrideWish['kind'];
  readonly size?: number | undefined;
  readonly direction?: 'out' | 'in' | 'both' | undefined;
  readonly force?: boolean | undefined;
}

// The schema lets no pin, floor or ceiling pass without a size.
function wishOf({ kind, size = 0, direction = 'both', force = false }: Asked): OverrideWish {
  switch (kind) {
    case 'pause':
      return { kind, direction };
    case 'floor':
      return { kind, size, force };
    case 'pin':
    case 'ceiling':
      return { kind, size };
  }
}

const NOT_FOR_ALL = {
  field: 'kind',
  problem: 'must be pause when all is true: a size is a matter of one target',
};
