import { effectiveBounds } from '../../core/effective-bounds.ts';
import { NO_SCHEDULE, type Schedule, type ScheduleState, type ScheduleWindow } from '../../core/schedule.ts';
import { firstSight } from '../../core/transitions.ts';
import { idleLoads } from '../axes.ts';
import { type Case, windowsOf } from '../case.ts';
import type { Finding } from '../finding.ts';
import { restingLoads } from '../samples.ts';
import { minutesText, type OpenSet, type Stretch, timeText } from '../timeline.ts';

/** Gaps that are listed one by one. */
const LISTED_GAPS = 3;

/**
 * Windows that are open at once and say different things, that never open, that change nothing because others always win,
 * and, where windows alone set the size, the minutes without one.
 */
export function schedule(subject: Case): readonly Finding[] {
  const { policy } = subject.lab;
  if (policy.schedule === null) return [];
  const closed = subject.windows.flatMap((window) => neverOpen(subject, policy.schedule, window));
  const idle = windowsWithoutEffect(subject);
  const without = idle.map((window) => withoutEffect(subject, window));
  return [...closed, ...overlaps(subject, idle), ...without, ...gaps(subject)];
}

const found = (subject: Case, severity: Finding['severity'], message: string, fix: string): Finding => ({
  check: 'schedule',
  severity,
  policy: subject.lab.policy.name,
  message,
  fix,
});

function neverOpen(subject: Case, whole: Schedule | null, window: ScheduleWindow): readonly Finding[] {
  if (whole === null || subject.timeline.sets.some(({ names }) => names.includes(window.name))) return [];
  const { now } = subject.lab;
  const { changesAt } = subject.calendar.at({ ...whole, windows: [window] }, now);
  const named = `Window "${window.name}"`;
  if (changesAt !== null) {
    return [
      found(
        subject,
        'note',
        `${named} opens next at ${timeText(changesAt)}, more than two years from now.`,
        'check its times',
      ),
    ];
  }
  const { times } = window;
  return times.kind === 'once'
    ? [
        found(
          subject,
          'warning',
          `${named} ended at ${timeText(times.to)} and does not open again.`,
          'remove it',
        ),
      ]
    : [
        found(
          subject,
          'error',
          `${named} never opens (start "${times.start}", end "${times.end}", onHolidays ${window.onHolidays}).`,
          'correct its times',
        ),
      ];
}

/** Two windows that are open at once, for how long together, and where it is seen first. */
interface Overlap {
  readonly one: ScheduleWindow;
  readonly other: ScheduleWindow;
  readonly set: OpenSet;
  readonly seconds: number;
}

/** Windows that are open together and differ; one that changes nothing is told of elsewhere. */
function overlaps(subject: Case, idle: readonly ScheduleWindow[]): readonly Finding[] {
  const { policy, now } = subject.lab;
  const byPair = new Map<string, Overlap>();
  for (const set of subject.timeline.sets) {
    for (const [one, other] of pairsOf(windowsOf(subject, set).filter((window) => !idle.includes(window)))) {
      const key = JSON.stringify([one.name, other.name]);
      const before = byPair.get(key);
      const seconds = (before?.seconds ?? 0) + set.seconds;
      byPair.set(key, { one, other, set: before?.set ?? set, seconds });
    }
  }
  return [...byPair.values()].map(({ one, other, set, seconds }) => {
    const { min, max } = effectiveBounds(
      policy,
      { schedule: set.state },
      firstSight(policy, policy.bounds.min, now),
      now,
    );
    const result = `overlap: ${policy.schedule?.overlap ?? 'highest'} makes it ${min}..${max}${desiredIn(subject, set)}`;
    return found(
      subject,
      'warning',
      `Windows "${one.name}" (${valuesOf(one)}) and "${other.name}" (${valuesOf(other)}) are open at once for ${minutesText(seconds)} of two years, first at ${timeText(set.firstAt)}: ${result}.`,
      'nothing, if that is meant; otherwise let one end before the other begins',
    );
  });
}

/** Pairs of windows that set the same thing, and differently. */
const pairsOf = (open: readonly ScheduleWindow[]): readonly (readonly [ScheduleWindow, ScheduleWindow])[] =>
  open.flatMap((one, index) =>
    open.slice(index + 1).flatMap((other) => (differ(one, other) ? [[one, other] as const] : [])),
  );

const differ = (one: ScheduleWindow, other: ScheduleWindow): boolean =>
  (['min', 'max', 'desired'] as const).some(
    (field) => one[field] !== null && other[field] !== null && one[field] !== other[field],
  );

