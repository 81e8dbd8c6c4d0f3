import { describe, expect, it, test } from 'vitest';
import { cronerCalendar } from '../../../shared/adapters/calendar/croner-calendar.ts';
import type { Schedule, ScheduleWindow } from '../../../shared/core/schedule.ts';
import { type Instant, instant } from '../../../shared/core/time.ts';
import { aSchedule } from '../../support/a-schedule.ts';

const at = (iso: string): Instant => instant(Date.parse(iso));
const iso = (when: Instant | null) => (when === null ? null : new Date(when).toISOString().slice(0, 16));

const recurring = (start: string, end: string, more: Partial<ScheduleWindow> = {}): Schedule =>
  aSchedule([{ times: { kind: 'recurring', start, end }, timeZone: 'UTC', ...more }]);

/** `open since … until …` or `closed until …`, at an instant. */
function seen(schedule: Schedule, when: string): string {
  const { open, changesAt } = cronerCalendar().at(schedule, at(when));
  const [window] = open;
  if (window === undefined) return `closed until ${iso(changesAt)}`;
  return `open since ${iso(window.since)} until ${iso(window.until)}`;
}

const isOpen = (schedule: Schedule, when: string): boolean =>
  cronerCalendar().at(schedule, at(when)).open.length === 1;

describe('a recurring window', () => {
  const office = recurring('0 8 * * 1-5', '0 18 * * 1-5');

  it('is open from its start on, and no longer at its end', () => {
    expect(seen(office, '2026-11-20T07:59:59.999Z')).toBe('closed until 2026-11-20T08:00');
    expect(seen(office, '2026-11-20T08:00:00.000Z')).toBe(
      'open since 2026-11-20T08:00 until 2026-11-20T18:00',
    );
    expect(seen(office, '2026-11-20T17:59:59.999Z')).toBe(
      'open since 2026-11-20T08:00 until 2026-11-20T18:00',
    );
    expect(seen(office, '2026-11-20T18:00:00.000Z')).toBe('closed until 2026-11-23T08:00');
  });

  it('begins anew at an instant that is both end and start', () => {
    const always = recurring('0 8 * * *', '0 8 * * *');
    expect(seen(always, '2026-11-20T07:59Z')).toBe('open since 2026-11-19T08:00 until 2026-11-20T08:00');
    expect(seen(always, '2026-11-20T08:00Z')).toBe('open since 2026-11-20T08:00 until 2026-11-21T08:00');
  });

  it('was opened by the first of several starts', () => {
    const starts = recurring('0 6-9 * * *', '0 18 * * *');
    expect(seen(starts, '2026-11-20T12:00Z')).toBe('open since 2026-11-20T06:00 until 2026-11-20T18:00');
  });

  it('is closed by the first of several ends, and stays closed', () => {
    const ends = recurring('0 6 * * *', '0 12,18 * * *');
    expect(seen(ends, '2026-11-20T12:00Z')).toBe('closed until 2026-11-21T06:00');
    expect(seen(ends, '2026-11-20T20:00Z')).toBe('closed until 2026-11-21T06:00');
  });

  it('is open in no zone but its own', () => {
    const tokyo = recurring('0 8 * * 1-5', '0 18 * * 1-5', { timeZone: 'Asia/Tokyo' });
    expect(seen(tokyo, '2026-11-19T23:00Z')).toBe('open since 2026-11-19T23:00 until 2026-11-20T09:00');
  });

  it('stays for years where its times are rare', () => {
    const leap = recurring('0 0 29 2 *', '0 0 1 3 *');
    expect(seen(leap, '2026-11-20T12:00Z')).toBe('closed until 2028-02-29T00:00');
    const between = recurring('0 0 1 3 *', '0 0 29 2 *');
    expect(seen(between, '2026-11-20T12:00Z')).toBe('open since 2024-03-01T00:00 until 2028-02-29T00:00');
  });

  it('matches the day of the month or the day of the week where both are given, as crontab does', () => {
    const either = recurring('0 8 13 * 5', '0 9 * * *');
    expect(isOpen(either, '2026-11-13T08:30Z')).toBe(true); // Friday the 13th
    expect(isOpen(either, '2026-11-20T08:30Z')).toBe(true); // a Friday
    expect(isOpen(either, '2026-10-13T08:30Z')).toBe(true); // a 13th
    expect(isOpen(either, '2026-11-19T08:30Z')).toBe(false);
    const both = recurring('0 8 13 * +5', '0 9 * * *');
    expect(isOpen(both, '2026-11-13T08:30Z')).toBe(true);
    expect(isOpen(both, '2026-11-20T08:30Z')).toBe(false);
  });

  it('knows last days, nearest weekdays and the nth weekday', () => {
    expect(isOpen(recurring('0 8 L * *', '0 9 * * *'), '2028-02-29T08:30Z')).toBe(true);
    expect(isOpen(recurring('0 8 15W * *', '0 9 * * *'), '2026-11-16T08:30Z')).toBe(true); // the 15th is a Sunday
    expect(isOpen(recurring('0 8 * * 5#4', '0 9 * * *'), '2026-11-27T08:30Z')).toBe(true); // Black Friday
    expect(isOpen(recurring('0 8 * * 5#4', '0 9 * * *'), '2026-11-20T08:30Z')).toBe(false);
  });
});

