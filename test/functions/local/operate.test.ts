import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalApi, serveLocalApi } from '../../../functions/local/local-api.ts';
import { checkNeeds, type OperateCommand } from '../../../functions/local/operate/needed.ts';
import { type OperateFlag, parseOperateOptions } from '../../../functions/local/operate/options.ts';
import { runClear, runEmergency, runList, runPlan, runSet } from '../../../functions/local/operate/run.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { AWorld } from '../../support/a-world.ts';

const FLAGS: readonly OperateFlag[] = [
  'service',
  'all',
  'size',
  'direction',
  'percent',
  'reason',
  'expires-in',
  'force',
  'url',
  'json',
];

let world: AWorld;
let api: LocalApi;
beforeEach(async () => {
  world = new AWorld([
    aPolicy({ coreSize: 3 }),
    aPolicy({ name: 'shop', target: { kind: 'ecs-service', cluster: 'prod', service: 'shop' } }),
  ]);
  world.measure('cpu', 70);
  api = await serveLocalApi(world.deps, 0, '1.2.3');
});
afterEach(() => api.close());

/** Runs a command as it is typed; exit code and lines. */
async function type(run: typeof runSet, line: string) {
  const args = (line.match(/"[^"]*"|\S+/g) ?? []).map((arg) => arg.replaceAll('"', ''));
  const lines: string[] = [];
  const code = await run(parseOperateOptions('override set', FLAGS, [...args, '--url', api.url]), (text) =>
    lines.push(text),
  );
  return { code, lines };
}

describe('plimsoll override', () => {
  it('sets, lists and clears overrides of a running controller', async () => {
    expect(await type(runList, '')).toEqual({ code: 0, lines: ['No override is in force.'] });
    const floor = 'web: floor 8 until 2026-11-20 12:00 UTC, set by local: sale at noon.';
    expect(
      await type(runSet, 'floor --service web --size 8 --reason "sale at noon" --expires-in 2h'),
    ).toEqual({
      code: 0,
      lines: [`${floor} 4 → 8. The size 4 is below the minimum of 8 that an operator set.`],
    });
    expect(await type(runSet, 'pause --all --reason "change freeze"')).toMatchObject({ code: 0 });
    expect((await type(runList, '')).lines).toEqual([
      'every target: pause out and in until 2026-11-20 11:00 UTC, set by local: change freeze.',
      floor,
    ]);
    expect((await type(runClear, 'floor --service web')).lines[0]).toBe(`Cleared: ${floor}`);
    expect((await type(runClear, '--all')).lines).toHaveLength(2);
    expect(await type(runList, '--service web')).toMatchObject({ lines: ['No override is in force.'] });
  });

  it('clears everything, with a line for each, and fails when some of it stays', async () => {
    await type(runEmergency, 'boost --all --reason "the queue is full"');
    world.settle();
    const boost = (who: string) =>
      `Cleared: ${who}: floor 6 until 2026-11-20 10:30 UTC, set by local: emergency boost: the queue is full.`;
    const { code, lines } = await type(runClear, '--all');
    expect(code).toBe(0);
    expect(lines.slice(0, 2)).toEqual([boost('web'), boost('shop')]);
    expect(lines.slice(2)).toEqual([expect.stringMatching(/^web: /), expect.stringMatching(/^shop: /)]);
    await type(runSet, 'floor --service web --size 7 --reason x');
    await type(runSet, 'pause --all --reason x');
    const commit = world.ledger.commit.bind(world.ledger);
    world.ledger.commit = (wish) =>
      wish.target.endsWith('/web')
        ? Promise.reject(new ControllerError('throttled', 'slow down', { retryable: true }))
        : commit(wish);
    expect(await type(runClear, '--all')).toEqual({
      code: 1,
      lines: [
        'Cleared: every target: pause out and in until 2026-11-20 11:00 UTC, set by local: x.',
        'every target: Whom it held back is asked with the next tick, within a minute.',
        'web: NOT CLEARED (unavailable): slow down',
      ],
    });
  });

  it('prints the data as JSON when it is asked to', async () => {
    for (const [run, line] of [
      [runSet, 'floor --service web --size 25 --reason "more than ever before" --force --json'],
      [runList, '--json'],
      [runClear, '--service web --json'],
      [runEmergency, 'boost --service web --reason x --json'],
    ] as const) {
      const { lines } = await type(run, line);
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0] ?? '')).toBeTypeOf('object');
    }
  });

  it('is refused with the sentence of the API', async () => {
    await expect(type(runSet, 'floor --service web --size 21 --reason x')).rejects.toThrow(/maximum of 20/);
    await expect(type(runSet, 'floor --service web --size six --reason x')).rejects.toThrow(
      /size must be a whole number/,
    );
    await expect(type(runSet, '--service web --size 6 --reason x')).rejects.toThrow(/kind is missing/);
  });
});

