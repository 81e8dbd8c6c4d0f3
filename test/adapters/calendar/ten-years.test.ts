import { describe, expect, it } from 'vitest';
import { cronerCalendar } from '../../../shared/adapters/calendar/croner-calendar.ts';
import type { Schedule } from '../../../shared/core/schedule.ts';
import { instant } from '../../../shared/core/time.ts';
import {
  type Decade,
  decadeFrom,
  HOLIDAYS,
  localEvents,
  type Offset,
  offsetsOf,
  openMinutes,
  type Pattern,
} from './minute-oracle.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** Each with the ten years in which it is looked at: some zones did their strangest things before 2021. */
const ZONES: readonly (readonly [zone: string, from: number])[] = [
  ['UTC', 2021],
  ['Europe/Berlin', 2021],
  ['America/New_York', 2021],
  ['America/Los_Angeles', 2021],
  ['America/Sao_Paulo', 2021],
  ['America/St_Johns', 2021],
  ['America/Santiago', 2021],
  ['Asia/Kolkata', 2021],
  ['Asia/Tokyo', 2021],
  ['Asia/Tehran', 2021],
  ['Asia/Beirut', 2021],
  ['Australia/Lord_Howe', 2021],
  ['Australia/Sydney', 2021],
  ['Africa/Casablanca', 2021],
  ['Africa/Cairo', 2021],
  ['Atlantic/Azores', 2021],
  ['Pacific/Apia', 2021],
  ['Pacific/Chatham', 2021],
  ['Antarctica/Troll', 2021],
  ['Pacific/Apia', 2008], // left out 30 December 2011
  ['America/Sao_Paulo', 2008], // changed its clocks at midnight
  ['Africa/Cairo', 2008], // four changes in 2010 and in 2014
  ['Asia/Pyongyang', 2011], // half an hour back and forth
  ['Europe/Moscow', 2008], // three standard times
];

const PATTERNS: readonly Pattern[] = [
  { name: 'business hours', start: '0 8 * * 1-5', end: '0 18 * * 1-5' },
  { name: 'over midnight', start: '0 22 * * *', end: '0 6 * * *' },
  { name: 'over the seam of the week', start: '0 18 * * 5', end: '0 7 * * 1' },
  { name: 'from half past two', start: '30 2 * * *', end: '30 4 * * *' },
  { name: 'inside the hour that is skipped', start: '10 2 * * *', end: '50 2 * * *' },
  { name: 'up to the hour that changes', start: '30 0 * * *', end: '0 2 * * *' },
  { name: 'a day from midnight to midnight', start: '0 0 * * 6', end: '0 0 * * 0' },
  { name: 'the first of the month', start: '0 0 1 * *', end: '0 0 2 * *' },
  { name: 'the leap day', start: '0 0 29 2 *', end: '0 0 1 3 *' },
  { name: 'the thirteenth or a Friday', start: '15 9 13 * 5', end: '45 16 * * *' },
  { name: 'starts on weekdays, ends daily', start: '30 6 * * 1-5', end: '10 22 * * *' },
  { name: 'several starts, one end', start: '0 6,9,12 * * *', end: '0 14 * * *' },
  { name: 'one start, several ends', start: '0 6 * * 1-6', end: '0 10,13,20 * * *' },
  { name: 'steps in the small hours', start: '*/20 1-3 * * 0', end: '10,30 1-3 * * 0' },
  { name: 'the end is the next start', start: '0 3 * * *', end: '0 3 * * *' },
  { name: 'not on holidays', start: '30 7 * * 1-6', end: '0 19 * * *', onHolidays: 'skip' },
  { name: 'only on holidays', start: '0 2 * * *', end: '0 21 * * *', onHolidays: 'only' },
];

// Every zone, every pattern and every minute, but not every zone with every pattern: EVERY_PAIR=1 takes a minute.
const SHARE = process.env['EVERY_PAIR'] === '1' ? 1 : 4;
const PAIRS = ZONES.flatMap(([zone, from], row) =>
  PATTERNS.filter((_, column) => (row + column) % SHARE === 0).map((pattern) => ({ zone, from, pattern })),
);

const scheduleOf = (timeZone: string, { name, start, end, onHolidays }: Pattern): Schedule => ({
  windows: [
    {
      name,
      timeZone,
      times: { kind: 'recurring', start, end },
      onHolidays: onHolidays ?? 'as-usual',
      min: 1,
      max: null,
      desired: null,
      freeze: 'none',
      maintenance: false,
    },
  ],
  holidays: HOLIDAYS,
  overlap: 'highest',
});

