import { setTimeout as sleep } from 'node:timers/promises';
import { type Instant, plusSeconds } from '../../shared/core/time.ts';
import type { Plant } from '../../shared/simulation/plant.ts';
import type { PlantEvent } from '../../shared/simulation/plant-event.ts';
import type { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import type { ControllerDeps, RelayDeps } from '../../shared/usecases/deps.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { handleAccountEvent } from './account-events.ts';
import type { Tally } from './tally.ts';

/** CloudWatch evaluates high-resolution alarms this often: the finest step at which anything is reported. */
const STEP_SECONDS = 10;
const MINUTE_MILLIS = 60_000;

/** A replay: who takes part, how long it lasts and how fast it goes. */
export interface Replay {
  readonly deps: ControllerDeps & RelayDeps;
  readonly plant: Plant;
  readonly clock: VirtualClock;
  readonly tally: Tally;
  readonly end: Instant;
  /** Simulated seconds in a real one; `max` = without waiting. */
  readonly speed: number | 'max';
  /** Called after every step, with its simulated seconds. */
  readonly onStep: (seconds: number) => void;
  readonly signal: AbortSignal;
}

/** Moves the account and the clock step by step, brings the controller what AWS would bring it, and ticks the sweep each minute. */
export async function replay(run: Replay): Promise<void> {
  const { clock, plant, end, signal } = run;
  const started = performance.now();
  const start = clock.now();
  while (clock.now() < end && !signal.aborted) {
    const before = clock.now();
    const now = plusSeconds(before, STEP_SECONDS);
    await pace(run, (now - start) / 1000, started);
    clock.advanceTo(now);
    await bring(run, plant.advanceTo(now));
    if (minuteOf(now) !== minuteOf(before)) await tick(run);
    run.onStep(STEP_SECONDS);
  }
}

// A trace may begin at any second; the schedule ticks with the clock on the wall.
const minuteOf = (at: Instant): number => Math.floor(at / MINUTE_MILLIS);

async function pace({ speed, signal }: Replay, simulatedSeconds: number, started: number): Promise<void> {
  if (speed === 'max') return;
  const wait = started + (simulatedSeconds * 1000) / speed - performance.now();
  if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => undefined);
}

async function bring({ deps, tally }: Replay, events: readonly PlantEvent[]): Promise<void> {
  for (const event of events) {
    if (event.source === 'aws.cloudwatch') tally.signal('alarm');
    await handleAccountEvent(deps, event);
  }
}

async function tick({ deps, tally }: Replay): Promise<void> {
  tally.signal('sweep');
  await sweepTargets(deps).catch((error: unknown) => {
    // As in AWS: a sweep that failed is followed by the next one, and whoever was due stays due.
    deps.telemetry.problem('The sweep failed', { error: String(error) });
  });
}
