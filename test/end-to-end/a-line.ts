import { onTestFinished } from 'vitest';
import { openLocalAccount } from '../../functions/local/local-account.ts';
import { composeLocalController } from '../../functions/local/local-controller.ts';
import { replay } from '../../functions/local/replay.ts';
import { counted, Tally } from '../../functions/local/tally.ts';
import { RecordingSink } from '../../shared/adapters/memory/recording-sink.ts';
import { SILENT_TELEMETRY } from '../../shared/adapters/memory/silent-telemetry.ts';
import type { Policy } from '../../shared/core/policy.ts';
import type { Instant } from '../../shared/core/time.ts';
import type { DecisionRecord } from '../../shared/ports/telemetry.ts';
import { Plant } from '../../shared/simulation/plant.ts';
import type { PlantEvent } from '../../shared/simulation/plant-event.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import type { Workload } from '../../shared/simulation/workload.ts';

/** A plant that remembers what it reported. */
class WatchedPlant extends Plant {
  readonly reported: PlantEvent[] = [];

  override advanceTo(now: Instant): readonly PlantEvent[] {
    const events = super.advanceTo(now);
    this.reported.push(...events);
    return events;
  }
}

/** The calls of one step of a replay, by operation. */
export type Calls = Readonly<Record<string, number>>;

/** What a replay in this process is made of. */
export interface LineOptions {
  readonly policies: readonly Policy[];
  readonly workload: Workload;
  readonly unitCapacity?: number;
}

/** The whole of local mode but its API, in this process: account over loopback, controller, clock. Closed when the test ends. */
export async function aLine({ policies, workload, ...options }: LineOptions) {
  const plant = new WatchedPlant({ policies, workload, start: workload.start, seed: 1, ...options });
  const clock = new VirtualClock(workload.start);
  const tally = new Tally();
  const decided: DecisionRecord[] = [];
  const problems: string[] = [];
  const sink = new RecordingSink();
  const account = await openLocalAccount(plant, tally);
  onTestFinished(() => account.close());
  const { deps, close } = await composeLocalController({
    policies,
    clock,
    place: {
      endpoint: account.url,
      region: plant.identity.region,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
    telemetry: counted(tally, {
      ...SILENT_TELEMETRY,
      decided: (record) => decided.push(record),
      problem: (message) => problems.push(message),
    }),
    sinks: [tally, sink],
  });
  onTestFinished(close);

  /** Replays up to `end`, as fast as it goes, and lists the calls of every step. */
  const replayTo = async (
    end: Instant,
  ): Promise<readonly { readonly at: Instant; readonly calls: Calls }[]> => {
    const steps: { at: Instant; calls: Calls }[] = [];
    let before = tally.report().awsCalls;
    const onStep = () => {
      const after = tally.report().awsCalls;
      steps.push({ at: clock.now(), calls: difference(before, after) });
      before = after;
    };
    const { signal } = new AbortController();
    await replay({ deps, plant, clock, tally, end, speed: 'max', onStep, signal });
    return steps;
  };
  return { plant, clock, tally, decided, problems, sink, deps, replayTo };
}

const difference = (before: Calls, after: Calls): Calls =>
  Object.fromEntries(
    Object.entries(after).flatMap(([operation, count]) => {
      const more = count - (before[operation] ?? 0);
      return more === 0 ? [] : [[operation, more]];
    }),
  );
