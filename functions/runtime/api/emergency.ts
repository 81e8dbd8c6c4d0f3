import type { Context, Handler } from 'hono';
import { toWire } from '../../../events/contracts/controller-events.ts';
import { overrideToWire } from '../../../events/contracts/override.ts';
import { emergencyRequest } from '../../../events/contracts/override-request.ts';
import type { ControllerDeps } from '../../../shared/usecases/deps.ts';
import {
  type EmergencyFailure,
  type EmergencyOutcome,
  emergency,
} from '../../../shared/usecases/emergency.ts';
import { type ApiErrorCode, answer, type Refusal, refuse } from './answers.ts';
import { readBody } from './json-body.ts';
import { effectOf, subjectOf } from './overrides.ts';
import { unknownTarget } from './unknown-target.ts';

const EXAMPLE = '{"service":"web","action":"boost","reason":"the queue is running full"}';
const DEFAULT_PERCENT = 50;

/** `POST /api/infrastructure/scaling/emergency`: +50 % at once, or down to the core; target by target. */
export const postEmergency =
  (deps: ControllerDeps, ownerOf: (c: Context) => string): Handler =>
  async (c) => {
    const read = await readBody(c, emergencyRequest, EXAMPLE);
    if (!read.ok) return refuse(c, read.refusal);
    const { service, action, reason, expiresIn } = read.value;
    const { percent = DEFAULT_PERCENT, force = false } = read.value;
    const report = await emergency(deps, {
      subject: subjectOf(read.value),
      action,
      percent,
      force,
      reason,
      owner: ownerOf(c),
      expiresInSeconds: expiresIn,
    });
    if (report.kind === 'unknown-target') return refuse(c, unknownTarget(service ?? '', report.known));
    const { outcomes } = report;
    const applied = outcomes.filter(({ kind }) => kind === 'done').length;
    if (applied === 0) return refuse(c, nothingDone(outcomes));
    const failed = outcomes.length - applied;
    const complete = failed === 0;
    return answer(c, { action, complete, applied, failed, outcomes: outcomes.map(wireOutcome) }, 202);
  };

function wireOutcome(outcome: EmergencyOutcome) {
  const { target, policy, detail } = outcome;
  if (outcome.kind === 'failed') return { target, policy, outcome: 'failed', code: outcome.code, detail };
  const { from, to, event, decision, cleared } = outcome;
  return {
    target,
    policy,
    outcome: 'done',
    from,
    to,
    detail,
    ...effectOf(decision, policy),
    override: overrideToWire(outcome),
    cleared: cleared.map((override) => overrideToWire({ target, policy, override })),
    event: toWire(event),
  };
}

/** The status of a request that reached nobody, by its reason. */
const REFUSED: Readonly<Record<EmergencyFailure, { status: 404 | 422 | 503; code: ApiErrorCode }>> = {
  contradiction: { status: 422, code: 'contradiction' },
  'no-core-size': { status: 422, code: 'no-core-size' },
  'target-missing': { status: 404, code: 'target-missing' },
  unavailable: { status: 503, code: 'unavailable' },
};

function nothingDone(outcomes: readonly EmergencyOutcome[]): Refusal {
  const [only] = outcomes;
  if (outcomes.length === 1 && only?.kind === 'failed') {
    return { ...REFUSED[only.code], message: only.detail, details: { outcomes: outcomes.map(wireOutcome) } };
  }
  return {
    status: 422,
    code: 'nothing-done',
    message:
      outcomes.length === 0
        ? 'There are no policies, so there is nothing to do.'
        : `Nothing was done at any of ${outcomes.length} targets; details say why for each.`,
    details: { outcomes: outcomes.map(wireOutcome) },
  };
}
