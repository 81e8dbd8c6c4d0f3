import { describe, expect, it } from 'vitest';
import { parseStartOptions } from '../../../functions/local/start-options.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';

/** What the command line's parser hands over when nothing is asked for. */
const DEFAULTS = {
  _: [],
  policies: 'policies',
  trace: 'wc98',
  speed: '60',
  seed: '1',
  port: '3006',
  json: false,
  headless: false,
};

const parsed = (given: Readonly<Record<string, unknown>>) => parseStartOptions({ ...DEFAULTS, ...given });

function problemsOf(given: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    parsed(given);
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    expect(error).toMatchObject({ code: 'invalid', retryable: false });
    return error.message.split('\n');
  }
  return [];
}

describe('the options of npm start', () => {
  it('have defaults', () => {
    expect(parsed({})).toEqual({
      policies: 'policies',
      trace: 'wc98',
      speed: 60,
      seed: 1,
      port: 3006,
      json: false,
      headless: false,
    });
  });

  it.each([
    ['speed', 'max', 'max'],
    ['speed', '0.5', 0.5],
    ['speed', '3600', 3600],
    ['for', '1m', 60],
    ['for', '90m', 5400],
    ['for', '1.5h', 5400],
    ['for', '2d', 172_800],
    ['from', '0h', 0],
    ['from', '30s', 30],
    ['from', '432h', 1_555_200],
    ['seed', '0', 0],
    ['port', '0', 0],
    ['port', '65535', 65_535],
    ['unit-capacity', '12.5', 12.5],
    ['trace', './mine.csv', './mine.csv'],
  ])('take --%s %s', (name, text, value) => {
    expect(parsed({ [name]: text })).toMatchObject({ [name]: value });
  });

  it.each([
    ['speed', '', 'write a factor such as 60, or max'],
    ['speed', '-1', 'write a factor such as 60, or max'],
    ['speed', 'MAX', 'write a factor such as 60, or max'],
    ['speed', '3601', 'write a factor above 0 and up to 3600, or max'],
    ['for', '24', 'write a number and a unit, such as 90m, 24h or 2d'],
    ['for', '30s', 'a replay takes at least 1m'],
    ['from', '-1h', 'write a number and a unit, such as 90m, 24h or 2d'],
    ['seed', '1.5', 'write a whole number, 0 or more'],
    ['seed', '9007199254740993', 'write a whole number, 0 or more'],
    ['port', '80.5', 'write a port from 0 to 65535'],
    ['port', 'http', 'write a port from 0 to 65535'],
    ['unit-capacity', '0', 'write a load above 0'],
    ['unit-capacity', 'x', 'write the load that one unit carries at target'],
  ])('refuse --%s %s', (name, value, fix) => {
    expect(problemsOf({ [name]: value })).toEqual([`--${name} ${value}: ${fix}`]);
  });

  it('name everything that is wrong at once', () => {
    expect(problemsOf({ speed: 'fast', port: '-1', _: ['web', 'api'] })).toEqual([
      '--speed fast: write a factor such as 60, or max',
      '--port -1: write a port from 0 to 65535',
      'web: belongs to no option; write --name value',
      'api: belongs to no option; write --name value',
    ]);
  });

  it('name an unknown option, and not the value after it', () => {
    expect(problemsOf({ sped: true, _: ['60'] })).toEqual([
      '--sped: is not an option; npm start -- --help lists them',
    ]);
  });

  it('read the second spelling that the parser adds as the same option', () => {
    expect(parsed({ 'unit-capacity': '5', unitCapacity: '5' })).toMatchObject({ 'unit-capacity': 5 });
  });
});
