import { describe, expect, it } from 'vitest';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { parseTrace } from '../../shared/simulation/trace-csv.ts';

const csv = (...lines: readonly string[]): string => ['epoch_seconds,value', ...lines, ''].join('\n');

const problemOf = (text: string): string => {
  try {
    parseTrace(text, 'load.csv');
  } catch (error) {
    expect(error).toBeInstanceOf(ControllerError);
    return (error as ControllerError).message;
  }
  return 'no problem';
};

describe('a trace', () => {
  it('is read with its start, its step and its values', () =>
    expect(parseTrace(csv('600,1', '660,2.5', '720,0'), 'load.csv')).toEqual({
      file: 'load.csv',
      startSeconds: 600,
      stepSeconds: 60,
      values: [1, 2.5, 0],
    }));

  it('may have Windows line ends, a byte order mark and blank lines at the end', () =>
    expect(parseTrace('\uFEFFepoch_seconds,value\r\n0,1\r\n60,2\r\n\r\n', 'load.csv').values).toEqual([
      1, 2,
    ]));
});

describe('a bad trace is refused with place, value and fix', () => {
  it.each([
    [
      'an empty file',
      '',
      'load.csv:1: "" is not the header (start the file with the line epoch_seconds,value)',
    ],
    ['another header', 'time,load\n0,1\n60,2', 'load.csv:1: "time,load" is not the header'],
    ['no values', csv(), 'load.csv:1: end of file comes too early (a trace needs two values or more)'],
    ['one value', csv('0,1'), 'load.csv:2: end of file comes too early'],
    [
      'text for a load',
      csv('0,1', '60,many'),
      'load.csv:3: "many" is not a number (write the load of that step',
    ],
    ['a missing load', csv('0,1', '60,'), 'load.csv:3: "" is not a number'],
    ['a hexadecimal load', csv('0,1', '60,0x10'), 'load.csv:3: "0x10" is not a number'],
    ['an infinite load', csv('0,1', '60,1e999'), 'load.csv:3: "1e999" is not a number'],
    ['a date for a time', csv('2026-01-01,1', '60,2'), 'load.csv:2: "2026-01-01" is not a time'],
    ['a negative load', csv('0,1', '60,-4'), 'load.csv:3: "-4" is negative (a load is zero or more)'],
    ['three cells', csv('0,1', '60,2,3'), 'load.csv:3: "60,2,3" is not two cells'],
    ['a blank line inside', csv('0,1', '', '60,2'), 'load.csv:3: "" is not two cells'],
    ['a gap', csv('0,1', '60,2', '240,3'), 'load.csv:4: 240 leaves a gap of 2 × 60 s before it (add 120'],
    [
      'another step',
      csv('0,1', '60,2', '90,3'),
      'load.csv:4: 90 breaks the constant step of 60 s (expected 120)',
    ],
    ['a longer step', csv('0,1', '60,2', '150,3'), 'load.csv:4: 150 breaks the constant step of 60 s'],
    ['a repeated time', csv('60,1', '60,2'), 'load.csv:3: 60 does not come after the line before it'],
    ['times that go back', csv('60,1', '0,2'), 'load.csv:3: 0 does not come after the line before it'],
  ])('%s', (_, text, message) => expect(problemOf(text)).toContain(message));

  it('without repeating a whole line that is very long', () =>
    expect(problemOf(csv('0,1', `60,${'x'.repeat(100_000)}`)).length).toBeLessThan(200));
});