// Starts on weekdays at 06:30, ends daily at 22:10: a controller that compares the next start with the next end takes the
// window for open from Friday night to Sunday night (kedacore/keda issue 4677).
describe('starts and ends that do not alternate', () => {
  const window = recurring('30 6 * * 1-5', '10 22 * * *');
  test.each([
    { day: 'Friday 21:00', when: '2026-11-20T21:00Z', open: true },
    { day: 'Friday 22:10', when: '2026-11-20T22:10Z', open: false },
    { day: 'Friday 22:30', when: '2026-11-20T22:30Z', open: false },
    { day: 'Saturday 12:00', when: '2026-11-21T12:00Z', open: false },
    { day: 'Sunday 21:00', when: '2026-11-22T21:00Z', open: false },
    { day: 'Sunday 22:30', when: '2026-11-22T22:30Z', open: false },
    { day: 'Monday 06:29', when: '2026-11-23T06:29Z', open: false },
    { day: 'Monday 07:00', when: '2026-11-23T07:00Z', open: true },
  ])('$day is open: $open', ({ when, open }) => {
    expect(isOpen(window, when)).toBe(open);
  });
});

describe('a window that opens once', () => {
  const once = (from: string, to: string) =>
    aSchedule([{ times: { kind: 'once', from: at(from), to: at(to) } }]);
  const sale = once('2026-11-27T00:00Z', '2026-11-28T00:00Z');

  it('is open from the first instant to the last, and never again', () => {
    expect(seen(sale, '2026-11-26T23:59Z')).toBe('closed until 2026-11-27T00:00');
    expect(seen(sale, '2026-11-27T00:00Z')).toBe('open since 2026-11-27T00:00 until 2026-11-28T00:00');
    expect(seen(sale, '2026-11-28T00:00Z')).toBe('closed until null');
  });

  it('is never open when it ends before it starts', () => {
    expect(seen(once('2026-11-28T00:00Z', '2026-11-27T00:00Z'), '2026-11-01T00:00Z')).toBe(
      'closed until null',
    );
  });
});

