import type { Context, Handler } from 'hono';
import { toWire } from '../../../events/contracts/controller-events.ts';
import { overrideToWire } from '../../../events/contracts/override.ts';
import { clearQuery } from '../../../events/contracts/override-request.ts';
import { ACCOUNT } from '../../../shared/core/account.ts';
import { type ClearedAt, clearEverywhere } from '../../../shared/usecases/clear-everywhere.ts';
import { type Cleared, type ClearWish, clearOverride } from '../../../shared/usecases/clear-override.ts';
import type { ControllerDeps } from '../../../shared/usecases/deps.ts';
import { answer, invalidFields, type Refusal, refuse } from './answers.ts';
import { effectOf } from './overrides.ts';
import { readQuery } from './query.ts';
import { unknownTarget } from './unknown-target.ts';

/** `DELETE /api/infrastructure/scaling/overrides`: ends overrides before their time, of one target or everywhere. */
export const deleteOverrides =
  (deps: ControllerDeps, ownerOf: (c: Context) => string): Handler =>
  async (c) => {
    const read = readQuery(clearQuery, c.req.queries());
    if (!read.ok) return refuse(c, invalidFields(read.problems));
    const { service, kind = null } = read.value;
    const wish = { kind, owner: ownerOf(c) };
    if (service === undefined) return clearAll(c, deps, wish);
    const outcome = await clearOverride(deps, { ...wish, service });
    switch (outcome.kind) {
      case 'cleared':
        return answer(c, wireCleared(outcome));
      case 'unknown-target':
        return refuse(c, unknownTarget(service, outcome.known));
      case 'nothing-to-clear':
        return refuse(c, NOTHING_TO_CLEAR);
    }
  };

async function clearAll(c: Context, deps: ControllerDeps, wish: ClearWish): Promise<Response> {
  const report = await clearEverywhere(deps, wish);
  if (report.kind === 'nothing-to-clear') return refuse(c, NOTHING_TO_CLEAR);
  const outcomes = report.outcomes.map(wireOutcome);
  const done = report.outcomes.flatMap((outcome) => (outcome.kind === 'cleared' ? [outcome] : []));
  const failed = outcomes.length - done.length;
  if (done.length === 0) return refuse(c, notCleared(outcomes));
  return answer(c, {
    overrides: done.flatMap(wireOverrides),
    events: done.flatMap(({ events }) => events.map(toWire)),
    effect:
      failed === 0
        ? 'Nothing of it is in force any more.'
        : `${failed} of ${outcomes.length} could not be cleared; outcomes say why.`,
    resize: null,
    complete: failed === 0,
    applied: done.length,
    failed,
    outcomes,
  });
}

function wireOutcome(outcome: ClearedAt) {
  const { target, policy } = outcome;
  return outcome.kind === 'failed'
    ? { target, policy, outcome: 'failed', code: 'unavailable', detail: outcome.detail }
    : { target, policy, outcome: 'done', ...wireCleared(outcome) };
}

const wireOverrides = ({ target, policy, overrides }: Cleared) =>
  overrides.map((override) => overrideToWire({ target, policy, override }));

function wireCleared(cleared: Cleared) {
  const { target, policy, events, decision } = cleared;
  const effect =
    target === ACCOUNT
      ? { effect: 'Whom it held back is asked with the next tick, within a minute.', resize: null }
      : effectOf(decision, policy);
  return { overrides: wireOverrides(cleared), events: events.map(toWire), ...effect };
}

const NOTHING_TO_CLEAR: Refusal = {
  status: 404,
  code: 'nothing-to-clear',
  message: 'There is no such override in force. GET the same path lists those that are.',
};

const notCleared = (outcomes: readonly unknown[]): Refusal => ({
  status: 503,
  code: 'unavailable',
  message: 'No override could be cleared now; details say why for each. Ask again.',
  details: { outcomes },
});
