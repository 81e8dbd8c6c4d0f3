import { openLocalAccount } from '../../functions/local/local-account.ts';
import { composeLocalController } from '../../functions/local/local-controller.ts';
import { replay } from '../../functions/local/replay.ts';
import { counted, Tally } from '../../functions/local/tally.ts';
import { embeddedMetrics } from '../../functions/runtime/metrics.ts';
import { loggedTelemetry } from '../../functions/runtime/telemetry.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { instant, plusSeconds } from '../../shared/core/time.ts';
import { loadTrace } from '../../shared/simulation/load-trace.ts';
import { createPlant, type Plant } from '../../shared/simulation/plant.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import { constantWorkload, traceWorkload, type Workload } from '../../shared/simulation/workload.ts';
import { LedgerMeter, LogMeter, MetricMeter } from './meters.ts';

/** What a replayed day came to, in the units that AWS charges for. */
export interface CountedDay {
  readonly targets: number;
  /** Calls of the AWS API that the endpoint answered, by operation. */
  readonly awsCalls: Readonly<Record<string, number>>;
  readonly sweeps: number;
  /** Events of CloudWatch and of ECS that the rules let through, each a message in a queue. */
  readonly alarmEvents: number;
  readonly serviceEvents: number;
  /** Evaluations, whatever asked for them: metrics that GetMetricData was asked for, and decisions. */
  readonly metricsRead: number;
  readonly decisions: number;
  /** Writes of heads (commits and acknowledgements: each a record of the stream that the relay sees), and events stored. */
  readonly headWrites: number;
  readonly events: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Of all heads, and of the events of the day with their index. */
  readonly headBytes: number;
  readonly eventBytes: number;
  readonly logLines: number;
  readonly logBytes: number;
  /** Hours in which a custom metric was published, over all of them. */
  readonly metricHours: number;
}

const DAY_SECONDS = 86_400;
const MIDNIGHT = instant(Date.UTC(2026, 10, 20));
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** A plant that tells how many events of ECS it has reported. */
function countingServiceEvents(plant: Plant, count: { serviceEvents: number }): Plant {
  const advanceTo = plant.advanceTo.bind(plant);
  plant.advanceTo = (now) => {
    const events = advanceTo(now);
    count.serviceEvents += events.filter(({ source }) => source !== 'aws.cloudwatch').length;
    return events;
  };
  return plant;
}

/** A day with problems in it is not the day that is to be priced. */
function refuse(message: string, fields: Readonly<Record<string, unknown>>): never {
  throw new Error(`${message}: ${JSON.stringify(fields)}`);
}

/** The load of the day of a trace that `npm start` replays; without a trace, one that never changes. */
async function dayOf(traceName: string | null): Promise<Workload> {
  if (traceName === null) return constantWorkload(100, MIDNIGHT, plusSeconds(MIDNIGHT, DAY_SECONDS));
  const { trace, day } = await loadTrace(traceName);
  return traceWorkload(trace, { fromSeconds: day * DAY_SECONDS, seconds: DAY_SECONDS });
}

/** Replays a day over the policies, through the real AWS SDK, and counts what AWS would charge for. */
export async function countADay(policies: readonly Policy[], traceName: string | null): Promise<CountedDay> {
  const workload = await dayOf(traceName);
  const { start, end } = workload;
  const count = { serviceEvents: 0 };
  const plant = countingServiceEvents(createPlant({ policies, workload, start, seed: 1 }), count);
  const clock = new VirtualClock(start);
  const tally = new Tally();
  const [ledger, metrics, logs] = [new LedgerMeter(), new MetricMeter(), new LogMeter(clock)];
  const own = embeddedMetrics('Plimsoll', clock, logs.metric);
  const account = await openLocalAccount(plant, tally);
  const controller = await composeLocalController({
    policies,
    clock,
    place: { endpoint: account.url, region: plant.identity.region, credentials: LOCAL_CREDENTIALS },
    telemetry: counted(tally, { ...loggedTelemetry(logs.log, own), problem: refuse }),
    sinks: [tally],
  });
  const { deps } = controller;
  const metered = {
    ...deps,
    ledger: ledger.around(deps.ledger),
    receipts: ledger.aroundReceipts(deps.receipts),
    metrics: metrics.around(deps.metrics),
  };
  const { signal } = new AbortController();
  const run = { deps: metered, plant, clock, tally, end, speed: 'max', signal } as const;
  try {
    await replay({ ...run, onStep: () => own.flush() });
  } finally {
    controller.close();
    await account.close();
  }
  const { awsCalls, signals, decisions } = tally.report();
  return {
    targets: policies.length,
    awsCalls,
    sweeps: signals.sweep,
    alarmEvents: signals.alarm,
    serviceEvents: count.serviceEvents,
    metricsRead: metrics.count,
    decisions: Object.values(decisions.hold).reduce((sum, holds) => sum + holds, decisions.resize),
    headWrites: ledger.writes,
    events: ledger.events,
    writeUnits: ledger.written,
    readUnits: ledger.read,
    headBytes: ledger.headBytes,
    eventBytes: ledger.eventBytes,
    logLines: logs.lines,
    logBytes: logs.bytes,
    metricHours: logs.metricHours.size,
  };
}
