import { toWire } from '../../events/contracts/controller-events.ts';
import { EVENT_SOURCE } from '../../shared/adapters/aws/event-bridge-sink.ts';
import type { ControllerEvent } from '../../shared/core/controller-event.ts';
import { instant } from '../../shared/core/time.ts';
import type { WarmPlan } from '../../shared/core/warm-plan.ts';
import type { EventSink } from '../../shared/ports/event-sink.ts';
import { warmCache } from '../../shared/usecases/warm-cache.ts';
import type { WarmDeps } from '../../shared/usecases/warm-deps.ts';
import { type BundledSet, type WarmCall, whichRuns } from '../runtime/which-runs.ts';

/** Warming in this process: what the function of a deployment does. */
export interface LocalWarming {
  /** Listens to what starts runs: requests by hand, scale-outs, new replicas. */
  readonly sink: EventSink;
  readonly plans: readonly WarmPlan[];
  /** Why a plan cannot be run here, in a sentence; null = it can. */
  readonly whyNot: (plan: WarmPlan) => string | null;
  /** When every run that was begun has ended. */
  readonly settled: () => Promise<void>;
}

/** What local warming works with. */
export interface LocalWarmingOptions {
  readonly set: BundledSet;
  /** Asked at the first run: by then the controller has been composed. */
  readonly deps: () => WarmDeps;
  readonly whyNot: LocalWarming['whyNot'];
}

const STARTING: readonly string[] = ['WarmRequested', 'ScalingCompleted'];

/** Runs warm plans when events ask for them, beside everything else that goes on. */
export function localWarming({ set, deps, whyNot }: LocalWarmingOptions): LocalWarming {
  const running = new Set<Promise<void>>();
  const runsOf = (event: ControllerEvent): readonly WarmCall[] =>
    STARTING.includes(event.type) ? whichRuns(set, asDelivered(event)) : [];
  return {
    plans: set.warmPlans,
    whyNot,
    sink: {
      publish: async (events) => {
        for (const call of events.flatMap(runsOf)) {
          if (call.unit !== null || whyNot(call.plan) !== null) continue;
          const run = runOne(deps(), call).finally(() => running.delete(run));
          running.add(run);
        }
      },
    },
    settled: async () => {
      await Promise.all(running);
    },
  };
}

/** New replicas of a local account have no address that could be reached, so no run is for one of them. */
async function runOne(deps: WarmDeps, { plan, reason }: WarmCall): Promise<void> {
  try {
    await warmCache(deps, { plan, reason, unit: null, deadline: instant(Number.MAX_SAFE_INTEGER) });
  } catch (error) {
    deps.telemetry.problem('A warm plan could not be run', { plan: plan.name, error: String(error) });
  }
}

/** An event as a rule of EventBridge hands it to a function. */
const asDelivered = (event: ControllerEvent): unknown => ({
  ...{ version: '0', id: event.id, source: EVENT_SOURCE, 'detail-type': event.type },
  ...{ time: new Date(event.at).toISOString(), resources: [event.target], detail: toWire(event) },
});

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

/**
 * Why a plan cannot be run where the account is simulated: only what runs on this machine is real there. Null = it can.
 */
export function whyNotInReplay(plan: WarmPlan): string | null {
  const elsewhere = hostsOf(plan).find((host) => !LOOPBACK.test(host));
  const why =
    elsewhere === undefined
      ? readsAws(plan)
        ? 'it reads secrets or tables of AWS'
        : null
      : `${elsewhere} is not on this machine`;
  return why === null
    ? null
    : `The account of this run is simulated, and ${why}. "plimsoll warm ${plan.name}" runs the plan from a machine that reaches all of it.`;
}

function hostsOf({ cache, items }: WarmPlan): readonly string[] {
  const sources = items.flatMap((item) => {
    if (item.kind === 'sql') return item.database.hosts;
    if (item.kind !== 'http') return [];
    const urls = item.url === null ? item.list.map(({ url }) => String(url)) : [item.url];
    return urls.map((url) => (URL.canParse(url) ? new URL(url).hostname : url));
  });
  return [...(cache === null ? [] : [cache.host]), ...sources];
}

const readsAws = ({ cache, items }: WarmPlan): boolean =>
  (cache !== null && cache.auth.kind !== 'none') ||
  items.some(
    (item) =>
      item.kind === 'dynamodb' ||
      (item.kind === 'sql' && item.database.auth.kind !== 'none') ||
      (item.kind === 'http' && item.headersSecretArn !== null),
  );
