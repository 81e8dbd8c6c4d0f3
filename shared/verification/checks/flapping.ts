import type { Receipt } from '../../core/receipt.ts';
import { NO_SCHEDULE, type ScheduleState } from '../../core/schedule.ts';
import { type Axis, shownAt, wereTheyAverages } from '../axes.ts';
import type { Case } from '../case.ts';
import { type Finding, pathOf } from '../finding.ts';
import type { Lab, Situation } from '../lab.ts';
import { loadsOf, spread } from '../samples.ts';
import { metricText } from '../words.ts';

/** The most decisions that are spent on one way to read the metrics: a size that creeps over hundreds of units costs many. */
const MOST_DECISIONS = 80_000;

/** And on all sets of open windows together. */
const MOST_IN_WINDOWS = 40_000;

/** Loads while a window is open are thinned to so many. */
const MOST_LOADS_IN_WINDOWS = 200;

/** The most candidates that are followed with all of their memory before a search is given up. */
const MOST_TRIES = 20;

/** A size from which the constant load leads away and back. */
interface Candidate {
  readonly situation: Situation;
  /** Sizes that follow each other; a cycle ends where it began. */
  readonly path: readonly number[];
}

/** What one way to read the metrics leads to. */
interface Suspects {
  readonly cycles: readonly Candidate[];
  readonly bounces: readonly Candidate[];
}

/**
 * Under a constant load the size must come to rest without turning round: a scale-in that is taken back was wrong, and a
 * cycle never ends. Metrics that are said not to follow the size are tried a second time as averages over units: most do.
 */
export function flapping(subject: Case): readonly Finding[] {
  const { lab, axes } = subject;
  const declared = firstProven(lab, axes, suspectsOf(subject, axes));
  if (declared !== null) return [declared];
  const averages = wereTheyAverages(lab.policy, axes);
  const assumed = averages === null ? null : firstProven(lab, averages, suspectsOf(subject, averages), axes);
  return assumed === null ? [] : [assumed];
}

function suspectsOf({ lab, sizes, schedules }: Case, axes: readonly Axis[]): Suspects {
  const [, ...open] = schedules;
  const closed = loadsOf(axes, sizes).map((loads) => ({ axes, loads, schedule: NO_SCHEDULE }));
  const inWindows = loadsOf(axes, sizes, MOST_LOADS_IN_WINDOWS).flatMap((loads) =>
    open.map((schedule) => ({ axes, loads, schedule })),
  );
  const found = [
    ...turnsWithin(lab, sizes, spread(closed), MOST_DECISIONS),
    ...turnsWithin(lab, sizes, spread(inWindows), MOST_IN_WINDOWS),
  ];
  return {
    cycles: found.flatMap(({ cycles }) => cycles).sort(byLength),
    bounces: found.flatMap(({ bounces }) => bounces).sort(byLength),
  };
}

/** Looks at one situation after the other until so many decisions are spent. */
function turnsWithin(
  lab: Lab,
  sizes: readonly number[],
  all: readonly Under[],
  most: number,
): readonly Suspects[] {
  const end = lab.decisions + most;
  return all.flatMap((under) => (lab.decisions < end ? [turnsUnder(lab, sizes, under)] : []));
}

// The shortest counter-example first, and of those the one with the smallest sizes.
const byLength = (one: Candidate, other: Candidate): number =>
  one.path.length - other.path.length || Math.max(...one.path) - Math.max(...other.path);

type Under = Pick<Situation, 'axes' | 'loads'> & { readonly schedule: ScheduleState };

/** Where a constant load leads from each size: the next size depends on the size alone, so that each is asked once. */
function turnsUnder(lab: Lab, sizes: readonly number[], under: Under): Suspects {
  const next = new Map<number, number>();
  const nextOf = (size: number): number => {
    const known = next.get(size);
    if (known !== undefined) return known;
    const decision = lab.decide({ ...under, size });
    const to = decision.kind === 'resize' ? decision.to : size;
    next.set(size, to);
    return to;
  };
  const cycles: Candidate[] = [];
  const bounces: Candidate[] = [];
  for (const size of sizes) {
    const path = pathFrom(size, nextOf);
    const situation = { ...under, size };
    const again = path.indexOf(path.at(-1) ?? size);
    if (again < path.length - 1) {
      const cycle = path.slice(again);
      // Told from its smallest size, by whichever start comes upon it there.
      if (Math.min(...cycle) === size) cycles.push({ situation, path: cycle });
    } else if (turnsBack(path)) bounces.push({ situation, path });
  }
  return { cycles, bounces };
}

/** The sizes from one on, until one comes again or it rests; the repeated one of a cycle is told twice. */
function pathFrom(size: number, nextOf: (size: number) => number): readonly number[] {
  const path = [size];
  for (;;) {
    const at = path.at(-1) ?? size;
    const to = nextOf(at);
    if (to === at) return path;
    const seen = path.includes(to);
    path.push(to);
    if (seen) return path;
  }
}

/** Whether units are taken away and then asked for again. */
const turnsBack = (path: readonly number[]): boolean =>
  path.some((size, index) => {
    const [then, after] = [path[index + 1] ?? size, path[index + 2] ?? 0];
    return then < size && after > then;
  });

/** The first suspect that comes about with all that a target remembers: candidates are found without memory. */
function firstProven(
  lab: Lab,
  axes: readonly Axis[],
  { cycles, bounces }: Suspects,
  declared: readonly Axis[] = axes,
): Finding | null {
  for (const { candidates, isCycle } of [
    { candidates: cycles, isCycle: true },
    { candidates: bounces, isCycle: false },
  ]) {
    for (const { situation, path } of candidates.slice(0, MOST_TRIES)) {
      const receipts = lab.follow(situation, path.length - 1);
      if (pathOf(receipts) !== path.join(' → ')) continue;
      return findingOf(lab, { situation, receipts, isCycle, isAssumed: declared !== axes });
    }
  }
  return null;
}

interface Proven {
  readonly situation: Situation;
  readonly receipts: readonly Receipt[];
  readonly isCycle: boolean;
  /** Whether it comes about only if a metric follows the size that is said not to. */
  readonly isAssumed: boolean;
}

function findingOf({ policy }: Lab, { situation, receipts, isCycle, isAssumed }: Proven): Finding {
  const loads = situation.axes.map((axis, index) => {
    const value = shownAt(axis, situation.loads[index] ?? 0, situation.size);
    return metricText(axis, value);
  });
  const open = situation.schedule?.open.map(({ name }) => `"${name}"`) ?? [];
  const at = [
    ...(loads.length === 0 ? [] : [`${loads.join(' and ')} at ${situation.size}`]),
    ...(open.length === 0 ? [] : [`${open.join(' and ')} open`]),
  ].join(', ');
  const model = isAssumed ? ', if the metric falls as units are added' : '';
  const outcome = isCycle ? 'and so on without end' : 'then rests';
  return {
    check: 'flapping',
    severity: isCycle ? 'error' : 'warning',
    policy: policy.name,
    message: `Under a constant load (${at}) the size goes ${pathOf(receipts)}, ${outcome}${model}.`,
    fix: isAssumed
      ? 'write scope: average so that a cut which would come back is held, or move the thresholds further apart'
      : 'move the thresholds of scale-out and scale-in further apart, or change by less',
    receipts,
  };
}
