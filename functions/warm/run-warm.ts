import { ControllerError } from '../../shared/core/controller-error.ts';
import { type Instant, plusSeconds } from '../../shared/core/time.ts';
import { longestQuestionSeconds } from '../../shared/core/warm-plan.ts';
import type { WarmUnits } from '../../shared/ports/warm-units.ts';
import { type WarmOutcome, warmCache } from '../../shared/usecases/warm-cache.ts';
import type { WarmDeps } from '../../shared/usecases/warm-deps.ts';
import type { FunctionRuntime } from '../runtime/lambda-handler.ts';
import { type BundledSet, type WarmCall, whichRuns } from './which-runs.ts';

/** What this function needs. */
export interface WarmFunctionDeps {
  readonly set: BundledSet;
  readonly warm: WarmDeps;
  readonly units: WarmUnits;
}

/** Time kept back for the end of a run: its last page, its sample, its commit. */
const KEPT_SECONDS = 20;

/**
 * Runs what a call asks for, one plan after the other, within the time of this invocation.
 * @throws ControllerError when the ledger does not answer, or a replica has no address yet: Lambda calls again.
 */
export async function runWarm(
  { log }: Pick<FunctionRuntime, 'log'>,
  deps: WarmFunctionDeps,
  body: unknown,
  endsAt: Instant,
): Promise<void> {
  for (const call of whichRuns(deps.set, body)) {
    const outcome = await runOne(deps, call, endsAt);
    log.info('warm plan', { plan: call.plan.name, unit: call.unit, reason: call.reason, ...said(outcome) });
  }
}

async function runOne(
  { warm, units }: WarmFunctionDeps,
  { plan, unit, reason }: WarmCall,
  endsAt: Instant,
): Promise<WarmOutcome> {
  const deadline = plusSeconds(endsAt, -KEPT_SECONDS - longestQuestionSeconds(plan));
  if (unit === null) return warmCache(warm, { plan, reason, unit: null, deadline });
  const host = await units.hostOf(unit);
  if (host === null) {
    const message = `The replica ${unit} has no address yet.`;
    throw new ControllerError('unavailable', message, { retryable: true });
  }
  const outcome = await warmCache(warm, { plan, reason, unit: { name: unit, host }, deadline });
  if (outcome.kind === 'ended' && outcome.report.outcome !== 'failed') {
    await units.markWarmed(unit, warm.clock.now());
  }
  return outcome;
}

function said(outcome: WarmOutcome): Readonly<Record<string, unknown>> {
  if (outcome.kind !== 'ended') return { outcome: outcome.kind };
  const { outcome: end, keys, kept, bytes, queries, errors, hitRateBefore, hitRateAfter } = outcome.report;
  return { outcome: end, keys, kept, bytes, queries, errors, hitRateBefore, hitRateAfter };
}
