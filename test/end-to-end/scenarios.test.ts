import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runScenarios } from '../../functions/local/scenario/command.ts';
import { loadScenario } from '../../functions/local/scenario/load-scenario.ts';
import { playScenario } from '../../functions/local/scenario/play.ts';
import { failureText, jsonOf, reportOf } from '../../functions/local/scenario/report.ts';
import type { Scenario } from '../../functions/local/scenario/scenario.ts';

const FOLDER = 'test/scenarios';
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

/** Every await of a plan takes its time on a small machine. */
const PATIENCE_MILLIS = 400_000;

async function load(file: string): Promise<Scenario> {
  const loaded = await loadScenario(`${FOLDER}/${file}`);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.scenario;
}

describe('the scenarios that come with Plimsoll', () => {
  it.each(FILES)('%s ends as it says', { timeout: PATIENCE_MILLIS }, async (file) => {
    const { variants } = await playScenario(await load(file));
    expect(variants.flatMap(({ failures }) => failures.map(failureText))).toEqual([]);
    expect(variants.every(({ runs, passed }) => runs === passed)).toBe(true);
  });
});

describe('a run', () => {
  it('is the same for the same seed, and another for another one', async () => {
    const scenario = await load('throttled-storm.yaml');
    const play = async (first: number) => {
      const { wallSeconds: _, ...result } = jsonOf(
        await playScenario({ ...scenario, seeds: { first, count: 1 } }),
      ) as { readonly wallSeconds: number };
      return JSON.stringify(result);
    };
    const once = await play(7);
    expect(await play(7)).toBe(once);
    expect(await play(8)).not.toBe(once);
  });

  it('comes to the same over the embedded DynamoDB', async () => {
    const scenario = await load('deployment-at-peak.yaml');
    const [memory] = (await playScenario(scenario)).variants;
    const [table] = (await playScenario({ ...scenario, ledger: 'dynalite' })).variants;
    expect(table?.shown.timeline).toEqual(memory?.shown.timeline);
    expect(table?.failures).toEqual([]);
  });

  it('names the second, the value and what was expected where it fails', async () => {
    const scenario = await load('deployment-at-peak.yaml');
    const expectation = { kind: 'always', measure: 'web.desired', atMost: 4 } as const;
    const result = await playScenario({ ...scenario, main: { ...scenario.main, expect: [expectation] } });
    expect(result.passed).toBe(false);
    expect(reportOf(result)).toMatch(
      /^FAILED {2}deployment-at-peak[\s\S]*✗ at \d\d:\d\d: web\.desired is 5; expected: web\.desired always at most 4$/m,
    );
  });

  it('shows both variants of a comparison side by side', async () => {
    const text = reportOf(await playScenario(await load('cold-cache.yaml')));
    expect(text).toMatch(/cache\.hitRate {2,}this scenario/);
    expect(text).toMatch(/^ +without warming +\d/m);
  });
});

describe('the command', () => {
  it('prints one JSON object per file, and exits 0', async () => {
    const lines: string[] = [];
    const files = ['cold-cache', 'deployment-at-peak'].map((name) => `${FOLDER}/${name}.yaml`);
    expect(await runScenarios([...files, '--json'], (line) => lines.push(line))).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { name: 'cold-cache', passed: true, variants: [{ name: null }, { name: 'without warming' }] },
      { name: 'deployment-at-peak', passed: true, variants: [{ runs: 1, passed: 1, failures: [] }] },
    ]);
  });

  it('says how it is called when it names no file', async () => {
    await expect(runScenarios([], () => {})).rejects.toThrow(/names no file/);
    await expect(runScenarios(['--fast'], () => {})).rejects.toThrow(
      /'--fast'.*scenario takes --json and --seeds/,
    );
  });
});