describe('an hour that is skipped or doubled in Berlin', () => {
  const berlin = (start: string, end: string) => recurring(start, end, { timeZone: 'Europe/Berlin' });

  it('loses no start: it counts when the clock has jumped', () => {
    expect(seen(berlin('30 2 * * *', '0 6 * * *'), '2026-03-29T01:00Z')).toBe(
      'open since 2026-03-29T01:00 until 2026-03-29T04:00',
    );
  });

  it('loses no end: it counts when the clock has jumped', () => {
    expect(seen(berlin('0 22 * * *', '30 2 * * *'), '2026-03-29T00:30Z')).toBe(
      'open since 2026-03-28T21:00 until 2026-03-29T01:00',
    );
  });

  it('leaves out a window that lies in the skipped hour, and keeps one open that only pauses in it', () => {
    expect(seen(berlin('10 2 * * *', '50 2 * * *'), '2026-03-29T01:00Z')).toBe(
      'closed until 2026-03-30T00:10',
    );
    expect(seen(berlin('50 2 * * *', '10 2 * * *'), '2026-03-29T01:00Z')).toBe(
      'open since 2026-03-29T01:00 until 2026-03-30T00:10',
    );
  });

  it('opens once, at the first of two', () => {
    const window = berlin('30 2 * * *', '0 6 * * *');
    expect(seen(window, '2026-10-25T00:29Z')).toBe('closed until 2026-10-25T00:30');
    expect(seen(window, '2026-10-25T00:30Z')).toBe('open since 2026-10-25T00:30 until 2026-10-25T05:00');
    expect(seen(window, '2026-10-25T01:10Z')).toBe('open since 2026-10-25T00:30 until 2026-10-25T05:00');
  });

  it('closes once, at the first of two, and does not open again when the clock shows its start again', () => {
    const window = berlin('0 2 * * *', '30 2 * * *');
    expect(seen(window, '2026-10-25T00:29Z')).toBe('open since 2026-10-25T00:00 until 2026-10-25T00:30');
    expect(seen(window, '2026-10-25T01:10Z')).toBe('closed until 2026-10-26T01:00');
  });

  it('comes for a pattern of every hour too, where cron libraries differ', () => {
    const window = berlin('0 * * * *', '30 * * * *');
    expect(seen(window, '2026-10-25T01:10Z')).toBe('closed until 2026-10-25T02:00');
    expect(seen(window, '2026-03-29T00:45Z')).toBe('closed until 2026-03-29T01:00');
  });
});

describe('zones with habits of their own', () => {
  test.each([
    // Half an hour back at 02:00, half an hour on.
    { zone: 'Australia/Lord_Howe', start: '15 2 * * *', on: '2026-10-04', opens: '2026-10-03T15:30' },
    { zone: 'Australia/Lord_Howe', start: '45 1 * * *', on: '2026-04-05', opens: '2026-04-04T14:45' },
    // The whole of 30 December 2011 was left out.
    { zone: 'Pacific/Apia', start: '0 13 30 12 *', on: '2011-12-30', opens: '2011-12-30T10:00' },
    // Two hours, at once.
    { zone: 'Antarctica/Troll', start: '0 2 * * *', on: '2026-03-29', opens: '2026-03-29T01:00' },
    // Midnight itself is left out.
    { zone: 'Africa/Cairo', start: '0 0 * * *', on: '2026-04-24', opens: '2026-04-23T22:00' },
    // The clock goes back for Ramadan.
    { zone: 'Africa/Casablanca', start: '30 2 * * *', on: '2026-02-15', opens: '2026-02-15T01:30' },
    { zone: 'Asia/Kolkata', start: '0 9 * * *', on: '2026-11-20', opens: '2026-11-20T03:30' },
    { zone: 'Pacific/Chatham', start: '45 2 * * *', on: '2026-09-27', opens: '2026-09-26T14:00' },
  ])('$start of $on in $zone is at $opens', ({ zone, start, opens }) => {
    const schedule = recurring(start, '0 12 * * *', { timeZone: zone });
    const instantOf = at(`${opens}Z`);
    expect(seen(schedule, `${opens}Z`)).toMatch(`open since ${opens}`);
    expect(cronerCalendar().at(schedule, instant(instantOf - 1)).changesAt).toBe(instantOf);
  });
});

