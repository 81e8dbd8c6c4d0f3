import { setTimeout as sleep } from 'node:timers/promises';
import { translateSdkError } from '../../shared/adapters/aws/sdk-errors.ts';
import { staticPolicies } from '../../shared/adapters/memory/static-policies.ts';
import type { PolicyBundle } from '../../shared/config/compiled-policies.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { targetId } from '../../shared/core/target.ts';
import { instant } from '../../shared/core/time.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { warmParts } from '../runtime/warm-parts.ts';
import { hintsFor } from './introduction.ts';
import { DEFAULT_PORT, serveLocalApi } from './local-api.ts';
import { composeLocalController, type LocalController } from './local-controller.ts';
import { localWarming } from './local-warming.ts';
import { openReceiptFile } from './receipt-file.ts';
import { runReport, summaryOf } from './run-report.ts';
import type { StartOptions } from './start-options.ts';
import { counted, Tally } from './tally.ts';
import { VERSION } from './version.ts';
import { plainOutput, quietOutput } from './view/output.ts';
import { RunState, viewedTelemetry } from './view/run-state.ts';
import { numberOf } from './words.ts';

const TICK_MILLIS = 60_000;

const clock = { now: () => instant(Date.now()) };

/**
 * Runs the controller on this machine against the AWS API that `AWS_ENDPOINT_URL` names: another emulator, or AWS itself.
 * Nobody brings alarms from there, so every target is asked each minute of real time. Trace, speed and seed have no meaning.
 * Region and credentials come from the environment, as for every AWS tool.
 * @throws ControllerError `invalid` when that environment does not lead to an account.
 */
export async function runAgainstEndpoint(
  endpoint: string,
  { policies: given, applications, warmPlans = [] }: PolicyBundle,
  options: StartOptions,
  signal: AbortSignal,
): Promise<void> {
  const policies = given.map((policy): Policy => ({ ...policy, evaluation: 'everyMinute' }));
  const tally = new Tally();
  const output = options.json ? quietOutput(process.stderr) : plainOutput(process.stdout);
  const state = new RunState(policies, clock.now, output.line);
  const telemetry = counted(tally, viewedTelemetry(state, output.problem));
  const receipts = openReceiptFile(options.receipts);
  const warming = localWarming({
    set: { policies: staticPolicies(policies), warmPlans },
    deps: () => warmParts(controller.deps.ledger, telemetry),
    whyNot: () => null,
  });
  // The SDK reads the endpoint, the region and the credentials from the environment by itself.
  const controller = await composeLocalController({
    ...{ policies, applications, clock, telemetry },
    place: {},
    sinks: [tally, state, warming.sink],
    receipts: receipts.beside,
  }).catch((cause: unknown) => {
    throw unusable(endpoint, cause);
  });
  const api = await serveLocalApi(controller.deps, options.port ?? DEFAULT_PORT, VERSION, warming);
  output.say(
    [
      `Plimsoll runs against ${endpoint}, with the table plimsoll there, and asks ${numberOf(policies.length, 'policy', 'policies')} every minute.`,
      ...hintsFor(api.url, policies),
    ].join('\n'),
  );
  const begun = performance.now();
  try {
    await tickUntil(begun + (options.for ?? Number.POSITIVE_INFINITY) * 1000, controller, tally, signal);
  } finally {
    await api.close();
    controller.close();
    receipts.close();
  }
  const wall = (performance.now() - begun) / 1000;
  const report = runReport({ simulated: Math.round(wall), wall }, tally, {});
  process.stdout.write(`${options.json ? JSON.stringify(report) : summaryOf(report)}\n`);
}

function unusable(endpoint: string, cause: unknown): ControllerError {
  const { message } = translateSdkError(cause, 'prepare the table plimsoll there');
  return new ControllerError(
    'invalid',
    `AWS_ENDPOINT_URL ${endpoint}: ${message} (correct the URL, AWS_REGION or the credentials in the environment)`,
    { retryable: false, cause },
  );
}

async function tickUntil(
  end: number,
  { deps }: LocalController,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const problem = (error: unknown) => deps.telemetry.problem('The tick failed', { error: String(error) });
  for (const { target } of deps.policies.all()) {
    const id = targetId(target);
    await handleSignal(deps, { kind: 'drift', id: deps.ids.next(), target: id, at: clock.now() }).catch(
      problem,
    );
  }
  while (performance.now() < end && !signal.aborted) {
    await sleep(Math.min(TICK_MILLIS, end - performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    tally.signal('sweep');
    await sweepTargets(deps).catch(problem);
  }
}
