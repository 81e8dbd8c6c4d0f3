import type { Policy } from '../core/policy.ts';
import { plusSeconds } from '../core/time.ts';
import { createPlant, type Plant } from './plant.ts';
import type { Trace } from './trace-csv.ts';
import { type TraceWindow, traceSeconds, traceWorkload, type Workload } from './workload.ts';

/** What a replay is to show. */
export interface ReplayWish {
  readonly policies: readonly Policy[];
  /** Day of the trace, from 0, in which the replay starts. */
  readonly day: number;
  /** Length of the replay. */
  readonly seconds: number;
  readonly seed: number;
  readonly unitCapacity?: number;
}

/** Where a replay starts, and how long it takes until the first alarm asks for more. */
export interface ReplayStart {
  readonly window: TraceWindow;
  /** Simulated seconds from the start to the first alarm that asks for more units; null = none was found. */
  readonly firstAlarmSeconds: number | null;
}

/** The first alarm comes this long after the start: late enough to see a calm beginning, early enough for 30 s at 60×. */
const FIRST_ALARM_SECONDS = { min: 180, max: 1080 } as const;

/** Distance between the starts that are considered. */
const CANDIDATE_STEP_SECONDS = 300;

/** How far ahead a climb is measured, between means over some minutes: a single minute says little. */
const CLIMB_SECONDS = 5400;
const SMOOTHED_MINUTES = 10;

/** How many of the steepest climbs are tried. */
const TRIES = 40;

const DAY_SECONDS = 86_400;

/**
 * Finds where to start a replay so that somebody who watches sees the first resize soon: shortly before the steepest
 * climb of the day. Each candidate is tried on a simulated account that nobody scales, until an alarm fires.
 */
export function findReplayStart(trace: Trace, wish: ReplayWish): ReplayStart {
  const candidates = steepestFirst(trace, wish);
  let early: ReplayStart | null = null;
  for (const fromSeconds of candidates.slice(0, TRIES)) {
    const window = { fromSeconds, seconds: wish.seconds };
    const firstAlarmSeconds = secondsToFirstAlarm(traceWorkload(trace, window), wish);
    if (firstAlarmSeconds === null) continue;
    if (firstAlarmSeconds >= FIRST_ALARM_SECONDS.min) return { window, firstAlarmSeconds };
    // With many policies one of them is always about to ask: better soon than never.
    early ??= { window, firstAlarmSeconds };
  }
  const window = { fromSeconds: candidates[0] ?? 0, seconds: wish.seconds };
  return early ?? { window, firstAlarmSeconds: null };
}

/** Starts within the day that leave room for the whole replay, by how much the load grows after them. */
function steepestFirst(trace: Trace, { day, seconds }: ReplayWish): readonly number[] {
  const whole = traceWorkload(trace);
  const lastStart = traceSeconds(trace) - seconds;
  // A whole minute, where there is room: the account's own rhythm (periods, sweeps) is that of full minutes.
  const sinceMinute = (trace.startSeconds + Math.min(day * DAY_SECONDS, lastStart)) % 60;
  const dayStart = Math.max(0, Math.min(day * DAY_SECONDS, lastStart) - sinceMinute);
  const count = Math.floor((Math.min(dayStart + DAY_SECONDS, lastStart) - dayStart) / CANDIDATE_STEP_SECONDS);
  const smooth = (from: number): number => {
    const samples = Array.from({ length: SMOOTHED_MINUTES }, (_, minute) =>
      whole.loadAt(plusSeconds(whole.start, from + minute * 60)),
    );
    return samples.reduce((total, load) => total + load, 0) / samples.length;
  };
  const growth = (from: number): number => smooth(from + CLIMB_SECONDS) - smooth(from);
  return Array.from(
    { length: Math.max(0, count) + 1 },
    (_, index) => dayStart + index * CANDIDATE_STEP_SECONDS,
  )
    .map((from) => ({ from, growth: growth(from) }))
    .sort((left, right) => right.growth - left.growth)
    .map(({ from }) => from);
}

function secondsToFirstAlarm(workload: Workload, { policies: all, ...wish }: ReplayWish): number | null {
  // The tiers behind the services follow them: they are neither asked nor simulated here.
  const policies = all.filter(({ target }) => target.kind === 'ecs-service');
  if (policies.length === 0) return null;
  const plant = createPlant({ ...wish, policies, workload, start: workload.start });
  for (let second = 30; second <= FIRST_ALARM_SECONDS.max; second += 30) {
    plant.advanceTo(plusSeconds(workload.start, second));
    if (policies.some((policy) => asksForMore(plant, policy))) return second;
  }
  return null;
}

/**
 * Whether an alarm would lead to more units now. The alarm alone does not say so: that of a total is on whenever the
 * minimum does not suffice, and a target at its maximum cannot grow.
 */
function asksForMore(plant: Plant, { name, bounds, strategies, paused }: Policy): boolean {
  const target = plant.targets().find(({ policy }) => policy === name);
  const [first] = strategies;
  const tolerance = first?.kind === 'target-tracking' ? first.tolerance.out : 0;
  if (target === undefined || paused.out || target.service.desired >= bounds.max) return false;
  if (target.load / target.unit.atTarget <= target.service.desired * (1 + tolerance)) return false;
  return plant
    .describeAlarms()
    .some(
      ({ spec, status }) =>
        spec.policy === name && status.state === 'ALARM' && spec.comparison.startsWith('Greater'),
    );
}