describe('what was forgotten', () => {
  const refusalOf = (command: OperateCommand, ...args: readonly string[]) => {
    try {
      checkNeeds(command, parseOperateOptions(command, FLAGS, args));
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  };

  it('is named at once, before a controller is asked', () => {
    expect(refusalOf('override set', 'floor')).toBe(
      'override set: --service or --all is missing; --size is missing (how many units); --reason is missing (say why)',
    );
    expect(refusalOf('emergency', 'bost', '--all', '--reason', 'x')).toBe(
      'emergency: bost is not known (did you mean boost?)',
    );
    expect(refusalOf('override clear', 'roof', '--all')).toBe(
      'override clear: roof is not known (name pin, floor, ceiling or pause)',
    );
    expect(refusalOf('override list', 'web')).toBe('web: override list takes no word (leave it out)');
  });

  it('is nothing where all is there', () => {
    for (const line of [
      'set pause --all --reason x',
      'set pin --size 3 --service web --reason x',
      'clear --all',
    ]) {
      const [command, ...args] = line.split(' ');
      expect(refusalOf(`override ${command}` as OperateCommand, ...args)).toBeNull();
    }
  });

  it('is told in the words of the command line when there is nothing to clear', async () => {
    await expect(type(runClear, '--service web')).rejects.toThrow(
      'no such override is in force (plimsoll override list shows those that are)',
    );
  });
});

describe('plimsoll emergency', () => {
  it('prints a line per target, and fails when one was not reached', async () => {
    const boost = await type(runEmergency, 'boost --all --percent 100 --reason "the queue is full"');
    expect(boost.code).toBe(0);
    expect(boost.lines[0]).toBe(
      'web: 4 and 100 % more is 8, so not below 8. 4 → 8. The size 4 is below the minimum of 8 that an operator set. Until 2026-11-20 10:30 UTC.',
    );
    await type(runClear, '--service web');
    world.settle();
    const breaker = await type(runEmergency, 'circuit-breaker --all --reason "the database is down"');
    expect(breaker.code).toBe(1);
    expect(breaker.lines[1]).toMatch(/^shop: NOT DONE \(no-core-size\): Policy shop declares no core size/);
  });

  it('tells why for each target when it reached none', async () => {
    for (const service of world.services.values()) service.gone = true;
    await expect(type(runEmergency, 'boost --all --reason x')).rejects.toThrow(/web: MISSING\nshop: MISSING/);
  });
});

describe('the options', () => {
  it.each([
    ['--url', ['--url', 'nonsense'], 'is not a URL'],
    ['a stray word', ['floor', 'web'], 'web: belongs to no option'],
    ['an unknown option', ['--sise', '3'], "Unknown option '--sise'"],
  ])('refuse %s', (_, args, sentence) => {
    expect(() => parseOperateOptions('override set', FLAGS, args)).toThrow(sentence);
  });

  it('go to the controller of local mode unless another is named', () => {
    expect(parseOperateOptions('override list', FLAGS, [])).toEqual({
      word: null,
      url: 'http://127.0.0.1:3006',
      json: false,
      fields: {},
    });
  });

  it('say so when no controller answers, or something else does', async () => {
    const nobody = { word: null, url: 'http://127.0.0.1:9', json: false, fields: {} };
    await expect(runList(nobody, () => {})).rejects.toThrow(/no controller answers there/);
  });
});

describe('plimsoll plan', () => {
  it('says so where no application is declared, and refuses one that there is not', async () => {
    expect(await type(runPlan, '')).toEqual({ code: 0, lines: ['No application is declared.'] });
    await expect(type(runPlan, 'shop')).rejects.toThrow('No application is named "shop"; none is declared.');
  });
});
