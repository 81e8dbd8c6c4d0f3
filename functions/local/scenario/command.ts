import { parseArgs } from 'node:util';
import { formatProblem } from '../../../shared/config/problem.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import type { Command } from '../command-line.ts';
import type { Scenario } from './scenario.ts';

const USAGE = 'npm run -s plimsoll -- scenario --help';

/** `plimsoll scenario`; what it needs is loaded when it runs. */
export const scenarioCommand = (guarded: (run: () => Promise<void>) => Promise<void>): Command => ({
  meta: {
    name: 'scenario',
    description: 'Run scenario files against a simulated account: exit 1 when an expectation is not met',
  },
  args: {
    'file…': { type: 'positional', description: 'Scenario files, as docs/scenarios.md describes them' },
    json: { type: 'boolean', description: 'One JSON object per file' },
    seeds: { type: 'string', description: 'Run each file with so many seeds', valueHint: 'N' },
  },
  run: ({ rawArgs }) =>
    guarded(async () => {
      process.exitCode = await runScenarios(rawArgs, (line) => process.stdout.write(`${line}\n`));
    }),
});

interface Arguments {
  readonly files: readonly string[];
  readonly json: boolean;
  /** Null = as each file says. */
  readonly seeds: number | null;
}

function argumentsOf(rawArgs: readonly string[]): Arguments {
  const { values, positionals: files } = parsed(rawArgs);
  if (files.length === 0)
    throw refusal(`scenario: names no file (write scenario test/scenarios/*.yaml; ${USAGE})`);
  const { json = false, seeds } = values;
  if (seeds !== undefined && !/^[1-9]\d{0,4}$/.test(seeds))
    throw refusal(`--seeds ${seeds}: is no whole number from 1 to 99999`);
  return { files, json, seeds: seeds === undefined ? null : Number(seeds) };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, seeds: { type: 'string' } },
    });
  } catch (error) {
    const why = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw refusal(`${why} (scenario takes --json and --seeds N; ${USAGE})`);
  }
}

/**
 * Runs scenario files, each after the other; a file with a mistake stops all of them before the first run.
 * @returns the exit code: 1 when a file has a mistake or an expectation is not met.
 * @throws ControllerError `invalid` for an argument that is none.
 */
export async function runScenarios(rawArgs: readonly string[], out: (line: string) => void): Promise<number> {
  const { files, json, seeds } = argumentsOf(rawArgs);
  const { loadScenario } = await import('./load-scenario.ts');
  const loaded = await Promise.all(files.map(loadScenario));
  const problems = loaded.flatMap((each) => ('problems' in each ? each.problems : []));
  for (const problem of problems) out(formatProblem(problem));
  if (problems.length > 0) return 1;
  const scenarios = loaded.flatMap((each): readonly Scenario[] =>
    'scenario' in each ? [each.scenario] : [],
  );
  const { playScenario } = await import('./play.ts');
  const { jsonOf, reportOf } = await import('./report.ts');
  let passed = 0;
  for (const scenario of scenarios) {
    const result = await playScenario(withSeeds(scenario, seeds));
    if (result.passed) passed += 1;
    out(json ? JSON.stringify(jsonOf(result)) : `${reportOf(result)}\n`);
  }
  if (!json) out(`${passed} passed, ${scenarios.length - passed} failed`);
  return passed === scenarios.length ? 0 : 1;
}

const withSeeds = (scenario: Scenario, count: number | null): Scenario =>
  count === null || scenario.crash !== null
    ? scenario
    : { ...scenario, seeds: { first: scenario.seeds.first, count } };

const refusal = (message: string): ControllerError =>
  new ControllerError('invalid', message, { retryable: false });