/** Whether the window is open in every minute, as one sees it who asks again only when the calendar told him to. */
function walk(schedule: Schedule, { from, until }: Decade) {
  const calendar = cronerCalendar();
  const open = new Uint8Array((until - from) / MINUTE);
  const edges: number[] = [];
  const odd: string[] = [];
  for (let now = from; now < until; ) {
    const { open: windows, changesAt } = calendar.at(schedule, instant(now));
    const [window] = windows;
    const next = Math.min(changesAt ?? until, until);
    if (next <= now) throw new Error(`the next change after ${iso(now)} is not after it`);
    // What the walk comes upon as a change must have happened then.
    if (window !== undefined && window.since !== now && now !== from) odd.push(`${iso(now)} opened earlier`);
    if (window !== undefined && window.until !== changesAt) odd.push(`${iso(now)} closes at another time`);
    open.fill(windows.length, (now - from) / MINUTE, (next - from) / MINUTE);
    edges.push(now);
    now = next;
  }
  return { open, edges, odd };
}

const minutesOf = ({ from, until }: Decade): number => (until - from) / MINUTE;

const iso = (at: number) => new Date(at).toISOString();

/** Minutes that are asked without what was answered before: around edges, through the hours before and after a change of the clock, and anywhere. */
function samples(edges: readonly number[], offsets: readonly Offset[], decade: Decade): number[] {
  const { from, until } = decade;
  const nearChange = edges.filter((edge) => offsets.some((change) => Math.abs(change.from - edge) < DAY));
  const some = edges.filter((_, index) => index % Math.ceil(edges.length / 40) === 0);
  const around = [...nearChange, ...some].flatMap((edge) => [edge - MINUTE, edge, edge + MINUTE]);
  const hours = offsets.flatMap((change) =>
    Array.from({ length: 37 }, (_, index) => change.from + (index - 18) * 10 * MINUTE),
  );
  const minutes = minutesOf(decade);
  const anywhere = Array.from({ length: 60 }, (_, index) => from + ((index * 1_234_577) % minutes) * MINUTE);
  // Backwards, so that no answer covers the next question.
  return [...around, ...hours, ...anywhere].filter((at) => at >= from && at < until).sort((a, b) => b - a);
}

/** The first minute, written out, in which two are not the same; null when they are. */
function firstDifference(got: Uint8Array, want: Uint8Array, from: number): string | null {
  const index = got.findIndex((value, minute) => value !== want[minute]);
  return index === -1 ? null : `${iso(from + index * MINUTE)} is ${got[index]}, not ${want[index]}`;
}

describe('each minute of ten years', () => {
  const counted = { minutes: 0, edges: 0, single: 0, zones: new Set<string>() };
  const memo = new Map<string, unknown>();
  const once = <T>(key: string, make: () => T): T => {
    if (!memo.has(key)) memo.set(key, make());
    return memo.get(key) as T;
  };

  it.each(PAIRS)('is as the oracle says in $zone from $from, $pattern.name', ({ zone, from, pattern }) => {
    const decade = decadeFrom(from);
    const events = once(`${from} ${pattern.name}`, () => localEvents(pattern, decade));
    const offsets = once(`${from} ${zone}`, () => offsetsOf(zone, decade));
    const want = openMinutes(events, offsets, decade);
    const schedule = scheduleOf(zone, pattern);

    const { open, edges, odd } = walk(schedule, decade);
    const same = Buffer.compare(open, want) === 0;
    expect(same ? null : firstDifference(open, want, decade.from)).toBeNull();
    expect(odd).toEqual([]);

    const calendar = cronerCalendar();
    const single = samples(edges, offsets, decade);
    const wrong = single.filter(
      (at) => calendar.at(schedule, instant(at)).open.length !== want[(at - decade.from) / MINUTE],
    );
    expect(wrong.map(iso)).toEqual([]);

    counted.minutes += open.length;
    counted.edges += edges.length;
    counted.single += single.length;
    counted.zones.add(zone);
  });

  it('was looked at: 24 times ten years, four or five patterns in each', () => {
    const { minutes, edges, single, zones } = counted;
    console.log(
      `${minutes.toLocaleString('en')} minutes and ${edges.toLocaleString('en')} edges in ${zones.size} zones; ${single.toLocaleString('en')} minutes asked one by one`,
    );
    expect(zones.size).toBe(21);
    expect(minutes).toBe(PAIRS.reduce((sum, { from }) => sum + minutesOf(decadeFrom(from)), 0));
    expect(minutes).toBeGreaterThan(530_000_000);
  });
});
