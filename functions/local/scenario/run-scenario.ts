import { targetId } from '../../../shared/core/target.ts';
import type { PlantEvent } from '../../../shared/simulation/plant-event.ts';
import { seededRandom } from '../../../shared/simulation/seeded-random.ts';
import type { Workload } from '../../../shared/simulation/workload.ts';
import { handleSignal } from '../../../shared/usecases/handle-signal.ts';
import { sweepTargets } from '../../../shared/usecases/sweep-targets.ts';
import { handleAccountEvent } from '../account-events.ts';
import { type Happening, happeningsOf } from './happenings.ts';
import { invoke } from './invoke.ts';
import { Measures } from './measures.ts';
import { type CrashPoint, Mortality } from './mortality.ts';
import { RunRecord } from './run-record.ts';
import type { Scenario, Variant } from './scenario.ts';
import { momentOf, openWorld, type World } from './world.ts';

/** One run of a scenario. */
export interface RunOptions {
  readonly scenario: Scenario;
  readonly variant: Variant;
  readonly workload: Workload;
  readonly seed: number;
  /** Where the controller dies once, counted within the window of the scenario's crash sweep. */
  readonly crash?: CrashPoint;
}

/** A queue delivers a message again when its visibility timeout has passed; that of a deployment is three minutes. */
const REDELIVERY_SECONDS = 180;
const MINUTE_MILLIS = 60_000;

/** An event on its way to the controller. */
interface Post {
  readonly due: number;
  readonly event: PlantEvent;
}

/** Runs a scenario from its first to its last second. The same seed gives the same run. */
export async function runScenario({
  scenario,
  variant,
  workload,
  seed,
  crash,
}: RunOptions): Promise<RunRecord> {
  const record = new RunRecord(seed, scenario.seconds);
  const mortality = new Mortality();
  const world = await openWorld({ scenario, variant, workload, record, mortality });
  try {
    let happenings = happeningsOf(world, seededRandom(seed, 'happenings'));
    let post: readonly Post[] = [];
    const measures = new Measures(world.plant, variant, scenario);
    await introduce(world);
    record.sample(measures.read());
    for (let second = 1; second <= scenario.seconds; second += 1) {
      record.reach(second);
      world.clock.advanceTo(momentOf(world, second));
      windowOf(world, second, crash);
      happenings = await happen(happenings, second);
      post = await deliver(world, [...post, ...sent(world, world.plant.advanceTo(world.clock.now()))]);
      await tick(world);
      if (second % scenario.sampleSeconds === 0 || second === scenario.seconds)
        record.sample(measures.read());
    }
  } finally {
    await world.close();
  }
  record.awaits = mortality.count;
  return record;
}

/** The controller has been at work before the run begins, so it knows every target. */
async function introduce(world: World): Promise<void> {
  const { deps } = world.controller();
  for (const { target } of world.variant.policies) {
    const id = targetId(target);
    const signal = { kind: 'drift', id: deps.ids.next(), target: id, at: deps.clock.now() } as const;
    await invoke(world, `the first look at ${id}`, () => handleSignal(deps, signal));
  }
}

/** Calls count, and one of them kills, within the window of a crash sweep. */
function windowOf({ scenario, mortality }: World, second: number, crash: CrashPoint | undefined): void {
  if (scenario.crash === null) return;
  const { fromSeconds, untilSeconds } = scenario.crash;
  if (second === Math.max(1, fromSeconds)) {
    mortality.setCounting(true);
    if (crash !== undefined) mortality.dieAt(crash);
  }
  if (second === untilSeconds) mortality.setCounting(false);
}

async function happen(happenings: readonly Happening[], second: number): Promise<readonly Happening[]> {
  for (const happening of happenings) if (happening.second <= second) await happening.run();
  return happenings.filter((happening) => happening.second > second);
}

const sent = ({ weather, record }: World, events: readonly PlantEvent[]): readonly Post[] =>
  events.flatMap((event) =>
    weather.arrivalsOf(event).map((delay) => ({ due: record.second + delay, event })),
  );

async function deliver(world: World, post: readonly Post[]): Promise<readonly Post[]> {
  const { second } = world.record;
  const later = post.filter(({ due }) => due > second);
  const again: Post[] = [];
  for (const { due, event } of post) {
    if (due > second) continue;
    let isHandled = false;
    const isAlive = await invoke(world, `event ${event['detail-type']}`, async () => {
      isHandled = await handleAccountEvent(world.controller().deps, event);
    });
    if (!isAlive || !isHandled) again.push({ due: second + REDELIVERY_SECONDS, event });
  }
  return [...later, ...again];
}

async function tick(world: World): Promise<void> {
  if (world.clock.now() % MINUTE_MILLIS !== 0 || !world.weather.ticks) return;
  await invoke(world, 'the sweep', () => sweepTargets(world.controller().deps));
}