const valuesOf = (window: ScheduleWindow): string =>
  (['min', 'max', 'desired'] as const)
    .flatMap((field) => (window[field] === null ? [] : [`${field} ${window[field]}`]))
    .join(', ');

/** What the desired sizes of the open windows come to: the size that is wished for without any load. */
function desiredIn(subject: Case, set: OpenSet): string {
  if (windowsOf(subject, set).every(({ desired }) => desired === null)) return '';
  const wish = idleWish(subject, set.state);
  return wish === null ? '' : `, and with no load ${wish} is wished for`;
}

/** The wish before any guard, so that neither a budget nor a pause bends it. */
function idleWish({ lab, axes }: Case, state: ScheduleState): number | null {
  const size = lab.policy.bounds.max;
  return lab.decide({ axes, loads: idleLoads(axes), size, schedule: state }).wish;
}

/** Windows without which every decision would be the same. */
function windowsWithoutEffect(subject: Case): readonly ScheduleWindow[] {
  const outcomes = new Map(subject.timeline.sets.map((set) => [set, outcomesIn(subject, set.state)]));
  return subject.windows.filter((window) => {
    const opened = setsWith(subject, window);
    return (
      opened.length > 0 &&
      opened.every((set) => outcomesIn(subject, without(set, window)) === outcomes.get(set))
    );
  });
}

const setsWith = ({ timeline }: Case, { name }: ScheduleWindow): readonly OpenSet[] =>
  timeline.sets.filter(({ names }) => names.includes(name));

function withoutEffect(subject: Case, window: ScheduleWindow): Finding {
  const opened = setsWith(subject, window);
  const others = [...new Set(opened.flatMap(({ names }) => names))].filter((name) => name !== window.name);
  const covered = opened.every(({ names }) => names.length > 1);
  const why = covered
    ? `whenever it is open, ${others.map((name) => `"${name}"`).join(' or ')} is open too and wins`
    : 'its values change no decision';
  return found(
    subject,
    'warning',
    `Window "${window.name}" changes nothing: ${why}.`,
    'remove it, or change its values',
  );
}

const without = ({ state }: OpenSet, { name }: ScheduleWindow): ScheduleState => ({
  ...state,
  open: state.open.filter((window) => window.name !== name),
});

/** What is decided in a state of the schedule, at every size that a window names and beside it, idle, at rest and overloaded. */
function outcomesIn(subject: Case, state: ScheduleState): string {
  const { lab, axes, windows } = subject;
  const { min, max } = lab.policy.bounds;
  const named = windows.flatMap((window) => [window.min, window.max, window.desired]);
  const sizes = [
    min,
    max,
    Math.ceil((min + max) / 2),
    ...named.flatMap((size) => (size === null ? [] : [size - 1, size, size + 1])),
  ];
  const inside = [...new Set(sizes)].filter((size) => size >= min && size <= max);
  const loads = [idleLoads(axes), restingLoads(axes, subject.sizes), axes.map(() => 1e9)];
  const outcomes = inside.flatMap((size) =>
    loads.map((load) => {
      const decision = lab.decide({ axes, loads: load, size, schedule: state });
      return decision.kind === 'resize' ? decision.to : size;
    }),
  );
  return outcomes.join();
}

/** Minutes without a size where nothing but windows proposes one. */
function gaps(subject: Case): readonly Finding[] {
  const { lab, timeline, windows } = subject;
  if (lab.policy.strategies.length > 0) return [];
  const sizing = windows.filter(({ desired }) => desired !== null).map(({ name }) => name);
  const uncovered = timeline.stretches.filter(({ open }) => !open.some(({ name }) => sizing.includes(name)));
  if (uncovered.length === 0) return [];
  const wish = idleWish(subject, NO_SCHEDULE);
  const then = wish === null ? 'the size stays as it is' : `the size goes to ${wish}`;
  const listed = uncovered.slice(0, LISTED_GAPS).map(gapText);
  const more =
    uncovered.length > LISTED_GAPS
      ? `, and ${(uncovered.length - LISTED_GAPS).toLocaleString('en-US')} more`
      : '';
  return [
    found(
      subject,
      'note',
      `No window sets a size ${listed.join(', ')}${more}: ${then}.`,
      'nothing, if that is meant; otherwise add a window for the rest of the time',
    ),
  ];
}

const gapText = ({ from, to }: Stretch): string => `from ${timeText(from)} to ${timeText(to)}`;
