import { parseArgs } from 'node:util';
import { MemoryLedger } from '../../shared/adapters/memory/memory-ledger.ts';
import { SILENT_TELEMETRY } from '../../shared/adapters/memory/silent-telemetry.ts';
import { loadPolicies } from '../../shared/config/load-policies.ts';
import { nearest } from '../../shared/config/nearest.ts';
import { policyRefusal } from '../../shared/config/problem.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { instant } from '../../shared/core/time.ts';
import type { WarmPlan } from '../../shared/core/warm-plan.ts';
import { type WarmReport, type WarmRun, warmSentence } from '../../shared/core/warm-state.ts';
import { warmCache } from '../../shared/usecases/warm-cache.ts';
import { warmParts } from '../runtime/warm-parts.ts';

/** What `warm` was asked for. */
export interface WarmOptions {
  readonly plan: string;
  readonly policies: string;
  readonly json: boolean;
}

/** Where a command writes: its answer, and how far it is. */
export interface WarmOutput {
  readonly line: (text: string) => void;
  readonly progress: (text: string) => void;
}

/**
 * Reads the arguments of `warm`.
 * @throws ControllerError `invalid` that names the argument that is wrong, and the fix.
 */
export function parseWarmOptions(rawArgs: readonly string[]): WarmOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...rawArgs],
      options: {
        policies: { type: 'string', default: 'policies' },
        json: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    const [plan, stray] = positionals;
    if (plan === undefined) throw invalid('warm: names no plan (write warm PLAN)');
    if (stray !== undefined) throw invalid(`${stray}: belongs to no option (one plan at a time)`);
    return { plan, policies: values.policies, json: values.json };
  } catch (error) {
    if (error instanceof ControllerError) throw error;
    const [problem] = String(error instanceof Error ? error.message : error).split('. ');
    throw invalid(`${problem} (npm run -s plimsoll -- warm --help)`, error);
  }
}

/**
 * `warm PLAN`: runs a plan from this machine, against the cache and the sources that it names. Exit code 0 when all of it is warm, 1
 * when some of it is not.
 * @throws ControllerError `invalid` for policies with problems and for a plan that there is not.
 */
export async function runWarmCommand(
  { plan: name, policies, json }: WarmOptions,
  { line, progress }: WarmOutput,
): Promise<number> {
  const plan = await planNamed(name, policies);
  const deps = {
    ...warmParts(new MemoryLedger(), SILENT_TELEMETRY),
    onProgress: (run: WarmRun) => progress(progressOf(run)),
  };
  const deadline = instant(Number.MAX_SAFE_INTEGER);
  const outcome = await warmCache(deps, { plan, reason: 'by hand, from this machine', unit: null, deadline });
  // Nobody else has this ledger, and the time has no end.
  if (outcome.kind !== 'ended') throw invalid(`${name}: the run was ${outcome.kind}`);
  const { report } = outcome;
  if (json) line(JSON.stringify(report));
  else for (const text of inWords(plan, report)) line(text);
  return report.outcome === 'completed' ? 0 : 1;
}

async function planNamed(name: string, path: string): Promise<WarmPlan> {
  const { warmPlans, problems } = await loadPolicies([path]);
  if (problems.length > 0) throw policyRefusal(problems);
  const plan = warmPlans.find((each) => each.name === name);
  if (plan !== undefined) return plan;
  const names = warmPlans.map((each) => each.name);
  const near = nearest(name, names);
  const fix = near === null ? `there are: ${names.join(', ') || 'none'}` : `did you mean ${near}?`;
  throw invalid(`${name}: is not a warm plan in ${path} (${fix})`);
}

function progressOf({ items }: WarmRun): string {
  const parts = items.map(
    ({ name, keys, kept, state }) => `${name} ${keys + kept} keys${state === 'open' ? '' : `, ${state}`}`,
  );
  return parts.join('; ');
}

function inWords(plan: WarmPlan, report: WarmReport): readonly string[] {
  const items = report.items.map(({ name, state, keys, kept, queries, faults, said }) => {
    const errors = Object.entries(faults).map(([fault, count]) => `${count} ${fault}`);
    const why = said.length === 0 ? '' : ` (${said.join(' ')})`;
    return `  ${name}: ${state}, ${keys} written, ${kept} kept, ${queries} queries${errors.length === 0 ? '' : `, ${errors.join(', ')}${why}`}`;
  });
  return [`${plan.name}: ${report.outcome}. ${warmSentence(report)}`, ...items];
}

const invalid = (message: string, cause?: unknown): ControllerError =>
  new ControllerError('invalid', message, { retryable: false, cause });
