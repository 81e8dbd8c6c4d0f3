import { describe, expect, it } from 'vitest';
import { checkCron, parseLocalTime } from '../../shared/config/cron.ts';

describe('a cron expression', () => {
  it.each([
    '0 8 * * 1-5',
    '0 8 * * mon-fri',
    '  0  8 * * 1,3,5 ',
    '*/15 0-23/2 1 jan-mar *',
    '0 0 29 2 *',
    '0 0 29 2 +1',
    '0 0 L * *',
    '0 9 15W * *',
    '0 9 * * 5#2',
    '0 0 * * 7',
  ])('is right: %s', (expression) => {
    expect(checkCron(expression, 'Europe/Berlin')).toBeNull();
  });

  it.each([
    ['0 0 8 * * 1-5', /has 6 fields, but time is looked at by the minute.*\(write five: minute, hour/],
    ['0 0 8 * * 1-5 2026', /has 7 fields/],
    ['0 8 * *', /has 4 fields \(write five/],
    ['daily', /has 1 field \(write five/],
    [' ', /has no field \(write five/],
    ['@daily', /is a nickname \(write its five fields/],
    ['0 8 ? * 1', /has a "\?" \(write \* for every value\)/],
    ['0 24 * * *', /is no cron expression: Invalid value for hour: 24 \(write minute/],
    ['60 0 * * *', /is no cron expression/],
    ['0 0 32 * *', /is no cron expression/],
    ['0 0 0 * *', /is no cron expression/],
    ['0 0 * 13 *', /is no cron expression/],
    ['0 0 * * 8', /is no cron expression/],
    ['0 22-2 * * *', /is no cron expression/],
    ['5/5 * * * *', /is no cron expression/],
    ['*/0 * * * *', /is no cron expression/],
    ['0 8 * * 1-', /is no cron expression/],
    ['0 8 * * 1,,2', /is no cron expression/],
    ['0 8 * * monday', /is no cron expression/],
    ['0 -1 * * *', /is no cron expression/],
    ['0 1.5 * * *', /is no cron expression/],
    ['0 0 31 2 *', /never happens \(choose a day that its months have\)/],
    ['0 0 31 4,6,9,11 *', /never happens/],
    ['0 0 30 2 +1', /never happens/],
  ])('is refused with its fix: %s', (expression, problem) => {
    expect(checkCron(expression, 'UTC')).toMatch(problem);
  });

  it('is refused in a zone that nobody knows, with the nearest one', () => {
    expect(checkCron('0 8 * * *', 'Europe/Berln')).toBe(
      '"Europe/Berln" is no IANA time zone (did you mean "Europe/Berlin"?)',
    );
  });
});

describe('a local time', () => {
  const iso = (written: string, zone: string) => {
    const at = parseLocalTime(written, zone);
    return at === null ? null : new Date(at).toISOString();
  };

  it.each([
    ['2026-12-24T18:00', 'Europe/Berlin', '2026-12-24T17:00:00.000Z'],
    [' 2026-12-24 18:00:30 ', 'Asia/Kolkata', '2026-12-24T12:30:30.000Z'],
    ['2024-02-29T00:00', 'Pacific/Chatham', '2024-02-28T10:15:00.000Z'],
  ])('%s in %s is %s', (written, zone, at) => {
    expect(iso(written, zone)).toBe(at);
  });

  it('that is skipped is the first instant after the gap', () => {
    expect(iso('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z');
    expect(iso('2011-12-30T09:00', 'Pacific/Apia')).toBe('2011-12-30T10:00:00.000Z');
  });

  it('that occurs twice is the first of the two', () => {
    expect(iso('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  });

  it.each([
    '2026-02-30T00:00',
    '2026-02-29T00:00',
    '2026-13-01T00:00',
    '2026-12-24T24:00',
    '2026-12-24T18:60',
    '2026-12-24',
    '18:00',
    '2026-12-24T18:00Z',
    '2026-12-24T18:00+01:00',
    'tomorrow',
  ])('is not %s', (written) => {
    expect(parseLocalTime(written, 'UTC')).toBeNull();
  });
});
