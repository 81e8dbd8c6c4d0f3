import type { PolicyBundle } from '../../shared/config/compiled-policies.ts';
import { loadPolicies } from '../../shared/config/load-policies.ts';
import { policyRefusal } from '../../shared/config/problem.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { type Instant, plusSeconds } from '../../shared/core/time.ts';
import { type LoadedTrace, loadTrace } from '../../shared/simulation/load-trace.ts';
import { createPlant } from '../../shared/simulation/plant.ts';
import { findReplayStart } from '../../shared/simulation/replay-start.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import { traceSeconds, traceWorkload, type Workload } from '../../shared/simulation/workload.ts';
import { hintsFor, introduction } from './introduction.ts';
import { openLocalAccount } from './local-account.ts';
import { DEFAULT_PORT, serveLocalApi } from './local-api.ts';
import { composeLocalController } from './local-controller.ts';
import { keepingAll, openReceiptFile } from './receipt-file.ts';
import { replay } from './replay.ts';
import { checkWindow } from './replay-window.ts';
import { runAgainstEndpoint } from './run-against-endpoint.ts';
import { runReport, summaryOf } from './run-report.ts';
import type { StartOptions } from './start-options.ts';
import { counted, Tally } from './tally.ts';
import { sightOf } from './tiers/sight.ts';
import { TierScores } from './tiers/tier-scores.ts';
import { usualLoad } from './tiers/usual-load.ts';
import { VERSION } from './version.ts';
import { type Output, plainOutput, quietOutput, screenOutput } from './view/output.ts';
import { RunState, viewedTelemetry } from './view/run-state.ts';
import type { Picture } from './view/screen.ts';
import { watchedLedger } from './view/watched-ledger.ts';
import { numberOf } from './words.ts';

/** The credentials of the local account: any will do, none is a secret. */
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const DAY_SECONDS = 86_400;
const SHOWN_LOADS = 48;
const SECONDS_PER_SHOWN_LOAD = 300;

/** Runs the controller on this machine: against a replayed load, or against the endpoint that `AWS_ENDPOINT_URL` names. */
export async function start(options: StartOptions, signal: AbortSignal): Promise<void> {
  const { policies: given, applications } = await usablePolicies(options.policies);
  const bundle = { policies: keepingAll(given, options.receipts), applications };
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  await (endpoint === undefined || endpoint === ''
    ? startReplay(bundle, options, signal)
    : runAgainstEndpoint(endpoint, bundle, options, signal));
}

/**
 * Replays a recorded load against the policies: the main job of `npm start`.
 * @throws ControllerError `invalid` for a trace or a window that cannot be used.
 */
async function startReplay(bundle: PolicyBundle, options: StartOptions, signal: AbortSignal): Promise<void> {
  const { policies, applications } = bundle;
  const loaded = await loadTrace(options.trace);
  const workload = windowOf(loaded, policies, options);
  const { start, end } = workload;
  const tiers = usualLoad(policies, applications, workload);
  const plant = createPlant({
    ...{ policies, workload, start, seed: options.seed },
    ...unitCapacityOf(options),
    ...tiers,
  });
  const clock = new VirtualClock(start);
  const tally = new Tally();
  const output = outputFor(options);
  const state = new RunState(
    policies,
    () => clock.now(),
    (line) => output.line(line),
  );

  const receipts = openReceiptFile(options.receipts);
  const account = await openLocalAccount(plant, tally);
  const controller = await composeLocalController({
    policies,
    applications,
    clock,
    place: { endpoint: account.url, region: plant.identity.region, credentials: LOCAL_CREDENTIALS },
    resolve: plant.databases.resolve,
    telemetry: counted(tally, viewedTelemetry(state, output.problem)),
    sinks: [tally, state],
    receipts: receipts.beside,
  });
  const watched = watchedLedger(controller.deps.ledger, (entry) => state.written(entry));
  const deps = { ...controller.deps, ledger: watched };
  const api = await serveLocalApi(deps, portFor(options), VERSION);
  output.say(introduction(loaded.title, options.speed, bundle, hintsFor(api.url, policies)));
  for (const warning of plant.warnings) output.problem(warning, {});

  const begun = performance.now();
  const scores = new TierScores(plant, policies);
  const picture = (): Picture => ({
    title: `${loaded.title} · ${numberOf(policies.length, 'policy', 'policies')}`,
    now: clock.now(),
    speed: options.speed,
    loads: shownLoads(clock.now(), workload),
    ...sightOf(plant, deps.policies, state),
    policies,
    state,
    url: api.url,
  });
  const onStep = (seconds: number) => {
    scores.observe(seconds);
    output.picture(picture);
  };
  try {
    const { speed } = options;
    await replay({ deps, plant, clock, tally, end, speed, signal, onStep });
  } finally {
    output.close();
    await api.close();
    controller.close();
    await account.close();
    receipts.close();
  }
  const seconds = { simulated: (clock.now() - start) / 1000, wall: (performance.now() - begun) / 1000 };
  const report = runReport(seconds, tally, plant.scores(), scores.report());
  process.stdout.write(`${options.json ? JSON.stringify(report) : summaryOf(report)}\n`);
}

async function usablePolicies(path: string): Promise<PolicyBundle> {
  const { policies, applications, problems } = await loadPolicies([path]);
  if (problems.length > 0) throw policyRefusal(problems);
  if (policies.length === 0) {
    throw new ControllerError(
      'invalid',
      `--policies ${path}: names no target, so there is nothing to run (add a ScalingPolicy, or name another folder)`,
      { retryable: false },
    );
  }
  return { policies, applications };
}

function windowOf({ trace, day }: LoadedTrace, policies: readonly Policy[], options: StartOptions): Workload {
  const { from, seed } = options;
  const left = traceSeconds(trace) - (from ?? 0);
  const seconds = options.for ?? (left > 0 ? Math.min(DAY_SECONDS, left) : DAY_SECONDS);
  checkWindow(traceSeconds(trace), from ?? null, seconds);
  if (from !== undefined) return traceWorkload(trace, { fromSeconds: from, seconds });
  const wish = { policies, day, seconds, seed, ...unitCapacityOf(options) };
  return traceWorkload(trace, findReplayStart(trace, wish).window);
}

/** A run without waiting is over before anybody asks it something: it takes a free port, beside one that is being watched. */
const portFor = ({ port, speed }: StartOptions): number => port ?? (speed === 'max' ? 0 : DEFAULT_PORT);

const unitCapacityOf = ({ 'unit-capacity': unitCapacity }: StartOptions) =>
  unitCapacity === undefined ? {} : { unitCapacity };

function outputFor({ json, headless }: StartOptions): Output {
  if (json) return quietOutput(process.stderr);
  return process.stdout.isTTY && !headless ? screenOutput(process.stdout) : plainOutput(process.stdout);
}

/** The load of the last hours, one value for a few minutes each. */
function shownLoads(now: Instant, { start, loadAt }: Workload): readonly number[] {
  const count = Math.min(SHOWN_LOADS, Math.floor((now - start) / 1000 / SECONDS_PER_SHOWN_LOAD) + 1);
  return Array.from({ length: count }, (_, index) =>
    loadAt(plusSeconds(now, (index + 1 - count) * SECONDS_PER_SHOWN_LOAD)),
  );
}