describe('holidays', () => {
  const holidays = ['2026-12-25', '2026-12-26'];
  const window = (
    onHolidays: ScheduleWindow['onHolidays'],
    more: Partial<ScheduleWindow> = {},
  ): Schedule => ({
    ...recurring('0 8 * * *', '0 18 * * *', { onHolidays, ...more }),
    holidays,
  });

  it('are days like any other unless the window says so', () => {
    expect(isOpen(window('as-usual'), '2026-12-25T12:00Z')).toBe(true);
  });

  it('can be left out', () => {
    expect(seen(window('skip'), '2026-12-25T12:00Z')).toBe('closed until 2026-12-27T08:00');
    expect(isOpen(window('skip'), '2026-12-24T12:00Z')).toBe(true);
  });

  it('can be the only days', () => {
    expect(seen(window('only'), '2026-12-01T12:00Z')).toBe('closed until 2026-12-25T08:00');
    expect(seen(window('only'), '2026-12-26T12:00Z')).toBe(
      'open since 2026-12-26T08:00 until 2026-12-26T18:00',
    );
    expect(seen(window('only'), '2026-12-27T12:00Z')).toBe('closed until null');
  });

  it('count by the local date of the start, not by that of the end', () => {
    const night: Schedule = {
      ...recurring('0 22 * * *', '0 6 * * *', { onHolidays: 'skip', timeZone: 'America/New_York' }),
      holidays: ['2026-12-25'],
    };
    expect(isOpen(night, '2026-12-25T05:00Z')).toBe(true); // midnight, of the night that began on the 24th
    expect(isOpen(night, '2026-12-26T04:00Z')).toBe(false); // 23:00 of the 25th
  });

  it('end a window that was open before as on any other day', () => {
    expect(isOpen(window('only'), '2026-12-25T18:00Z')).toBe(false);
    expect(
      isOpen(
        window('skip', { times: { kind: 'recurring', start: '0 8 24 12 *', end: '0 12 25 12 *' } }),
        '2026-12-25T12:00Z',
      ),
    ).toBe(false);
  });
});

describe('several windows', () => {
  const schedule = aSchedule([
    { name: 'day', timeZone: 'UTC', times: { kind: 'recurring', start: '0 8 * * *', end: '0 18 * * *' } },
    { name: 'lunch', timeZone: 'UTC', times: { kind: 'recurring', start: '0 12 * * *', end: '0 13 * * *' } },
    { name: 'sale', times: { kind: 'once', from: at('2026-11-20T12:30Z'), to: at('2026-11-20T13:30Z') } },
  ]);

  it('change when the first of them does', () => {
    const calendar = cronerCalendar();
    const changes: string[] = [];
    for (let now = at('2026-11-20T00:00Z'); changes.length < 7; ) {
      const { open, changesAt } = calendar.at(schedule, now);
      changes.push(`${iso(now)?.slice(11)} ${open.map(({ name }) => name).join(', ') || 'none'}`);
      if (changesAt === null) break;
      now = changesAt;
    }
    expect(changes).toEqual([
      '00:00 none',
      '08:00 day',
      '12:00 day, lunch',
      '12:30 day, lunch, sale',
      '13:00 day, sale',
      '13:30 day',
      '18:00 none',
    ]);
  });

  it('are told of in any order of questions', () => {
    const calendar = cronerCalendar();
    const times = ['13:15', '07:00', '12:45', '23:00', '12:45', '08:00', '07:59'];
    for (const time of times) {
      const when = at(`2026-11-20T${time}Z`);
      expect(calendar.at(schedule, when)).toEqual(cronerCalendar().at(schedule, when));
    }
  });

  it('are answered from memory until they change', () => {
    const calendar = cronerCalendar();
    const first = calendar.at(schedule, at('2026-11-20T08:00Z'));
    expect(calendar.at(schedule, at('2026-11-20T11:59:59.999Z'))).toBe(first);
    expect(calendar.at(schedule, at('2026-11-20T12:00Z'))).not.toBe(first);
  });

  it('are none in an empty schedule', () => {
    expect(cronerCalendar().at(aSchedule([]), at('2026-11-20T08:00Z'))).toEqual({
      open: [],
      changesAt: null,
    });
  });
});

it('keeps apart more expressions than it keeps parsed', () => {
  const calendar = cronerCalendar();
  const schedules = Array.from({ length: 150 }, (_, index) => {
    const [hour, minute] = [Math.floor(index / 60), index % 60];
    return recurring(`${minute} ${hour} * * *`, `${minute} ${hour + 12} * * *`);
  });
  for (const day of ['20', '21', '22']) {
    const opened = schedules.map(
      (schedule) => calendar.at(schedule, at(`2026-11-${day}T11:00Z`)).open[0]?.since,
    );
    const starts = schedules.map((_, index) => at(`2026-11-${day}T00:00Z`) + index * 60_000);
    expect(opened).toEqual(starts);
  }
});
